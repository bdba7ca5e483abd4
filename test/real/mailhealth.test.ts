// mailhealth against a real BIND and a real Postfix: a domain as it should be, and one for each thing that can be wrong.
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mailhealth } from '../../src/probes/mailhealth.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { BIND, type Bind, startBind } from './bind.ts'
import { openFolder } from './daemon.ts'
import { POSTFIX, type Postfix, startPostfix } from './postfix.ts'
import { whenPresent } from './present.ts'
import { ADDRESSES, type Certificates, writeCertificates } from './shown.ts'

const key = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64')
/** Text of any length, as zone files want it: in pieces of at most 255. */
const text = (whole: string) => (whole.match(/.{1,200}/g) ?? []).map((piece) => `"${piece}"`).join(' ')

const good = (domain: string, certificate: string) => ({
  mx: '@ MX 10 mx',
  address: 'mx A 192.0.2.1',
  spf: '@ TXT "v=spf1 mx include:_spf -all"\n_spf TXT "v=spf1 ip4:192.0.2.0/24 ~all"'.replace(
    '_spf -',
    `_spf.${domain} -`,
  ),
  dmarc: '_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster@example.test"',
  dkim: `s1._domainkey TXT ${text(`v=DKIM1; k=rsa; p=${key(2_048)}`)}`,
  reports: '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:postmaster@example.test"',
  dane: `_25._tcp.mx TLSA 3 1 1 ${certificate}`,
})

type Records = ReturnType<typeof good>

/** A zone each: what is otherwise in it, and what is then found. */
const WRONG: Readonly<Record<string, readonly [Partial<Records>, readonly string[]]>> = {
  'right.test': [{}, []],
  'nomx.test': [{ mx: '' }, ['there is no MX record: no mail comes']],
  'nohost.test': [{ mx: '@ MX 10 mx\n@ MX 20 gone' }, ['the mail host gone.nohost.test has no address']],
  'noptr.test': [{ address: 'mx A 192.0.2.2' }, ['192.0.2.2 has no name (PTR)']],
  'astray.test': [{ address: 'mx A 192.0.2.3' }, ['192.0.2.3 is called mx.right.test, which leads elsewhere']],
  'nospf.test': [{ spf: '' }, ['there is no SPF record']],
  'twospf.test': [
    { spf: '@ TXT "v=spf1 mx -all"\n@ TXT "v=spf1 a -all"' },
    ['there are 2 SPF records: receivers take that for none'],
  ],
  'openspf.test': [{ spf: '@ TXT "v=spf1 mx +all"' }, ['SPF ends in +all: anybody may send in this name']],
  'longspf.test': [
    { spf: `@ TXT "v=spf1 ${'mx '.repeat(11)}-all"` },
    ['SPF needs more than 10 look-ups: receivers give up'],
  ],
  'voidspf.test': [
    { spf: '@ TXT "v=spf1 a:x.voidspf.test a:y.voidspf.test a:z.voidspf.test -all"' },
    ['SPF has more than 2 look-ups that find nothing: receivers give up'],
  ],
  'nodkim.test': [{ dkim: '' }, ['DKIM: selector s1 has no key']],
  'revoked.test': [
    { dkim: 's1._domainkey TXT "v=DKIM1; p="' },
    ['DKIM: the key of selector s1 is revoked (p= is empty)'],
  ],
  'weak.test': [
    { dkim: `s1._domainkey TXT ${text(`v=DKIM1; p=${key(768)}`)}` },
    ['DKIM: the key of selector s1 has 768 bits only: at least 1024'],
  ],
  'nodmarc.test': [{ dmarc: '' }, ['there is no DMARC record']],
  'badreports.test': [
    { reports: '_smtp._tls TXT "v=TLSRPTv1; rua=postmaster"' },
    ['TLSRPT: rua is no address: write mailto:… or https:…'],
  ],
  'baddane.test': [
    { dane: `_25._tcp.mx TLSA 3 1 1 ${'00'.repeat(32)}` },
    ['DANE: the certificate of mx.baddane.test is not the one that TLSA records announce'],
  ],
  'several.test': [{ spf: '', dmarc: '' }, ['there is no SPF record', 'there is no DMARC record']],
}

