// heartbeat: something that runs elsewhere reports in time. It is pinged, it doesn't look.
import type { Settings } from '../core/settings.ts'
import { MINUTE } from '../core/time/time.ts'
import type { Plan, ProbeKind } from './kind.ts'

const LEAST_GRACE = 5 * MINUTE

export const heartbeat: ProbeKind = {
  summary: 'a job that runs elsewhere (a backup, a cron job) reports in time, and reports success',
  example: '24h',
  from: 'any',
  idle: { family: null, connect: null },
  configure,
}

function configure(settings: Settings): Plan {
  const period = settings.targetDuration()
  const grace = settings.duration('grace') ?? Math.max(LEAST_GRACE, period / 10)
  const token = settings.text('token') ?? null
  if (token !== null && (!/^[\w.~-]{1,512}$/.test(token) || /^\.+$/.test(token))) {
    settings.complain('token', 'a token is of letters, digits, "-", "_", "." and "~": it is part of an address')
  }
  return { does: 'wait', period, grace, token }
}
