// Who a page is, for programs that keep pages apart.
import { createHash } from 'node:crypto'
import type { Picture } from '../../core/shown/picture.ts'
import { say } from '../../core/text.ts'

/** Twelve of a-z and 0-9, as Statuspage's ids are. Made of the hoster's name in its first language, so that both twins' pages are one. */
export function pageId({ name, languages }: Picture['hoster']): string {
  const digest = createHash('sha256').update(say(name, languages[0])).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, 12)
}
