// Small kinds of check, made to src/probes/kind.ts: enough to read every sort of value.
import { HOUR, MINUTE } from '../../src/core/time/time.ts'
import type { Plan, ProbeKind } from '../../src/probes/kind.ts'

const LOOK: Plan = { does: 'look', probe: async () => ({ ok: true, note: 'fine' }) }

const web: ProbeKind = {
  summary: 'A page answers.',
  example: 'https://www.example',
  configure(settings) {
    settings.targetUrl()
    settings.oneOf('method', ['GET', 'HEAD', 'POST'])
    settings.map('headers')
    settings.login('login')
    settings.integer('redirects', 0, 10)
    settings.scalars('status')
    const contains = settings.text('contains')
    if (contains?.includes('forbidden')) settings.complain('contains', `contains ${contains}`)
    return LOOK
  },
}

const port: ProbeKind = {
  summary: 'A port answers.',
  example: 'mx.example:25',
  defaults: (settings) =>
    settings.targetHostPort().port === 25 ? { every: 5 * MINUTE, slow: 10_000, timeout: 20_000 } : {},
  configure(settings) {
    settings.targetHostPort()
    settings.oneOf('tls', ['starttls', 'direct', 'none'])
    settings.login('login')
    return LOOK
  },
}

export const KINDS: Readonly<Record<string, ProbeKind>> = {
  tls: { ...port, configure: port.configure },
  http: web,
  tcp: port,
  dns: {
    summary: 'A name has an address.',
    example: 'www.example',
    idle: { family: null },
    from: 'any',
    configure(settings) {
      settings.targetHost()
      settings.texts('expect')
      settings.flag('same_serial')
      settings.hostPort('server')
      return LOOK
    },
  },
  heartbeat: {
    summary: 'Somebody pings in time.',
    example: '24h',
    idle: { family: null },
    from: 'any',
    configure(settings) {
      const period = settings.targetDuration()
      return { does: 'wait', period, grace: settings.duration('grace') ?? HOUR, token: settings.text('token') ?? null }
    },
  },
}
