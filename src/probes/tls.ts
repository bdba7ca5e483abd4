// tls: a server shows a good certificate, at once or after STARTTLS.
import type { Settings } from '../core/settings.ts'
import { factsNote } from '../net/certificate.ts'
import { FAREWELL, STARTTLS, startTls } from '../net/starttls.ts'
import type { Plan, ProbeKind } from './kind.ts'

export const tls: ProbeKind = {
  summary: 'a server shows a certificate that is in date, for its name, and of a known authority',
  example: 'mail.example.org:993',
  configure,
}

function configure(settings: Settings): Plan {
  const target = settings.targetHostPort()
  const protocol = settings.oneOf('starttls', STARTTLS)
  const name = settings.text('name') ?? target.host
  return {
    does: 'look',
    async probe(look) {
      const plain = await look.dial(target)
      const ready = protocol ? await startTls(protocol, plain, look, name, target.port) : plain
      const { socket, facts, fault } = await look.secure(ready, name)
      if (fault) return { ok: false, reason: 'certificate', note: fault.note, dated: fault.dated, tls: facts }
      if (protocol) socket.end(FAREWELL[protocol])
      return { ok: true, note: factsNote(facts, look.now()), tls: facts }
    },
  }
}
