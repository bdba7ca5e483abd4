// `sites`: where vigie runs, and did once, and which of them this process is.
import type { Former, Site } from '../core/check.ts'
import type { Language } from '../core/text.ts'
import { asFields, asNames, type Fields } from './fields.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import { asPublicUrl } from './places.ts'
import type { Convert } from './reader.ts'
import { asOneOf, asText, isId } from './scalars.ts'
import { asPeople } from './texts.ts'

export interface Sites {
  /** Those that run, in their order. */
  readonly sites: readonly Site[]
  readonly former: readonly Former[]
}

/** Undefined when nothing can be said of them. */
export function readSites(fields: Fields, languages: readonly Language[]): Sites | undefined {
  const { source } = fields.reader
  const map = fields.need('sites', asNames)
  if (!map) return undefined
  if (map.keys.length === 0) source.complain(map.at, 'sites needs at least one site', 'sites: { home: {} }')
  const owners = new Map<string, string>()
  const origins = new Map<string, string>()
  const former: Former[] = []
  const keyless: string[] = []
  const sites = map.keys.flatMap((id): readonly Site[] => {
    if (!isId(id))
      source.complain(map.placeOf(id), `${quote(id)}: a site's name is of lowercase letters, digits and hyphens`)
    const entry = map.entry(id)!
    const nothing = entry.at === map.placeOf(id)
    const site = nothing ? undefined : asFields(map.reader, entry)
    const key = site?.read('key', asKey)
    const same = key && owners.get(key)
    if (same)
      source.complain(site!.entry('key')!.at, `${id} has the same key as ${same}`, 'every site has a key of its own')
    if (key) owners.set(key, id)
    if (nothing || (site && !site.keys.includes('key'))) keyless.push(id)
    const role = site?.read('role', asOneOf(['full', 'observer', 'former'])) ?? 'full'
    const url = site?.read('url', asPublicUrl('a site’s url is public: leave the login out')) ?? null
    // Where one that runs no more was, another may be.
    if (url !== null && role !== 'former') complainOfUrl(site!, { id, url }, origins)
    const found = {
      id,
      url,
      key: key ?? null,
      where: site?.read('where', asPeople(languages)) ?? null,
      domain: site?.read('domain', asText) ?? id,
    }
    site?.close()
    if (role !== 'former') return [{ ...found, role }]
    former.push({ id, key: key ?? '' })
    return []
  })
  if (sites.length === 0 && former.length > 0)
    source.complain(map.at, 'sites needs at least one site that runs', 'sites: { home: {} }')
  for (const id of keyless) {
    const at = map.placeOf(id)
    if (former.some((one) => one.id === id))
      source.complain(at, `${id} needs \`key\`: what it said is known by it`, 'as it stood here before')
    else if (sites.length > 1)
      source.complain(at, `${id} needs \`key\`, as there are several sites`, 'vigie twin key shows it')
  }
  if (sites.length > 0 && sites.every(({ role }) => role === 'observer'))
    source.warn(
      map.at,
      'no site is `full`: nobody can log in or post anywhere',
      'take `role: observer` out of one of them',
    )
  const hidden = sites.filter(({ url }) => url === null).map(({ id }) => id)
  if (hidden.length > 1)
    source.warn(
      map.placeOf(hidden[1]!),
      `${hidden.join(' and ')} have no \`url\`, so they can’t call each other and never hear each other`,
      'of any two sites one needs a url: only one may go without',
    )
  return { sites, former }
}

/** Complains of what is no place for a vigie, or another's; `origins`: those of the sites before, by theirs. */
function complainOfUrl(
  site: Fields,
  { id, url }: { readonly id: string; readonly url: string },
  origins: Map<string, string>,
): void {
  const { source } = site.reader
  const { at } = site.entry('url')!
  const { origin } = new URL(url)
  if (url !== `${origin}/`)
    source.complain(
      at,
      'url must be the root of a host: vigie answers nowhere else',
      `${origin}, or a host name of its own`,
    )
  const same = origins.get(origin)
  if (same !== undefined)
    source.complain(at, `${id} has the same url as ${same}`, 'every site has a url of its own, or none')
  else origins.set(origin, id)
}

/** Warns of several sites in the replica, where a call to another leads nowhere. */
export function warnOfReplica(fields: Fields, sites: readonly Site[] | undefined): void {
  if (sites === undefined || sites.length < 2) return
  const message = `${sites.map(({ id }) => id).join(' and ')} never hear each other: a replica has no way out`
  fields.reader.source.warn(fields.placeOf('replica'), message, 'take `replica: true` out')
}

/** The site this process is: the named one, else the first. A name that is no site is a mistake. */
export function chooseSite(fields: Fields, { sites, former }: Sites, wanted: string | undefined): Site | undefined {
  if (wanted === undefined) return sites[0]
  if (former.some(({ id }) => id === wanted)) {
    fields.reader.source.complain(
      fields.placeOf('sites'),
      `this site is to be ${quote(wanted)}, whose role is former`,
      '`full` or `observer` are those that run',
    )
    return undefined
  }
  const found = sites.find(({ id }) => id === wanted)
  if (!found && sites.length > 0) {
    const meant = nearest(
      wanted,
      sites.map(({ id }) => id),
    )
    const hint = meant ? `did you mean ${quote(meant)}?` : `there is ${sites.map(({ id }) => id).join(', ')}`
    fields.reader.source.complain(
      fields.placeOf('sites'),
      `this site is to be ${quote(wanted)}, which is none of them`,
      hint,
    )
  }
  return found
}

/** `ed25519:` and 32 bytes in base64 (RFC 4648, 4 or 5); in the one spelling that signatures are checked with. */
const asKey: Convert<string> = (reader, entry) => {
  const text = asText(reader, entry)
  if (text === undefined) return undefined
  const [, written] = /^ed25519:([A-Za-z0-9+/_-]{43})=?$/.exec(text) ?? []
  if (written !== undefined) return `ed25519:${Buffer.from(written, 'base64').toString('base64')}`
  reader.source.complain(
    entry.at,
    `${entry.name} must be "ed25519:" and 44 characters of base64`,
    'vigie twin key shows it',
  )
  return undefined
}
