// Maintenance as a calendar (RFC 5545): one event a time, in UTC, with a name that never changes and a number that grows when
// its times do; what was called off stays, cancelled, so that it leaves the calendars of those who follow it.
import type { MaintenancePicture, Picture } from '../../core/shown/picture.ts'
import { type Language, list, PUNCTUATION, say } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import { markdownText } from '../words/markdown.ts'
import { pageAddress } from './address.ts'
import { pageId } from './identity.ts'

const CALENDAR = 'text/calendar; charset=utf-8'

/** `calendar.ics` in the first language, and one in each: `fr/calendar.ics`. */
export function* calendarFiles(picture: Picture) {
  const { languages } = picture.hoster
  for (const language of languages) {
    const body = calendarOf(picture, language)
    if (language === languages[0]) yield { path: 'calendar.ics', type: CALENDAR, body }
    yield { path: `${language}/calendar.ics`, type: CALENDAR, body }
  }
}

const TITLES: Readonly<Record<Language, (hoster: string) => string>> = {
  fr: (hoster) => `Maintenances ${hoster}`,
  en: (hoster) => `${hoster} maintenance`,
}

function calendarOf(picture: Picture, language: Language): string {
  const name = say(picture.hoster.name, language)
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//vigie//vigie//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${text(TITLES[language](name))}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    'X-PUBLISHED-TTL:PT1H',
    ...picture.maintenances.flatMap((time) => eventOf(time, picture, language)),
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}

function eventOf(time: MaintenancePicture, picture: Picture, language: Language): readonly string[] {
  const names = picture.services
    .filter(({ service }) => time.services.includes(service.id))
    .map(({ service }) => say(service.name, language))
  const about = [markdownText(say(time.text, language)), list(names, language)].filter((part) => part !== '')
  const changed = Math.max(time.created, time.changed)
  return [
    'BEGIN:VEVENT',
    `UID:${time.id}@${pageId(picture.hoster)}.vigie.invalid`,
    // Not the present moment: a calendar in which nothing changed must be the same file.
    `DTSTAMP:${utc(changed)}`,
    `CREATED:${utc(time.created)}`,
    `LAST-MODIFIED:${utc(changed)}`,
    `SEQUENCE:${time.sequence}`,
    `STATUS:${time.cancelled === null ? 'CONFIRMED' : 'CANCELLED'}`,
    'TRANSP:TRANSPARENT',
    `DTSTART:${utc(time.begins)}`,
    `DTEND:${utc(time.ends)}`,
    `SUMMARY:${text(`${say(picture.hoster.name, language)}${PUNCTUATION[language].colon}${say(time.title, language)}`)}`,
    ...(about.length === 0 ? [] : [`DESCRIPTION:${text(about.join('\n\n'))}`]),
    ...(URL.canParse(pageAddress(picture, ''))
      ? [`URL:${pageAddress(picture, 'maintenance/', `time-${time.id}`, language)}`]
      : []),
    'CATEGORIES:MAINTENANCE',
    'END:VEVENT',
  ]
}

function utc(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** A TEXT value (3.3.11): what means something is escaped, control characters are left out. */
function text(value: string): string {
  return value
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x09\x0b-\x1f\x7f\u2028\u2029]/g, ' ')
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\n/g, '\\n')
}

/** Lines of at most 75 octets, going on after a space (3.1); no character is cut in two. */
function folded(line: string): string {
  const parts: string[] = []
  let part = ''
  let size = 0
  for (const character of line) {
    const length = Buffer.byteLength(character)
    if (size + length > (parts.length === 0 ? 75 : 74)) {
      parts.push(part)
      part = ''
      size = 0
    }
    part += character
    size += length
  }
  return [...parts, part].join('\r\n ')
}
