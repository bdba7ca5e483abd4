// A service that uses every key of every kind once: what contract and README promise, as somebody would write it.

const LOGIN = '{ user: probe, password: "${secret:word}" }'

/** Each key of one kind, with a value that is right. Checks that can't be one stand side by side. */
export const EVERY: readonly string[] = [
  `http: https://x.asso.test/
every: 2m
timeout: 9s
retry: 10s
fall: 2
rise: 3
slow: 2s
family: both
connect: y.asso.test:444
depends: [parent]
expires_in: 14d
essential: true
allow_private: true
audience: admins
from: [home]
method: POST
headers: { X-Asked-By: vigie }
body: hello
login: ${LOGIN}
status: [200, 204, "300-302"]
contains: ok
absent: [gone]
json: { a.b: ">= 5", c: well }
redirects: 3
max_bytes: 65536`,
  `http: https://x.asso.test/
headers: { Authorization: "Bearer {TOKEN}" }
first: { url: "https://x.asso.test/t", method: POST, headers: { X-Asked-By: vigie }, body: "\${secret:word}", take: { TOKEN: a.b } }`,
  'tcp: x.asso.test:22\nbanner: SSH-',
  'tls: x.asso.test:25\nstarttls: smtp\nname: y.asso.test\nexpires_in: 20%',
  'dns: x.asso.test\ntype: A\nserver: 192.0.2.53:53\nexpect: [192.0.2.1]',
  'dns: asso.test\ntype: SOA\nsame_serial: true',
  'ping: x.asso.test\ncount: 5',
  'heartbeat: 24h\ngrace: 2h\ntoken: "${secret:hearsay}"',
  'smtp: mx.asso.test:25\ntls: optional\nehlo: vigie.example\nrecipient: somebody@asso.test\nrelay: refuse',
  `smtp: mx.asso.test:587\ntls: starttls\nlogin: ${LOGIN}`,
  `imap: mx.asso.test:993\ntls: direct\nlogin: ${LOGIN}\nmailbox: INBOX`,
  `pop3: mx.asso.test:995\ntls: direct\nlogin: ${LOGIN}`,
  `sieve: mx.asso.test:4190\ntls: starttls\nlogin: ${LOGIN}`,
  `xmpp: asso.test\nas: client\ntls: starttls\nlogin: ${LOGIN}`,
  'xmpp: asso.test\nas: server\ntls: direct',
  'xmpp: asso.test\nbosh: https://x.asso.test/http-bind',
  'xmpp: asso.test\nwebsocket: wss://x.asso.test/ws',
  `matrix: asso.test\nfederation: true\nbase: https://m.asso.test\nlogin: ${LOGIN}`,
  'matrix: asso.test\nfederation: false\ntoken: "${secret:word}"',
  `caldav: https://d.asso.test\nlogin: ${LOGIN}`,
  `carddav: https://d.asso.test\nlogin: ${LOGIN}`,
  'proxmox: https://p.asso.test:8006\ntoken: "${secret:proxmox}"\nbackups: 26h\nstorage: 90%',
  'domain: asso.test\nexpires_in: 30d',
  'mailhealth: asso.test\ndkim: [s1]\ndnsbl: [zen.elsewhere.example]\noutgoing: [192.0.2.1]',
  `mailtrip: probe@asso.test
submit: { smtp: "mx.asso.test:587", tls: starttls, login: ${LOGIN}, from: probe@asso.test }
collect: { imap: "mx.asso.test:993", tls: direct, login: ${LOGIN}, mailbox: INBOX }
within: 2m`,
  `xmpptrip: probe@asso.test
from: { login: { user: other@asso.test, password: "\${secret:word}" }, connect: "x.asso.test:5222" }
to: { login: ${LOGIN}, connect: "x.asso.test:5222" }
within: 2m`,
  `matrixtrip: "!room:asso.test"
from: { base: "https://m.asso.test", token: "\${secret:word}" }
to: { base: "https://m.asso.test", token: "\${secret:word}" }
within: 2m`,
]

/** Where its secrets are, for `environment`. */
export const SECRETS = {
  VIGIE_SECRET_WORD: 'a word that nobody shall see',
  VIGIE_SECRET_HEARSAY: 'hearsay-hearsay-hearsay',
  VIGIE_SECRET_PROXMOX: 'vigie@pve!look=00000000-0000-4000-8000-000000000000',
}

/** Checks as one service file: the first begins on line 3. */
export function serviceOf(checks: readonly string[]): string {
  const entries = checks.map((check, at) => `  - ${check.replaceAll('\n', '\n    ')}\n    id: c${at}\n`)
  return `service: All\nchecks:\n${entries.join('')}`
}
