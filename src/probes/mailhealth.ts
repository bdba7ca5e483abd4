// mailhealth: what DNS and others say of a domain's mail. What is wrong there is for admins to mend, no outage; only a
// list that others heed is.
import type { Attention, Outcome } from '../core/observation.ts'
import type { Settings } from '../core/settings.ts'
import { HOUR, MINUTE } from '../core/time/time.ts'
import { familyOf } from '../net/address.ts'
import { failed, outcomeOf } from '../net/failure.ts'
import { plainAddress } from '../net/reverse.ts'
import { startTls } from '../net/starttls.ts'
import { exchange } from '../net/web.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { examineListings } from './mailhealth/blocklist.ts'
import { fits, parseTlsa, type TlsaRecord, usable } from './mailhealth/dane.ts'
import { examineDkim } from './mailhealth/dkim.ts'
import { examineDmarc } from './mailhealth/dmarc.ts'
import { addressesOf, createLookUp, type LookUp, namesOf } from './mailhealth/lookup.ts'
import { announcementIn, parsePolicy, unnamed } from './mailhealth/mta-sts.ts'
import { examineReports } from './mailhealth/reports.ts'
import { examineSpf } from './mailhealth/spf.ts'

/** Hosts, addresses and lists beyond are a mistake, or left out. */
const MOST = 16
const LONGEST_POLICY = 65_536
/** Mail hosts and policies that take longer are passed over: other kinds of check look at them. */
const PATIENCE = 15_000

export const mailhealth: ProbeKind = {
  summary:
    'others find, trust and accept a domain’s mail: MX, PTR, SPF, DKIM, DMARC, MTA-STS, TLSRPT, DANE, block lists',
  example: 'example.org',
  defaults: () => ({ every: HOUR, timeout: MINUTE, slow: null }),
  from: 'any',
  idle: { family: null },
  configure,
}

interface Wanted {
  readonly domain: string
  readonly dkim: readonly string[]
  readonly dnsbl: readonly string[]
  readonly outgoing: readonly string[]
}

/** What was examined, by its name for people, and what is wrong there; null: not published, or nobody could say. */
type Examined = readonly [name: string, findings: readonly string[] | null]

interface MailHost {
  readonly host: string
  readonly addresses: readonly string[] | null
}

function configure(settings: Settings): Plan {
  const domain = settings.targetHost()
  const wanted: Wanted = {
    domain,
    dkim: readList(settings, 'dkim', (one) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(one), 'is no selector'),
    dnsbl: readList(
      settings,
      'dnsbl',
      (one) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i.test(one),
      'is no list: write zen.spamhaus.org',
    ),
    outgoing: readList(settings, 'outgoing', (one) => familyOf(one) !== null, 'is no address: write 192.0.2.25'),
  }
  return { does: 'look', probe: (look) => examine(look, wanted) }
}

function readList(settings: Settings, key: string, isOne: (text: string) => boolean, wrong: string): readonly string[] {
  const list = settings.texts(key) ?? []
  for (const one of list) if (!isOne(one)) settings.complain(key, `"${one}" ${wrong}`)
  if (list.length > MOST) settings.complain(key, `more than ${MOST}`)
  return list
}

async function examine(look: Look, wanted: Wanted): Promise<Outcome> {
  const { domain } = wanted
  const lookUp = createLookUp(look)
  const hosts = await findHosts(domain, lookUp)
  const theirs = [...new Set(hosts.flatMap(({ addresses }) => addresses ?? []).map(plainAddress))].slice(0, MOST)
  const senders = wanted.outgoing.map(plainAddress)
  const listings = await examineListings(senders.length > 0 ? senders : theirs, wanted.dnsbl, lookUp)
  const examined: Examined[] = [
    ['MX', await examineHosts(domain, hosts, lookUp)],
    ['PTR', await examineNames([...new Set([...theirs, ...senders])], lookUp)],
    ['SPF', await examineSpf(domain, lookUp)],
    ['DKIM', wanted.dkim.length === 0 ? null : await examineDkim(domain, wanted.dkim, lookUp)],
    ['DMARC', await examineDmarc(domain, lookUp)],
    ['TLSRPT', await examineReports(domain, lookUp)],
    ['DANE', await examineDane(look, hosts, lookUp)],
    ['MTA-STS', await examineSts(look, domain, hosts, lookUp)],
    ['block lists', wanted.dnsbl.length === 0 ? null : listings.findings],
  ]
  const findings = examined.flatMap(([, found]) => found ?? [])
  if (listings.listed.length > 0) {
    return { ok: false, reason: 'listed', note: [...listings.listed, ...findings].join('; ') }
  }
  const fine = examined.filter(([, found]) => found?.length === 0).map(([name]) => name)
  if (findings.length === 0) return { ok: true, note: `${fine.join(', ')}: fine` }
  const attention = findings.map((note): Attention => ({ kind: 'finding', note }))
  const count = findings.length === 1 ? '1 finding' : `${findings.length} findings`
  return { ok: true, note: `${count}: ${findings.join('; ')}`, attention }
}

