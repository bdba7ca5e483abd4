// Everything the folder `data/public/` holds. The list of outputs is here and nowhere else.
import type { Almanac } from '../../core/history/almanac.ts'
import type { Picture } from '../../core/shown/picture.ts'
import { renderHome } from '../pages/home.ts'
import { overLately } from '../pages/lately.ts'
import type { Views } from '../pages/views.ts'
import { calendarFiles } from '../programs/calendar.ts'
import { securityFiles } from '../programs/security.ts'
import { statusDocument } from '../programs/status.ts'
import { statuspageDocuments } from '../programs/statuspage.ts'
import { xmppOutage } from '../programs/xmpp-outage.ts'

export interface PageFile {
  /** Where it lies in the folder: `fr/index.html`. */
  readonly path: string
  readonly type: string
  readonly body: string
}

export const HTML = 'text/html; charset=utf-8'
export const JSON_TYPE = 'application/json; charset=utf-8'
const SCRIPT = 'text/javascript; charset=utf-8'

/**
 * All files of a picture that tell of now, each made when it is asked for: whoever takes them can pause in between, and
 * no single one takes longer than some milliseconds for thirty services.
 */
export function* renderFiles(
  picture: Picture,
  almanac: Pick<Almanac, 'outagesOf'>,
  views: Views,
): Generator<PageFile, void, undefined> {
  const { languages } = picture.hoster
  const lately = overLately(picture, almanac)
  yield { path: 'index.html', type: HTML, body: renderHome(picture, lately, languages[0], true, views) }
  for (const language of languages) {
    yield { path: `${language}/index.html`, type: HTML, body: renderHome(picture, lately, language, false, views) }
  }
  yield { path: 'vigie.js', type: SCRIPT, body: views.script }
  yield { path: 'api/vigie/status.json', type: JSON_TYPE, body: json(statusDocument(picture)) }
  for (const [path, document] of statuspageDocuments(picture)) yield { path, type: JSON_TYPE, body: json(document) }
  yield { path: 'outage.json', type: JSON_TYPE, body: json(xmppOutage(picture)) }
  yield* calendarFiles(picture)
  yield* securityFiles(picture)
}

/** The path a file is asked for by: its folder's for an `index.html`. */
export function addressOf(path: string): string {
  return `/${path.replace(/(^|\/)index\.html$/, '$1')}`
}

/** In one line, with its end. */
export function json(document: object): string {
  return `${JSON.stringify(document)}\n`
}
