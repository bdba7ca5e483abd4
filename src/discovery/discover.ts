// Finds the services of a domain by what it publishes about itself: records, well-known documents, certificates. A handful
// of questions; nothing is guessed and no port is scanned.
import { presets } from '../presets/index.ts'
import { isHost, isWeb, readAutoconfig, readHostMeta, readProperties, subsOf, textIn } from './documents.ts'
import { fingerprint } from './fingerprint.ts'
import type { Lookups, Place } from './lookups.ts'
import type { Visitor } from './visit.ts'

/** One service file to be. */
export interface Found {
  readonly id: string
  readonly name: { readonly fr: string; readonly en: string }
  readonly group: 'communication' | 'documents' | 'infrastructure'
  readonly url: string | null
  /** How it was found, for a remark and the table. */
  readonly by: string
  /** Entries of `checks:`, with what to say above each; null: nothing. */
  readonly checks: readonly { readonly entry: Readonly<Record<string, unknown>>; readonly remark: string | null }[]
  readonly admins?: boolean
}

export interface Discovery {
  readonly found: readonly Found[]
  /** What was asked for and isn't there. */
  readonly missing: readonly string[]
}

export interface Sources {
  readonly lookups: Lookups
  readonly visit: Visitor
  /** Names of the certificate that a host shows on 443. */
  namesAt(host: string): Promise<readonly string[]>
  /** Says what is being asked. */
  progress(what: string): void
}

/** Web hosts that are asked what they are. */
const MOST_HOSTS = 24
/** Files of an organisation that are read. */
const MOST_FILES = 24

export async function discover(domain: string, sources: Sources): Promise<Discovery> {
  const missing: string[] = []
  const note = <T>(what: string, found: T | null): T | null => {
    if (found === null) missing.push(what)
    return found
  }
  sources.progress('mail')
  const mail = note('mail: no MX record', await mailOf(domain, sources))
  sources.progress('chat')
  const xmpp = note('XMPP: no SRV record', await xmppOf(domain, sources))
  const matrix = note('Matrix: no /.well-known/matrix and no SRV record', await matrixOf(domain, sources))
  sources.progress('calendars')
  const dav = await davOf(domain, sources)
  note('calendars and contacts: no SRV record and no /.well-known', dav.length === 0 ? null : dav)
  const told = await toldOf(domain, sources)
  note('a list of services: no ChatonsInfos and no librehost.json', told.size === 0 ? null : told)
  const hosts = await hostsOf(domain, told, sources)
  const web = await webOf(domain, hosts, sources)
  const found = [mail, ...web, xmpp, matrix].filter((one) => one !== null)
  if (found.length === 0) return { found, missing }
  return { found: [...withDav(found, dav, domain), nameOf(domain, mail !== null)], missing }
}

/** The name itself, for admins: until when it is ours, and what other servers think of its mail. */
function nameOf(domain: string, mails: boolean): Found {
  return {
    id: 'domain',
    name: { fr: 'Nom de domaine', en: 'Domain name' },
    group: 'infrastructure',
    url: null,
    by: 'its name',
    admins: true,
    checks: [
      { entry: { domain }, remark: null },
      ...(mails
        ? [{ entry: { mailhealth: domain }, remark: 'With `dkim: [selector]` it looks at your keys, too.' }]
        : []),
    ],
  }
}

/** What a port that isn't for other servers is called. */
const SPOKEN: Readonly<Record<string, string>> = { smtp: 'submission' }

async function mailOf(domain: string, { lookups, visit }: Sources): Promise<Found | null> {
  const exchangers = await lookups.mx(domain)
  if (exchangers.length === 0) return null
  const srv = async (name: string, kind: string) =>
    (await lookups.srv(`_${name}._tcp.${domain}`)).slice(0, 1).map((place) => ({ kind, ...place }))
  const fromRecords = [
    ...(await srv('submissions', 'smtp')),
    ...(await srv('submission', 'smtp')),
    ...(await srv('imaps', 'imap')),
    ...(await srv('imap', 'imap')),
    ...(await srv('pop3s', 'pop3')),
    ...(await srv('sieve', 'sieve')),
  ]
  const places = fromRecords.length > 0 ? fromRecords : await autoconfigOf(domain, visit)
  const ports = new Map(places.map((place) => [`${place.kind} ${place.host}:${place.port}`, place]))
  const entries = exchangers.slice(0, 3).map((host, at) => ({
    entry: { smtp: `${host}:25`, id: at === 0 ? 'smtp' : `smtp-${at + 1}` },
    remark: at === 0 ? 'Where other servers deliver.' : null,
  }))
  const own = [...ports.values()].map(({ kind, host, port }) => ({
    entry: { [kind]: `${host}:${port}`, id: `${SPOKEN[kind] ?? kind}-${port}` },
    remark: null,
  }))
  return {
    id: 'mail',
    name: { fr: 'Courriel', en: 'E-mail' },
    group: 'communication',
    url: null,
    by: `MX ${exchangers.join(', ')}${fromRecords.length > 0 ? ', SRV records' : places.length > 0 ? ', autoconfig' : ''}`,
    checks: [...entries, ...own],
  }
}

