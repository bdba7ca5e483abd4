// pop3: a mailbox can be fetched from.
import type { Settings } from '../core/settings.ts'
import { createPop3 } from '../net/pop3.ts'
import type { Plan, ProbeKind } from './kind.ts'
import { readDoor, visiting } from './mail-door.ts'

export const pop3: ProbeKind = {
  summary: 'mail can be fetched over POP3: greeting, TLS with a good certificate, the login where one is given',
  example: 'mail.example.org:995',
  configure,
}

function configure(settings: Settings): Plan {
  const door = readDoor(settings, settings.targetHostPort())
  return {
    does: 'look',
    probe: visiting({
      door,
      speak: createPop3,
      async after({ dialect, lines }, look, inside) {
        if (!inside) return { words: [] }
        look.begin('select')
        const count = await dialect.count(lines)
        look.mark('select')
        return { words: [count === 1 ? '1 mail' : `${count} mails`] }
      },
    }),
  }
}
