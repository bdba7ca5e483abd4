// What is shipped for the replica's sake and was left in: each with what belongs there.
import type { Site } from '../core/check.ts'
import type { Text } from '../core/text.ts'
import { isExample } from './address.ts'
import type { Fields } from './fields.ts'
import { quote } from './mistake.ts'

/** Whose name the shipped `about` bears. */
const SHIPPED = 'Nomagic'

/** What site.yaml says of the hoster, as far as it could be read. */
export interface Presented {
  readonly name: Text | undefined
  readonly about: Text | null
  readonly contact: string | null
  readonly sites: readonly Site[] | undefined
}

/** Warns of what members would see and what leads nowhere. Of `mail` and `alerts` their readers warn themselves. */
export function warnOfExamples(fields: Fields, { name, about, contact, sites }: Presented): void {
  const { source } = fields.reader
  if (contact !== null && isExample(hostIn(contact)))
    source.warn(fields.entry('contact')!.at, `${contact} is an example: members reach nobody there`, 'your own address')
  if (
    name !== undefined &&
    !Object.values(name).some((text) => text.includes(SHIPPED)) &&
    Object.values(about ?? {}).some((text) => text.includes(SHIPPED))
  )
    source.warn(
      fields.placeOf('about'),
      `about speaks of ${SHIPPED}, the example, not of ${quote(Object.values(name)[0]!)}`,
      'say who you are, or leave it out',
    )
  for (const { id, url } of sites ?? [])
    if (url !== null && isExample(hostIn(url)))
      source.warn(fields.placeOf('sites'), `the url of ${id} is an example: ${url}`, 'where members find this page')
}

/** Of a mail address or of a URL. */
function hostIn(link: string): string {
  const { protocol, hostname, pathname } = new URL(link)
  return protocol === 'mailto:' ? (pathname.split('@').at(-1) ?? '') : hostname
}
