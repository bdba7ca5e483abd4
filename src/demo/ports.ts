// What waits behind each well-known port of the hoster. Every other port is a web server's.
import { converse, type Dialogue, type Door, type Identity, openDoor } from './door.ts'
import { imap } from './imap.ts'
import { pop3, sieve, ssh } from './mail.ts'
import type { PostOffice } from './post-office.ts'
import { type Mail, smtp } from './smtp.ts'
import { openWeb } from './web.ts'
import { xmpp } from './xmpp.ts'

/** Ports where TLS comes first (RFC 8314; XEP-0368). */
const DIRECT_TLS: readonly number[] = [465, 993, 995, 5223, 5270]

/** Ports behind which nobody shows a certificate. */
const WITHOUT_TLS: readonly number[] = [22]

/** Stands for all ports that are a web server's. */
export const WEB = 0

/** Stands for the port of the relay: the hoster's own mail server has the one it should have. */
export const RELAY_PORT = -25

export interface Ports {
  /** Those with a server of their own, and `WEB` for all others. */
  readonly known: readonly number[]
  /** Opens what waits behind a port. `ill`: it answers, in the clear, but only to say that it can't serve. */
  open(port: number, identity: Identity, ill?: boolean): Promise<Door>
}

/** `take`: gets what the relay took. `office`: where the hoster's own mail lies. */
export function portsOf(domain: string, take: (mail: Mail) => void, office: PostOffice): Ports {
  const dialogues = dialoguesOf(domain, take, office)
  return {
    known: [WEB, ...dialogues.keys()],
    open(port, identity, ill = false) {
      const dialogue = dialogues.get(port)
      if (dialogue === undefined) return openWeb(domain, identity, ill)
      const stage = DIRECT_TLS.includes(port) && !ill ? 'direct' : 'plain'
      const talk = ill ? excused(dialogue) : dialogue
      return openDoor((socket) => converse(socket, talk, identity, stage))
    },
  }
}

/** Whoever connects there meets a certificate, at once or after a STARTTLS. */
export function showsCertificate(port: number): boolean {
  return !WITHOUT_TLS.includes(port)
}

function dialoguesOf(domain: string, take: (mail: Mail) => void, office: PostOffice): ReadonlyMap<number, Dialogue> {
  const relay = smtp({ host: 'relay.elsewhere.example', starttls: false, login: false, take })
  const { deliver, serves } = office
  const mx = smtp({ host: `mx.${domain}`, starttls: true, login: false, take: deliver, serves })
  const submission = smtp({ host: `mail.${domain}`, starttls: true, login: true, take: deliver })
  const reading = imap(office)
  const client = xmpp('client', domain)
  const server = xmpp('server', domain)
  return new Map([
    [22, ssh],
    [25, mx],
    [110, pop3],
    [143, reading],
    [465, submission],
    [587, submission],
    [993, reading],
    [995, pop3],
    [4190, sieve],
    [5222, client],
    [5223, client],
    [5269, server],
    [5270, server],
    [RELAY_PORT, relay],
  ])
}

/** The same server when it can't serve: it says so instead of its greeting, and leaves at the next word. */
function excused(dialogue: Dialogue): Dialogue {
  return { ...dialogue, begin: () => ({ greeting: dialogue.excuse, hear: () => ({ say: '', next: 'close' }) }) }
}
