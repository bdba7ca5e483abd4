// Certificates as real servers show them, each protocol its own way to TLS: what a look says, and what the site makes of it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tls } from '../../src/probes/tls.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { startSite } from '../servers/site.ts'
import { openFolder } from './daemon.ts'
import { DOVECOT, type Dovecot, startDovecot } from './dovecot.ts'
import { POSTFIX, type Postfix, startPostfix } from './postfix.ts'
import { whenPresent } from './present.ts'
import { PROSODY, type Prosody, startProsody } from './prosody.ts'
import { ADDRESSES, type Certificates, HOST, SHOWN, type Shown, writeCertificates } from './shown.ts'

/** How each protocol comes to TLS; without `starttls` at once. `meant`: the port that says which dialect. */
const PROTOCOLS = {
  smtp: { starttls: 'smtp', port: () => postfix.ports.smtp },
  smtps: { port: () => postfix.ports.smtps },
  imap: { starttls: 'imap', port: () => dovecot.ports.imap },
  imaps: { port: () => dovecot.ports.imaps },
  pop3: { starttls: 'pop3', port: () => dovecot.ports.pop3 },
  sieve: { starttls: 'sieve', port: () => dovecot.ports.sieve },
  xmpp: { starttls: 'xmpp', port: () => prosody.ports.c2s },
  'xmpp-tls': { port: () => prosody.ports.c2sTls },
  'xmpp-server': { starttls: 'xmpp', port: () => prosody.ports.s2s, meant: 5269 },
} as const

type Protocol = keyof typeof PROTOCOLS

const OUTCOMES: Readonly<Record<Shown, { ok: boolean; reason: string | null; note: RegExp }>> = {
  good: { ok: true, reason: null, note: /^TLSv1\.[23], \d+ days left$/ },
  expired: { ok: false, reason: 'certificate', note: /^certificate expired \(\d{4}-\d\d-\d\d\)$/ },
  foreign: { ok: false, reason: 'certificate', note: /^certificate is for elsewhere\.test, not \w+\.test$/ },
  self: { ok: false, reason: 'certificate', note: /^self-signed certificate$/ },
  bare: { ok: false, reason: 'certificate', note: /^an intermediate certificate is missing$/ },
  clear: { ok: false, reason: 'protocol', note: /STARTTLS is not offered|unexpected answer to (STARTTLS|STLS): / },
}

let certificates: Certificates
let postfix: Postfix
let dovecot: Dovecot
let prosody: Prosody

/** Every protocol that can show this; what speaks TLS at once can't leave it out. */
const protocolsOf = (shown: Shown) =>
  (Object.keys(PROTOCOLS) as Protocol[]).filter((protocol) => shown !== 'clear' || 'starttls' in PROTOCOLS[protocol])

/** Prosody tells by the domain which certificate to show, the others by the address. */
function placeOf(protocol: Protocol, shown: Shown) {
  const way = PROTOCOLS[protocol]
  const port = way.port()
  const [name, host] = protocol.startsWith('xmpp') ? [`${shown}.test`, '127.0.0.1'] : [HOST, ADDRESSES[shown]]
  return { target: `${name}:${'meant' in way ? way.meant : port}`, host, port }
}

function starttlsOf(protocol: Protocol) {
  const way = PROTOCOLS[protocol]
  return 'starttls' in way ? { starttls: way.starttls } : {}
}

whenPresent([...POSTFIX, ...DOVECOT, ...PROSODY])('tls against Postfix, Dovecot and Prosody', () => {
  const open: { stop(): Promise<void> }[] = []

  beforeAll(async () => {
    const folder = openFolder()
    open.push(folder)
    certificates = writeCertificates(folder.path)
    postfix = await startPostfix(folder.path, certificates)
    open.push(postfix)
    dovecot = await startDovecot(folder.path, certificates)
    open.push(dovecot)
    prosody = await startProsody(folder.path, certificates)
    open.push(prosody)
  }, 200_000)

  afterAll(async () => {
    for (const one of open.reverse()) await one.stop()
  }, 100_000)

  it.each(SHOWN.flatMap((shown) => protocolsOf(shown).map((protocol) => [protocol, shown] as const)))(
    '%s, certificate %s: a look says what is so',
    async (protocol, shown) => {
      const { target, host, port } = placeOf(protocol, shown)
      const { outcome, phases } = await lookWith(probeOf(tls, target, starttlsOf(protocol)), {
        network: loopback({ strict: true }),
        ca: [certificates.root],
        allowPrivate: true,
        connect: { host, port },
        timeout: 20_000,
      })
      const wanted = OUTCOMES[shown]
      expect({ ok: outcome.ok, reason: 'reason' in outcome ? outcome.reason : null }, outcome.note).toEqual({
        ok: wanted.ok,
        reason: wanted.reason,
      })
      expect(outcome.note).toMatch(wanted.note)
      const starttls = ['resolve', 'connect', 'greeting', 'starttls', 'tls']
      const way = 'starttls' in PROTOCOLS[protocol] ? starttls : ['resolve', 'connect', 'tls']
      expect(Object.keys(phases)).toEqual(shown === 'clear' ? expect.any(Array) : way)
    },
    60_000,
  )

  it('is up where all is well, and down for the right reason everywhere else, on a whole site', async () => {
    const check = (protocol: Protocol, shown: Shown) => {
      const { target, host, port } = placeOf(protocol, shown)
      const starttls = Object.entries(starttlsOf(protocol)).map(([key, value]) => `, ${key}: ${value}`)
      return `  - { tls: "${target}", id: ${protocol}, connect: "${host}:${port}", allow_private: true${starttls} }`
    }
    const services = SHOWN.map((shown) => {
      const checks = protocolsOf(shown).map((protocol) => check(protocol, shown))
      return [`${shown}.yaml`, `service: ${shown}\nchecks:\n${checks.join('\n')}\n`]
    })
    const site = await startSite({
      'site.yaml': `name: Essai
sites: { home: {} }
witnesses: []
policy: { every: 4s, retry: 1s, timeout: 20s, slow: 19s, ca: "${certificates.rootFile}" }
`,
      ...Object.fromEntries(services),
    })
    try {
      const seen = async () => {
        const { services } = JSON.parse(await site.get('/api/vigie/status.json')) as Document
        const checks = services.flatMap((service) => service.checks)
        return new Map(checks.map(({ id, state, reason }) => [id, { state, reason }]))
      }
      const wanted = new Map(
        SHOWN.flatMap((shown) =>
          protocolsOf(shown).map((protocol) => [
            `${shown}.${protocol}`,
            { state: OUTCOMES[shown].ok ? 'up' : 'down', reason: OUTCOMES[shown].reason },
          ]),
        ),
      )
      await site.until(
        'settled',
        async () => [...(await seen()).values()].every(({ state }) => state !== 'unknown'),
        90_000,
      )
      expect(await seen()).toEqual(wanted)
      const statuses = [...(await site.status())].map(([id, { status }]) => [id, status])
      expect(Object.fromEntries(statuses)).toEqual(
        Object.fromEntries(SHOWN.map((shown) => [shown, shown === 'good' ? 'operational' : 'major_outage'])),
      )
    } finally {
      await site.stop()
    }
  }, 150_000)
})

interface Document {
  readonly services: readonly {
    readonly checks: readonly { readonly id: string; readonly state: string; readonly reason: string | null }[]
  }[]
}