async function autoconfigOf(domain: string, visit: Visitor): Promise<readonly (Place & { readonly kind: string })[]> {
  for (const url of [
    `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
  ]) {
    const seen = await visit(url)
    const servers = seen?.answer.status === 200 ? readAutoconfig(seen.text) : []
    if (servers.length > 0) return servers
  }
  return []
}

async function xmppOf(domain: string, { lookups, visit }: Sources): Promise<Found | null> {
  const at = (name: string) => lookups.srv(`_${name}._tcp.${domain}`)
  const [client, direct, server] = [await at('xmpp-client'), await at('xmpps-client'), await at('xmpp-server')]
  if (client.length + direct.length + server.length === 0) return null
  const meta = await visit(`https://${domain}/.well-known/host-meta`)
  const { bosh, websocket } = readHostMeta(meta?.answer.status === 200 ? meta.text : '')
  const check = (id: string, more: object) => ({ entry: { xmpp: domain, id, ...more }, remark: null })
  return {
    id: 'xmpp',
    name: { fr: 'Messagerie instantanée XMPP', en: 'Instant messaging (XMPP)' },
    group: 'communication',
    url: null,
    by: `SRV ${[...client, ...direct, ...server].map(({ host, port }) => `${host}:${port}`).join(', ')}`,
    checks: [
      ...(client.length > 0 ? [check('client', { as: 'client' })] : []),
      ...(direct.length > 0 ? [check('direct', { as: 'client', tls: 'direct' })] : []),
      ...(server.length > 0 ? [check('server', { as: 'server', every: '15m' })] : []),
      ...(bosh === null ? [] : [check('bosh', { as: 'client', bosh, every: '5m' })]),
      ...(websocket === null ? [] : [check('websocket', { as: 'client', websocket, every: '5m' })]),
    ],
  }
}

async function matrixOf(domain: string, { lookups, visit }: Sources): Promise<Found | null> {
  const server = await visit(`https://${domain}/.well-known/matrix/server`)
  const client = await visit(`https://${domain}/.well-known/matrix/client`)
  const delegated = textIn(server?.text ?? '', 'm.server')
  const base = textIn(client?.text ?? '', 'm.homeserver', 'base_url')
  const srv = [...(await lookups.srv(`_matrix-fed._tcp.${domain}`)), ...(await lookups.srv(`_matrix._tcp.${domain}`))]
  if (delegated === undefined && base === undefined && srv.length === 0) return null
  const federates = delegated !== undefined || srv.length > 0
  return {
    id: 'matrix',
    name: { fr: 'Messagerie instantanée Matrix', en: 'Instant messaging (Matrix)' },
    group: 'communication',
    url: null,
    by: delegated === undefined && base === undefined ? 'SRV record' : '/.well-known/matrix',
    checks: [
      { entry: { matrix: domain, id: 'client', federation: false }, remark: null },
      ...(federates
        ? [{ entry: { matrix: domain, id: 'federation', federation: true, every: '15m' }, remark: null }]
        : []),
    ],
  }
}

interface Dav {
  readonly kind: 'caldav' | 'carddav'
  readonly url: string
}

async function davOf(domain: string, { lookups, visit }: Sources): Promise<readonly Dav[]> {
  const found: Dav[] = []
  for (const kind of ['caldav', 'carddav'] as const) {
    const [place] = await lookups.srv(`_${kind}s._tcp.${domain}`)
    const host = place === undefined ? domain : place.port === 443 ? place.host : `${place.host}:${place.port}`
    const seen = await visit(`https://${host}/.well-known/${kind}`, 0)
    const onward = seen !== null && seen.answer.status >= 301 && seen.answer.status <= 308
    const asks = seen !== null && [401, 207].includes(seen.answer.status)
    if (place !== undefined || onward || asks) found.push({ kind, url: `https://${host}/` })
  }
  return found
}

/** What the organisation itself says it runs: the software's name by web address. */
async function toldOf(domain: string, { visit, progress }: Sources): Promise<ReadonlyMap<string, string>> {
  progress('lists of services')
  const told = new Map<string, string>()
  const own = await visit(`https://${domain}/.well-known/chatonsinfos/${domain}.properties`)
  const files = own?.answer.status === 200 ? subsOf(readProperties(own.text)) : []
  for (const file of files.slice(0, MOST_FILES)) {
    const seen = await visit(file)
    if (seen?.answer.status !== 200) continue
    const properties = readProperties(seen.text)
    const website = properties.get('service.website') ?? ''
    if (isWeb(website)) told.set(new URL(website).hostname, properties.get('software.name') ?? '')
  }
  const librehost = await visit(`https://${domain}/librehost.json`)
  const home = librehost?.answer.status === 200 ? textIn(librehost.text, 'homeUrl') : undefined
  if (home !== undefined && isWeb(home) && !told.has(new URL(home).hostname)) told.set(new URL(home).hostname, '')
  return told
}

/** Web hosts worth a visit, and what is said of each: told ones first, then those of certificates that name the domain. */
async function hostsOf(domain: string, told: ReadonlyMap<string, string>, { namesAt, progress }: Sources) {
  progress('certificates')
  const names = new Set<string>()
  for (const host of [domain, `www.${domain}`, ...[...told.keys()].slice(0, 5)]) {
    for (const name of await namesAt(host)) names.add(name.toLowerCase())
  }
  const within = [...names].filter((name) => isHost(name) && (name === domain || name.endsWith(`.${domain}`)))
  const technical =
    /^(mx\d*|mail|smtp|imap|pop3?|ns\d*|autoconfig|autodiscover|mta-sts|xmpp|jabber|conference|proxy|upload|pubsub|matrix)\./
  const more = within.filter((name) => !told.has(name) && !technical.test(name))
  return [...told, ...more.map((name) => [name, ''] as const)].slice(0, MOST_HOSTS)
}

async function webOf(
  domain: string,
  hosts: readonly (readonly [string, string])[],
  { visit, progress }: Sources,
): Promise<readonly Found[]> {
  const found = new Map<string, Found>()
  for (const [host, suggested] of hosts) {
    progress(host)
    const print = await fingerprint(host, visit, suggested)
    if (print === null || [...found.values()].some(({ url }) => url === `${print.url}/`)) continue
    const known = print.preset === null ? null : presets[print.preset]!
    const label = host === domain || host === `www.${domain}` ? 'website' : idFrom(host, domain)
    const name = known?.name ?? (label === 'website' ? '' : host)
    found.set(label, {
      id: label,
      name: name === '' ? { fr: 'Site web', en: 'Website' } : { fr: name, en: name },
      group: label === 'website' || known?.audience === 'admins' ? 'infrastructure' : 'documents',
      url: `${print.url}/`,
      by: `${suggested === '' ? 'certificate' : 'list of services'}, ${known === null ? 'nothing known answers' : `answers like ${known.name}`}`,
      checks: [
        known === null
          ? { entry: { http: `${print.url}/`, redirects: 3 }, remark: null }
          : { entry: { preset: print.preset, url: print.url }, remark: `It misses ${known.misses}.` },
      ],
    })
  }
  return [...found.values()]
}

/** Calendars belong to the software that serves them where one was found there, else they are a service of their own. */
function withDav(found: readonly Found[], dav: readonly Dav[], domain: string): readonly Found[] {
  if (dav.length === 0) return found
  const checks = dav.map(({ kind, url }) => ({ entry: { [kind]: url }, remark: null }))
  const host = dav[0]!.url
  const there = found.find(({ url }) => url === host && host !== `https://${domain}/`)
  if (there !== undefined)
    return found.map((one) => (one === there ? { ...one, checks: [...one.checks, ...checks] } : one))
  return [
    ...found,
    {
      id: 'calendars',
      name: { fr: 'Agendas et contacts', en: 'Calendars and contacts' },
      group: 'documents',
      url: null,
      by: `SRV record or /.well-known, ${new URL(host).hostname}`,
      checks,
    },
  ]
}

function idFrom(host: string, domain: string): string {
  const label = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : host
  return label.replace(/[^a-z0-9-]+/g, '-')
}
