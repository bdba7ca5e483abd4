// Whole addresses of this page, for whatever leaves it: feeds, calendars, programs.
import type { Picture } from '../../core/shown/picture.ts'
import type { Language } from '../../core/text.ts'

/** Where this site's page is, without a slash at its end; empty when nobody said. */
export function baseOf({ hoster, site }: Pick<Picture, 'hoster' | 'site'>): string {
  return (hoster.sites.find(({ id }) => id === site)?.url ?? '').replace(/\/+$/, '')
}

/** A page's address in a language, the first when not said. */
export function pageAddress(picture: Picture, path: string, fragment = '', language?: Language): string {
  const hash = fragment === '' ? '' : `#${fragment}`
  return `${baseOf(picture)}/${language ?? picture.hoster.languages[0]}/${path}${hash}`
}
