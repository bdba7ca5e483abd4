// Whole addresses of this page, for whatever leaves it: feeds, calendars, programs.
import { reachableAt } from '../../core/reachable.ts'
import type { Picture } from '../../core/shown/picture.ts'
import type { Language } from '../../core/text.ts'

/** Where this site's page is, or another's where it has no address, without a slash at its end; empty: nobody said. */
export function baseOf({ hoster, site }: Pick<Picture, 'hoster' | 'site'>): string {
  return (reachableAt(hoster.sites, site) ?? '').replace(/\/+$/, '')
}

/** A page's address in a language, the first when not said. */
export function pageAddress(picture: Picture, path: string, fragment = '', language?: Language): string {
  const hash = fragment === '' ? '' : `#${fragment}`
  return `${baseOf(picture)}/${language ?? picture.hoster.languages[0]}/${path}${hash}`
}
