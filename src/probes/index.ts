// Every kind of check. A new one is a file and a line here.
import { caldav } from './caldav.ts'
import { carddav } from './carddav.ts'
import { dns } from './dns.ts'
import { domain } from './domain.ts'
import { heartbeat } from './heartbeat.ts'
import { http } from './http.ts'
import { imap } from './imap.ts'
import type { ProbeKind } from './kind.ts'
import { mailhealth } from './mailhealth.ts'
import { mailtrip } from './mailtrip.ts'
import { matrix } from './matrix.ts'
import { matrixtrip } from './matrixtrip.ts'
import { ping } from './ping.ts'
import { pop3 } from './pop3.ts'
import { proxmox } from './proxmox.ts'
import { sieve } from './sieve.ts'
import { smtp } from './smtp.ts'
import { tcp } from './tcp.ts'
import { tls } from './tls.ts'
import { xmpp } from './xmpp.ts'
import { xmpptrip } from './xmpptrip.ts'

export const kinds = {
  caldav,
  carddav,
  dns,
  domain,
  heartbeat,
  http,
  imap,
  mailhealth,
  mailtrip,
  matrix,
  matrixtrip,
  ping,
  pop3,
  proxmox,
  sieve,
  smtp,
  tcp,
  tls,
  xmpp,
  xmpptrip,
} satisfies Record<string, ProbeKind>
