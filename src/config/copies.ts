// `publish`: copies of the page elsewhere.
import { kindOf } from '../copies/index.ts'
import type { Configuration, Site } from '../core/check.ts'
import { MINUTE, SECOND } from '../core/time/time.ts'
import { asFields, type Fields } from './fields.ts'
import type { Convert } from './reader.ts'
import { asDuration, asText } from './scalars.ts'

const EVERY = 10 * MINUTE
const LEAST = 10 * SECOND

/**
 * Every ten minutes when nothing is said, every ten seconds at most. What a place may look like its own kind says
 * (`copies/`).
 */
export const asCopy: Convert<Configuration['publish'][number]> = (reader, entry) => {
  const fields = asFields(reader, entry)
  if (!fields) return undefined
  const to = fields.need('to', asDestination)
  const every = fields.read('every', asDuration(LEAST)) ?? EVERY
  fields.close()
  return to === undefined ? undefined : { to, every }
}

/** Warns of copies that can't name where the page lives. */
export function warnOfCopies(
  fields: Fields,
  publish: Configuration['publish'],
  sites: readonly Site[] | undefined,
): void {
  if (publish.length === 0 || sites === undefined || sites.some(({ url }) => url !== null)) return
  const message = 'no site has a url: a copy that is out of date can’t say where the page lives'
  fields.reader.source.warn(fields.placeOf('publish'), message, 'a url for each site that members can reach')
}

const asDestination: Convert<string> = (reader, entry) => {
  const text = asText(reader, entry)
  if (text === undefined) return undefined
  const kind = kindOf(text)
  const remedy = kind === undefined ? '/a/folder, rsync://…, rsync+ssh://… or git+ssh://…' : kind.fault(text)
  if (remedy === null) return text
  reader.source.complain(entry.at, `${entry.name} is no place for a copy`, remedy)
  return undefined
}
