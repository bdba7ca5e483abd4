// `from`: which sites look at a check, or keep a copy.
import type { Check } from '../core/check.ts'
import type { Fields } from './fields.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { Convert } from './reader.ts'
import { asText, listed } from './scalars.ts'
import { asList } from './texts.ts'

/** `all`, `any` or names of sites; undefined: nothing is said, or nothing sound. */
export function readFrom(fields: Fields, sites: readonly string[] | undefined): Check['from'] | undefined {
  const words = fields.entry('from') ? (fields.read('from', asList(asText, true)) ?? []) : []
  if (words.length === 1 && (words[0] === 'all' || words[0] === 'any')) return words[0]
  return readSitesIn(fields, sites, ['all', 'any'])
}

/** Names of sites; undefined: nothing is said, or nothing sound. `others`: what else may stand there. */
export function readSitesIn(
  fields: Fields,
  sites: readonly string[] | undefined,
  others: readonly string[] = [],
): readonly string[] | undefined {
  const asSite: Convert<string> = (reader, item) => {
    const site = asText(reader, item)
    if (site === undefined || sites === undefined || sites.includes(site)) return site
    const meant = nearest(site, [...sites, ...others])
    const hint = meant
      ? `did you mean ${quote(meant)}?`
      : `${others.map((word) => `${word}, `).join('')}${others.length > 0 ? 'or ' : ''}${listed(sites)}`
    reader.source.complain(item.at, `there is no site ${quote(site)}`, hint)
    return undefined
  }
  const named = fields.entry('from') ? fields.read('from', asList(asSite, true)) : undefined
  return named && named.length > 0 ? named : undefined
}
