// `sites`: where vigie runs, and which of them this process is.
import type { Site } from '../core/check.ts'
import type { Language } from '../core/text.ts'
import { asFields, type Fields } from './fields.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import { asPublicUrl } from './places.ts'
import type { Convert } from './reader.ts'
import { asOneOf, asText, isId } from './scalars.ts'
import { asPeople } from './texts.ts'

/** The sites in their order; undefined when nothing can be said of them. */
export function readSites(fields: Fields, languages: readonly Language[]): readonly Site[] | undefined {
  const { source } = fields.reader
  const map = fields.need('sites', asFields)
  if (!map) return undefined
  if (map.keys.length === 0) source.complain(map.at, 'sites needs at least one site', 'sites: { home: {} }')
  const several = map.keys.length > 1
  const owners = new Map<string, string>()
  const sites = map.keys.map((id): Site => {
    if (!isId(id))
      source.complain(map.placeOf(id), `${quote(id)}: a site's name is of small letters, digits and hyphens`)
    const entry = map.entry(id)!
    const nothing = entry.at === map.placeOf(id)
    const site = nothing ? undefined : asFields(map.reader, entry)
    const key = site?.read('key', asKey)
    const same = key && owners.get(key)
    if (same)
      source.complain(site!.entry('key')!.at, `${id} has the same key as ${same}`, 'every site has a key of its own')
    if (key) owners.set(key, id)
    if (several && (nothing || (site && !site.keys.includes('key')))) {
      source.complain(map.placeOf(id), `${id} needs \`key\`, as there are several sites`, 'vigie twin key shows it')
    }
    const found: Site = {
      id,
      url: site?.read('url', asPublicUrl()) ?? null,
      key: key ?? null,
      where: site?.read('where', asPeople(languages)) ?? null,
      role: site?.read('role', asOneOf(['full', 'observer'])) ?? 'full',
      domain: site?.read('domain', asText) ?? id,
    }
    site?.close()
    return found
  })
  const hidden = sites.filter(({ url }) => url === null).map(({ id }) => id)
  if (hidden.length > 1)
    source.warn(
      map.placeOf(hidden[1]!),
      `${hidden.join(' and ')} have no \`url\`, so they can’t call each other and never hear each other`,
      'of any two sites one needs a url: only one may go without',
    )
  return sites
}

/** The site this process is: the named one, else the first. A name that is no site is a mistake. */
export function chooseSite(fields: Fields, sites: readonly Site[], wanted: string | undefined): Site | undefined {
  if (wanted === undefined) return sites[0]
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