/** Hosts that take the domain's mail, the preferred first; the domain itself where none is named (RFC 5321, 5.1). */
async function findHosts(domain: string, lookUp: LookUp): Promise<readonly MailHost[]> {
  const records = await lookUp(domain, 'MX')
  if (records === null) throw failed({ ok: false, reason: 'dns', note: `no answer about the MX records of ${domain}` })
  const named = records
    .map((record) => /^(\d+) (\S*)$/.exec(record))
    .sort((a, b) => Number(a?.[1]) - Number(b?.[1]))
    .map((match) => (match?.[2] ?? '').replace(/\.$/, '').toLowerCase())
  // A lone "." says that there is no mail at all (RFC 7505).
  const hosts = records.length === 0 ? [domain] : named.filter((host) => host !== '')
  return Promise.all(hosts.slice(0, MOST).map(async (host) => ({ host, addresses: await addressesOf(lookUp, host) })))
}

async function examineHosts(
  domain: string,
  hosts: readonly MailHost[],
  lookUp: LookUp,
): Promise<readonly string[] | null> {
  const records = await lookUp(domain, 'MX')
  if (records?.length === 0) {
    const known = (hosts[0]?.addresses?.length ?? 0) > 0
    return [
      known ? 'there is no MX record: others try the domain’s own address' : 'there is no MX record: no mail comes',
    ]
  }
  const missing = hosts.filter(({ addresses }) => addresses?.length === 0)
  return missing.map(({ host }) => `the mail host ${host} has no address`)
}

/** Each address has a name that leads back to it. */
async function examineNames(addresses: readonly string[], lookUp: LookUp): Promise<readonly string[] | null> {
  const findings: string[] = []
  let known = 0
  for (const address of addresses) {
    const names = await namesOf(lookUp, address)
    const back = await Promise.all((names ?? []).slice(0, MOST).map((name) => addressesOf(lookUp, name)))
    if (names === null || back.some((one) => one === null)) continue
    known++
    if (names.length === 0) findings.push(`${address} has no name (PTR)`)
    else if (!back.some((one) => one?.map(plainAddress).includes(address))) {
      findings.push(`${address} is called ${names[0]}, which leads elsewhere`)
    }
  }
  return known === 0 ? null : findings
}

async function examineDane(look: Look, hosts: readonly MailHost[], lookUp: LookUp): Promise<readonly string[] | null> {
  const findings: string[] = []
  let known = 0
  for (const { host } of hosts) {
    const texts = (await lookUp(`_25._tcp.${host}`, 'TLSA')) ?? []
    const records = texts.map(parseTlsa).filter((record) => record !== undefined)
    if (texts.length === 0) continue
    const fit = usable(records).length === 0 ? false : await soon(look, matches(look, host, records))
    if (fit === null) continue
    known++
    if (!fit) findings.push(`DANE: the certificate of ${host} is not the one that TLSA records announce`)
  }
  return known === 0 ? null : findings
}

async function matches(look: Look, host: string, records: readonly TlsaRecord[]): Promise<boolean> {
  const ready = await startTls('smtp', await look.dialAside({ host, port: 25 }), look, host, 25)
  const { socket } = await look.secure(ready, host)
  const chain = [socket.getPeerX509Certificate()]
  for (
    let above = chain[0]?.issuerCertificate;
    above !== undefined && chain.length < MOST;
    above = above.issuerCertificate
  ) {
    chain.push(above)
  }
  socket.end('QUIT\r\n')
  return fits(
    records,
    chain.filter((certificate) => certificate !== undefined),
  )
}

async function examineSts(
  look: Look,
  domain: string,
  hosts: readonly MailHost[],
  lookUp: LookUp,
): Promise<readonly string[] | null> {
  const announced = announcementIn((await lookUp(`_mta-sts.${domain}`, 'TXT')) ?? [])
  if (announced === null) return null
  if (announced !== 'announced') return [`MTA-STS: ${announced.wrong}`]
  const fault = await soon(
    look,
    faultOfPolicy(
      look,
      domain,
      hosts.map(({ host }) => host),
    ),
  )
  return fault === null ? null : fault.map((one) => `MTA-STS: ${one}`)
}

async function faultOfPolicy(look: Look, domain: string, hosts: readonly string[]): Promise<readonly string[]> {
  const url = new URL(`https://mta-sts.${domain}/.well-known/mta-sts.txt`)
  const request = { url, method: 'GET', headers: {}, body: null, maxBytes: LONGEST_POLICY }
  const answer = await exchange(look, request).catch((error: unknown) => {
    const outcome = outcomeOf(error)
    if (outcome.ok === null) throw error
    return outcome
  })
  if ('ok' in answer) return [`the policy can't be read: ${answer.note}`]
  if (answer.status !== 200) return [`the policy can't be read: ${answer.status}`]
  const type = String(answer.headers['content-type'] ?? '')
  if (!/^text\/plain\s*(;|$)/i.test(type)) return [`the policy must be text/plain, not ${type || 'unnamed'}`]
  const policy = parsePolicy(answer.body.toString('utf8'))
  if ('wrong' in policy) return [policy.wrong]
  return unnamed(policy, hosts).map((host) => `the policy leaves out ${host}`)
}

/** Null: not soon, not at all, or not from here. */
async function soon<T>(look: Look, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, null)
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    if (look.ending.aborted) throw error
    // Throws on what is no failure of the network.
    outcomeOf(error)
    return null
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
