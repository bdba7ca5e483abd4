// Badges: a picture of one word for other pages, and the same as shields.io reads it.
import type { Picture, ServicePicture } from '../../core/shown/picture.ts'
import { type Language, say } from '../../core/text.ts'
import type { Status } from '../../core/verdict/service.ts'
import { conditionOf } from '../words/trouble.ts'
import { CONDITIONS } from '../words/words.ts'
import { element, xml } from './markup.ts'

/** shields.io's names, and the colours they stand for, dark enough for the text they carry. */
const COLOURS: Readonly<Record<Status, { readonly name: string; readonly fill: string; readonly text: string }>> = {
  operational: { name: 'brightgreen', fill: '#4c1', text: '#111' },
  degraded_performance: { name: 'yellow', fill: '#dfb317', text: '#111' },
  partial_outage: { name: 'orange', fill: '#fe7d37', text: '#111' },
  major_outage: { name: 'red', fill: '#c5221f', text: '#fff' },
  under_maintenance: { name: 'blue', fill: '#0b67b2', text: '#fff' },
  unknown: { name: 'lightgrey', fill: '#ccc', text: '#111' },
}

/** A badge is read again no sooner (shields.io's own floor). */
const CACHED_SECONDS = 300

const HEIGHT = 20
const PADDING = 6

/** `badge/ID.svg` and `badge/ID.json` of every service, in the first language. */
export function* badgeFiles(picture: Picture) {
  const [language] = picture.hoster.languages
  for (const service of picture.services) {
    const { id } = service.service
    yield { path: `badge/${id}.svg`, type: 'image/svg+xml; charset=utf-8', body: badge(service, language) }
    yield { path: `badge/${id}.json`, type: 'application/json; charset=utf-8', body: endpoint(service, language) }
  }
}

/** What the badges say, as a text that is another when one of them does. */
export function badgesSay({ hoster, services }: Picture): string {
  const [language] = hoster.languages
  return JSON.stringify([language, services.map((one) => [one.service.id, one.status, wordsOf(one, language)])])
}

/** shields.io's endpoint schema, version 1. */
function endpoint(service: ServicePicture, language: Language): string {
  const [label, message] = wordsOf(service, language)
  const { name: color } = COLOURS[service.status]
  return `${JSON.stringify({ schemaVersion: 1, label, message, color, cacheSeconds: CACHED_SECONDS })}\n`
}

function badge(service: ServicePicture, language: Language): string {
  const [label, message] = wordsOf(service, language)
  const { fill, text } = COLOURS[service.status]
  const left = widthOf(label) + 2 * PADDING
  const right = widthOf(message) + 2 * PADDING
  const width = left + right
  const title = `${label} : ${message}`
  const written = (words: string, x: number, length: number, colour: string) =>
    element('text', { x: String(x + length / 2), y: '14', fill: colour, 'text-anchor': 'middle' }, xml(words))
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: String(width),
      height: String(HEIGHT),
      role: 'img',
      'aria-label': title,
      'xml:lang': language,
      'font-family': 'Verdana,DejaVu Sans,sans-serif',
      'font-size': '11',
    },
    [
      element('title', {}, xml(title)),
      element('rect', { width: String(width), height: String(HEIGHT), rx: '3', fill }),
      element('path', { d: `M3 0h${left - 3}v${HEIGHT}H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z`, fill: '#444' }),
      written(label, 0, left, '#fff'),
      written(message, left, right, text),
    ].join(''),
  )}\n`
}

function wordsOf(service: ServicePicture, language: Language): readonly [label: string, message: string] {
  return [say(service.service.name, language), CONDITIONS[language][conditionOf(service)]]
}

/** About as wide as Verdana at 11 px sets it, in whole pixels: a badge must know before anything is drawn. */
function widthOf(text: string): number {
  const wide = [...text].reduce(
    (sum, letter) => sum + (/[ijl.,:;'| !()tfrI]/.test(letter) ? 4.6 : /[mwMW@%]/.test(letter) ? 10.5 : 7.2),
    0,
  )
  return Math.ceil(wide)
}
