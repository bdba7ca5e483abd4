// imap: a mailbox can be read.
import type { Settings } from '../core/settings.ts'
import { createImap } from '../net/imap.ts'
import type { Plan, ProbeKind } from './kind.ts'
import { readDoor, visiting } from './mail-door.ts'

export const imap: ProbeKind = {
  summary: 'mail can be read over IMAP: greeting, TLS with a good certificate, login and mailbox where they are given',
  example: 'mail.example.org:993',
  configure,
}

function configure(settings: Settings): Plan {
  const door = readDoor(settings, settings.targetHostPort())
  const mailbox = settings.text('mailbox')
  if (mailbox !== undefined && !settings.has('login')) {
    settings.complain('mailbox', 'a mailbox is opened with a login: give `login: { user: …, password: … }`')
  }
  return {
    does: 'look',
    probe: visiting({
      door,
      speak: createImap,
      async after({ dialect, lines }, look, inside) {
        if (mailbox === undefined || !inside) {
          look.begin('noop')
          await dialect.noop(lines)
          look.mark('noop')
          return { words: [] }
        }
        look.begin('select')
        const count = await dialect.select(lines, mailbox)
        look.mark('select')
        look.begin('noop')
        await dialect.noop(lines)
        look.mark('noop')
        return { words: [`${mailbox} with ${count === 1 ? '1 mail' : `${count} mails`}`] }
      },
    }),
  }
}
