// tcp: a port is open, and who answers there is who should.

import type { Settings } from '../core/settings.ts'
import { createLines } from '../net/lines.ts'
import type { Plan, ProbeKind } from './kind.ts'

export const tcp: ProbeKind = {
  summary: 'a port accepts connections, and greets as it should',
  example: 'mail.example.org:25',
  configure,
}

function configure(settings: Settings): Plan {
  const target = settings.targetHostPort()
  const banner = settings.text('banner')
  return {
    does: 'look',
    async probe(look) {
      const socket = await look.dial(target)
      if (banner === undefined) return { ok: true, note: 'port open' }
      look.begin('greeting')
      const line = await createLines(socket).next()
      look.mark('greeting')
      if (line.startsWith(banner)) return { ok: true, note: line }
      return { ok: false, reason: 'content', note: `greets with "${line.slice(0, 80)}", not "${banner}"` }
    },
  }
}
