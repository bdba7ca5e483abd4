// Finds the services of a domain by what it publishes about itself: records, well-known documents, certificates. A handful
// of questions; nothing is guessed and no port is scanned.
import type { HostPort } from '../core/settings.ts'
import { eachOf } from './batches.ts'
import { readAutoconfig, readHostMeta, textIn } from './documents.ts'
import type { Discovery, Found } from './found.ts'
import { rationed, type Sources } from './sources.ts'
import type { Visitor } from './visit.ts'
import { webOf } from './websites.ts'

/** Ends within some 85 s, whatever is answered. */
export async function discover(domain: string, given: Sources): Promise<Discovery> {
  const sources = rationed(given)
  const missing: string[] = []
  const note = <T>(what: string, found: T | null): T | null => {
    if (found === null) missing.push(what)
    return found
  }
  sources.progress('mail')
  const mail = note('mail: no MX record', await mailOf(domain, sources))
  const policy = mail === null ? null : note('MTA-STS: no policy', await policyOf(domain, sources))
  sources.progress('chat')
  const xmpp = note('XMPP: no SRV record', await xmppOf(domain, sources))
  const matrix = note('Matrix: no /.well-known/matrix and no SRV record', await matrixOf(domain, sources))
  sources.progress('calendars')
  const dav = await davOf(domain, sources)
  note('calendars and contacts: no SRV record and no /.well-known', dav.length === 0 ? null : dav)
  const { web, told } = await webOf(domain, sources)
  note('a list of services: no ChatonsInfos and no librehost.json', told ? web : null)
  const found = [mail, ...web, xmpp, matrix].filter((one) => one !== null)
  if (sources.cut()) missing.push('more: some things were not asked for, as too much of it was slow or endless')
  if (found.length === 0) return { found, missing }
  return { found: [...withDav(found, dav, domain), nameOf(domain, mail !== null, policy !== null)], missing }
}

/** The name itself, for admins: until when it is ours, and what other servers think of its mail. */
function nameOf(domain: string, mails: boolean, policy: boolean): Found {
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
        ? [
            {
              entry: { mailhealth: domain },
              remark: `${policy ? 'Your MTA-STS policy is compared with the MX. ' : ''}With \`dkim: [selector]\` it looks at your keys, too.`,
            },
          ]
        : []),
    ],
  }
}

/** What other servers are asked to keep to when they deliver (RFC 8461, 3.3); null: nothing. */
async function policyOf(domain: string, { visit }: Sources): Promise<string | null> {
  const seen = await visit(`https://mta-sts.${domain}/.well-known/mta-sts.txt`, { redirects: 0 })
  return seen?.answer.status === 200 && /^version:\s*STSv1/m.test(seen.text) ? seen.text : null
}

/** What a port that isn't for other servers is called. */
const SPOKEN: Readonly<Record<string, string>> = { smtp: 'submission' }

/** RFC 6186, RFC 8314 (5.1) and RFC 5804 (1.8). */
const MAIL_RECORDS = [
  ['submissions', 'smtp'],
  ['submission', 'smtp'],
  ['imaps', 'imap'],
  ['imap', 'imap'],
  ['pop3s', 'pop3'],
  ['pop3', 'pop3'],
  ['sieve', 'sieve'],
] as const

async function mailOf(domain: string, { lookups, visit }: Sources): Promise<Found | null> {
  const exchangers = await lookups.mx(domain)
  if (exchangers.length === 0) return null
  const srv = async (name: string, kind: string) =>
    (await lookups.srv(`_${name}._tcp.${domain}`)).slice(0, 1).map((place) => ({ kind, ...place }))
  const fromRecords = (await Promise.all(MAIL_RECORDS.map(([name, kind]) => srv(name, kind)))).flat()
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

async function autoconfigOf(
  domain: string,
  visit: Visitor,
): Promise<readonly (HostPort & { readonly kind: string })[]> {
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
  const names = ['xmpp-client', 'xmpps-client', 'xmpp-server', 'xmpps-server']
  const places = await Promise.all(names.map(at))
  if (places.flat().length === 0) return null
  const [client, direct, server, serverDirect] = places.map(({ length }) => length > 0)
  const meta = await visit(`https://${domain}/.well-known/host-meta`)
  const { bosh, websocket } = readHostMeta(meta?.answer.status === 200 ? meta.text : '')
  const check = (id: string, more: object) => ({ entry: { xmpp: domain, id, ...more }, remark: null })
  return {
    id: 'xmpp',
    name: { fr: 'Messagerie instantanée XMPP', en: 'Instant messaging (XMPP)' },
    group: 'communication',
    url: null,
    by: `SRV ${places
      .flat()
      .map(({ host, port }) => `${host}:${port}`)
      .join(', ')}`,
    checks: [
      ...(client ? [check('client', { as: 'client' })] : []),
      ...(direct ? [check('direct', { as: 'client', tls: 'direct' })] : []),
      ...(server ? [check('server', { as: 'server', every: '15m' })] : []),
      ...(serverDirect ? [check('server-direct', { as: 'server', tls: 'direct', every: '15m' })] : []),
      ...(bosh === null ? [] : [check('bosh', { as: 'client', bosh, every: '5m' })]),
      ...(websocket === null ? [] : [check('websocket', { as: 'client', websocket, every: '5m' })]),
    ],
  }
}

async function matrixOf(domain: string, { lookups, visit }: Sources): Promise<Found | null> {
  const [server, client] = await Promise.all(
    ['server', 'client'].map((name) => visit(`https://${domain}/.well-known/matrix/${name}`)),
  )
  const delegated = textIn(server?.answer.status === 200 ? server.text : '', 'm.server')
  const base = textIn(client?.answer.status === 200 ? client.text : '', 'm.homeserver', 'base_url')
  const records = ['_matrix-fed', '_matrix'].map((name) => lookups.srv(`${name}._tcp.${domain}`))
  const srv = (await Promise.all(records)).flat()
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
  const found = await eachOf(['caldav', 'carddav'] as const, async (kind): Promise<readonly Dav[]> => {
    const [place] = await lookups.srv(`_${kind}s._tcp.${domain}`)
    const host = place === undefined ? domain : place.port === 443 ? place.host : `${place.host}:${place.port}`
    const url = `https://${host}/`
    if (place !== undefined) return [{ kind, url }]
    // Many a web site sends everything on somewhere: only who knows this question is one (RFC 6764, 6).
    const seen = await visit(`${url}.well-known/${kind}`, { method: 'PROPFIND' })
    return seen !== null && [401, 207].includes(seen.answer.status) ? [{ kind, url }] : []
  })
  return found.flat()
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