/** Answers as Spamhaus does: listed, refused, and a list that was given up. */
const LISTS = {
  'bl.test': '4.2.0.192 A 127.0.0.2',
  'closed.test': '* A 127.255.255.254',
  'gone.test': '* A 203.0.113.7',
}

whenPresent([...BIND, ...POSTFIX])('mailhealth against BIND and Postfix', () => {
  const open: { stop(): Promise<void> }[] = []
  let certificates: Certificates
  let bind: Bind
  let postfix: Postfix

  beforeAll(async () => {
    const folder = openFolder()
    open.push(folder)
    certificates = writeCertificates(folder.path)
    const leaf = new X509Certificate(readFileSync(certificates.file('good', 'crt')))
    const spki = createHash('sha256')
      .update(leaf.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex')
    const zones = Object.entries(WRONG).map(([domain, [other]]) => [
      domain,
      Object.values({ ...good(domain, spki), ...other }).join('\n'),
    ])
    const names = Object.keys(WRONG).map((domain) => `1 PTR mx.${domain}.`)
    const own = {
      ...Object.fromEntries(zones),
      ...LISTS,
      '2.0.192.in-addr.arpa': [...names, '3 PTR mx.right.test.'].join('\n'),
    }
    bind = await startBind(folder.path, { both: [], lame: [], own })
    open.push(bind)
    postfix = await startPostfix(folder.path, certificates)
    open.push(postfix)
  }, 200_000)

  afterAll(async () => {
    for (const one of open.reverse()) await one.stop()
  }, 100_000)

  const lookAt = (domain: string, keys: object = {}) =>
    lookWith(probeOf(mailhealth, domain, { dkim: 's1', ...keys }), {
      network: {
        ...loopback({ resolvers: [`127.0.0.1:${bind.primary}`] }),
        detour: (_, port) => (port === 25 ? { host: ADDRESSES.good, port: postfix.ports.smtp } : undefined),
      },
      timeout: 20_000,
    })

  it.each(Object.entries(WRONG))('%s', async (domain, [, findings]) => {
    const { outcome } = await lookAt(domain)
    expect(outcome).toMatchObject({ ok: true })
    expect(outcome.ok === true && (outcome.attention ?? []).map(({ kind, note }) => `${kind}: ${note}`)).toEqual(
      findings.map((finding) => `finding: ${finding}`),
    )
    if (findings.length === 0) expect(outcome.note).toBe('MX, PTR, SPF, DKIM, DMARC, TLSRPT, DANE: fine')
  })

  it('tells a listed address from a list that refuses, or was given up', async () => {
    expect((await lookAt('right.test', { dnsbl: ['gone.test', 'bl.test'] })).outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/block lists: fine$/),
    })
    expect((await lookAt('right.test', { dnsbl: ['closed.test', 'bl.test'] })).outcome).toMatchObject({
      ok: true,
      attention: [{ kind: 'finding', note: 'closed.test does not answer our resolver: use one of your own' }],
    })
    expect((await lookAt('right.test', { dnsbl: ['bl.test'], outgoing: ['192.0.2.4'] })).outcome).toMatchObject({
      ok: false,
      reason: 'listed',
      note: '192.0.2.4 is listed by bl.test (127.0.0.2); 192.0.2.4 has no name (PTR)',
    })
  })

  it('finds nothing right with a domain that is not there, and knows nothing of one it may not ask about', async () => {
    expect((await lookAt('nowhere.right.test')).outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^3 findings: there is no MX record: no mail comes; there is no SPF record; DKIM/),
    })
    expect((await lookAt('elsewhere.example')).outcome).toMatchObject({ ok: null, reason: 'resolver' })
  })
})
