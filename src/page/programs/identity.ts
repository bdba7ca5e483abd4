// Who a page is, for programs that keep pages apart.
import { createHash } from 'node:crypto'

/** Twelve of a-z and 0-9, as Statuspage's ids are. Made of the hoster's name, so that both twins' pages are one. */
export function pageId(hoster: string): string {
  const digest = createHash('sha256').update(hoster).digest('hex')
  return BigInt(`0x${digest}`).toString(36).slice(0, 12)
}
