// The web sites of a domain: those that a list of services names, and those its certificates stand for.
import { presets } from '../presets/index.ts'
import { eachOf } from './batches.ts'
import { isHost, isWeb, readProperties, subsOf, textIn } from './documents.ts'
import { fingerprint } from './fingerprint.ts'
import type { Found } from './found.ts'
import type { Sources } from './sources.ts'

/** Web hosts that are asked what they are. */
const MOST_HOSTS = 24
/** Files of an organisation that are read. */
const MOST_FILES = 24
/** Ids of the services that are made here, and the file that is none. */
const TAKEN: readonly string[] = ['site', 'mail', 'xmpp', 'matrix', 'calendars', 'domain']
/** It names a file. */
const LONGEST_ID = 60

/** What the organisation itself says it runs: the software's name by web address. */
async function toldOf(domain: string, { visit, progress }: Sources): Promise<ReadonlyMap<string, string>> {
  progress('lists of services')
  const told = new Map<string, string>()
  const own = await visit(`https://${domain}/.well-known/chatonsinfos/${domain}.properties`)
  const files = own?.answer.status === 200 ? subsOf(readProperties(own.text)) : []
  for (const seen of await eachOf(files.slice(0, MOST_FILES), (file) => visit(file))) {
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
  const shown = await eachOf([domain, `www.${domain}`, ...[...told.keys()].slice(0, 5)], namesAt)
  for (const name of shown.flat()) names.add(name.toLowerCase())
  const within = [...names].filter((name) => isHost(name) && (name === domain || name.endsWith(`.${domain}`)))
  const technical =
    /^(mx\d*|mail|smtp|imap|pop3?|ns\d*|autoconfig|autodiscover|mta-sts|xmpp|jabber|conference|proxy|upload|pubsub|matrix)\./
  const more = within.filter((name) => !told.has(name) && !technical.test(name))
  return [...told, ...more.map((name) => [name, ''] as const)].slice(0, MOST_HOSTS)
}

export interface Websites {
  readonly web: readonly Found[]
  /** The organisation publishes a list of its services. */
  readonly told: boolean
}

/**
 * Asks what a list of services names before what certificates do, 24 hosts at most, and of two that lead to one place
 * keeps the first. Ids are unlike each other and those of the other files that are made.
 */
export async function webOf(domain: string, sources: Sources): Promise<Websites> {
  const { visit, progress } = sources
  const told = await toldOf(domain, sources)
  const hosts = await hostsOf(domain, told, sources)
  const found = new Map<string, Found>()
  const prints = await eachOf(hosts, async ([host, suggested]) => {
    progress(host)
    return { host, suggested, print: await fingerprint(host, visit, suggested) }
  })
  for (const { host, suggested, print } of prints) {
    if (print === null || [...found.values()].some(({ url }) => url === `${print.url}/`)) continue
    // Nobody said that there is something, and nothing is.
    if (print.preset === null && suggested === '' && print.status >= 400) continue
    const known = print.preset === null ? null : presets[print.preset]!
    const label = host === domain || host === `www.${domain}` ? 'website' : idFrom(host, domain, found)
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
  return { web: [...found.values()], told: told.size > 0 }
}

/** An id that nothing else has. */
function idFrom(host: string, domain: string, found: ReadonlyMap<string, Found>): string {
  const label = host.endsWith(`.${domain}`) ? host.slice(0, -domain.length - 1) : host
  const id = label.replace(/[^a-z0-9-]+/g, '-').slice(0, LONGEST_ID)
  const isFree = (one: string) => !TAKEN.includes(one) && !found.has(one)
  return [id, `${id}-web`, ...Array.from({ length: MOST_HOSTS }, (_, at) => `${id}-${at + 2}`)].find(isFree)!
}
