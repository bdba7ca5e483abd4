// `publish`: copies of the page elsewhere.
import { kindOf } from '../copies/index.ts'
import type { Configuration, Site } from '../core/check.ts'
import { MINUTE, SECOND } from '../core/time/time.ts'
import { asFields, type Fields } from './fields.ts'
import { readSitesIn } from './from.ts'
import type { Convert } from './reader.ts'
import { asDuration, asText } from './scalars.ts'
import { asList } from './texts.ts'

type Publish = Configuration['publish']

const EVERY = 10 * MINUTE
const LEAST = 10 * SECOND

/**
 * Every ten minutes when nothing is said, every ten seconds at most. What a place may look like its own kind says
 * (`copies/`). Warns of copies that can't name where the page lives.
 */
export function readPublish(fields: Fields, sites: readonly Site[] | undefined): Publish {
  const ids = sites?.map(({ id }) => id)
  const taken = new Set<string>()
  const asCopy: Convert<Publish[number]> = (reader, entry) => {
    const copy = asFields(reader, entry)
    if (!copy) return undefined
    const to = copy.need('to', asDestination)
    const every = copy.read('every', asDuration(LEAST)) ?? EVERY
    const from = readSitesIn(copy, ids) ?? null
    copy.close()
    if (to === undefined) return undefined
    if (taken.has(to))
      reader.source.complain(entry.at, `${entry.name} is the same place again`, 'one entry for each place')
    taken.add(to)
    return { to, every, from }
  }
  const publish = fields.read('publish', asList(asCopy)) ?? []
  if (publish.length > 0 && sites !== undefined && sites.every(({ url }) => url === null)) {
    const message = 'no site has a url: a copy that is out of date can’t say where the page lives'
    fields.reader.source.warn(fields.placeOf('publish'), message, 'a url for each site that members can reach')
  }
  return publish
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
