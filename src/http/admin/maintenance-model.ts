// What the pages of `/admin/maintenance/` show: from what is known, and from a form that was refused.
import { nameOfAuthor } from '../../core/author.ts'
import { type Maintenance, type Occurrence, occurrenceStatus } from '../../core/said/maintenance.ts'
import { type Language, LOCALES, say } from '../../core/text.ts'
import { calendarOf } from '../../core/time/date-parts.ts'
import { DAY } from '../../core/time/time.ts'
import type { Moments } from '../../page/words/page-moments.ts'
import { type Desk, idsOf, momentsFor } from './desk.ts'
import type { Known } from './door.ts'
import { concernsOf, optionsOf, serviceChoices, textFields, wallTime } from './fields.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { MAINTENANCE_WORDS, REPEATS } from './maintenance-words.ts'
import { faultsIn, fillingOf, type Refused, refusalOn } from './posted-form.ts'

/** As rules name them, from Sunday. */
export const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** How far ahead and back work is listed. */
const AHEAD = 92 * DAY
const BACK = 31 * DAY
/** Of one that repeats so many times are shown. */
const MOST_TIMES = 6

/** 31 days back and 92 ahead; what was called off is past, even before its time. The nearest comes first in both. */
export function listModel(desk: Desk, visit: Known) {
  const now = desk.now()
  const all = desk.notes.occurrences(now - BACK, now + AHEAD)
  const ahead = all.filter((one) => one.cancelled === null && now < one.ends)
  const past = all.filter((one) => one.cancelled !== null || one.ends <= now).toReversed()
  const row = (one: Occurrence) => timeModel(desk, visit, one)
  return { work: MAINTENANCE_WORDS[visit.language], ahead: ahead.map(row), past: past.map(row) }
}

function timeModel(desk: Desk, visit: Known, one: Occurrence) {
  const { maintenance, begins } = one
  const status = occurrenceStatus(one, desk.now())
  return {
    id: maintenance.id,
    title: say(maintenance.title, visit.language),
    status: MAINTENANCE_WORDS[visit.language].statuses[status],
    off: status === 'cancelled',
    running: status === 'in_progress',
    time: new Date(begins).toISOString(),
    when: spanOf(one, momentsFor(desk, visit.language)),
  }
}

/** Empty but for what was typed in a form that was refused. */
export function newModel(desk: Desk, visit: Known, refused: Refused | null) {
  const { languages } = desk.configuration()
  const work = MAINTENANCE_WORDS[visit.language]
  const filling = fillingOf(refused, 'new')
  return {
    text: INCIDENT_WORDS[visit.language],
    work,
    fault: filling.card.fault,
    wrong: filling.card.wrong,
    faults: faultsIn(filling.card.wrong),
    hint: hintFor(desk, visit),
    titles: textFields('title', languages, visit, filling.texts('title', undefined)),
    texts: textFields('text', languages, visit, filling.texts('text', undefined)),
    services: serviceChoices(desk, visit, filling.ticked('services', idsOf(desk), [])),
    begins: filling.line('begins', ''),
    ends: filling.line('ends', ''),
    repeats: optionsOf(work.repeats, REPEATS, filling.choice('repeats', REPEATS, 'never')),
    until: filling.line('until', ''),
  }
}

/** A form that does not stand on the page as it is now is null. */
export function oneModel(desk: Desk, visit: Known, maintenance: Maintenance, refused: Refused | null) {
  const { language } = visit
  const text = INCIDENT_WORDS[language]
  const { languages, timezone } = desk.configuration()
  const { id, title, services, updates } = maintenance
  const off = maintenance.cancelled !== null
  const now = desk.now()
  const moments = momentsFor(desk, visit.language)

  const changing = () => {
    const filling = fillingOf(refused, 'change')
    return {
      card: filling.card,
      titles: textFields('title', languages, visit, filling.texts('title', title)),
      texts: textFields('text', languages, visit, filling.texts('text', maintenance.text)),
      services: serviceChoices(desk, visit, filling.ticked('services', idsOf(desk), services)),
    }
  }
  const updating = () => {
    const filling = fillingOf(refused, 'update')
    return { card: filling.card, texts: textFields('text', languages, visit, filling.texts('text', undefined)) }
  }
  const prolonging = (time: string, ends: number) => {
    const filling = fillingOf(refused, 'prolong', { time })
    return { card: filling.card, ends: filling.line('ends', wallTime(ends, timezone)) }
  }

  const forms = { update: off ? null : updating(), change: off ? null : changing() }
  const times = desk.notes
    .occurrences(now - BACK, now + 4 * AHEAD)
    .filter((one) => one.maintenance.id === id && one.ends > now)
    .slice(0, MOST_TIMES)
    .map((one) => {
      const time = timeModel(desk, visit, one)
      return { ...time, prolong: off || time.off ? null : prolonging(time.time, one.ends) }
    })
  return {
    text,
    work: MAINTENANCE_WORDS[language],
    ...refusalOn(desk, visit, refused, [...Object.values(forms), ...times.map(({ prolong }) => prolong)]),
    id,
    title: say(title, language),
    off,
    conflicts: maintenance.conflicts.map((field) => text.fields[field as keyof typeof text.fields] ?? field),
    concerns: concernsOf(desk, visit, services),
    repeats: repeatsOf(maintenance.plan.repeats, language),
    texts: languages.flatMap((one) =>
      maintenance.text[one] === undefined ? [] : [{ language: one, text: maintenance.text[one] }],
    ),
    updates: updates.toReversed().map((one) => ({
      at: moments.since(one.at),
      by: nameOfAuthor(one.by, language),
      text: say(one.text, language),
    })),
    times,
    forms,
    hint: hintFor(desk, visit),
  }
}

/** `Chaque mois, le 4e samedi, jusqu’au 31 décembre 2027`; a rule that the form doesn't make stays as it is written. */
function repeatsOf(rule: string | null, language: Language): string | null {
  const [, most = rule ?? '', year, month, date] = /^(.*);UNTIL=(\d{4})(\d\d)(\d\d)$/.exec(rule ?? '') ?? []
  const repeats = oftenOf(most, language)
  if (repeats === null) return rule
  if (year === undefined) return repeats
  const last = calendarOf(language, 'UTC').partsOf(Date.UTC(Number(year), Number(month) - 1, Number(date)))
  return `${repeats}, ${MAINTENANCE_WORDS[language].lastly(`${last.date} ${last.year}`)}`
}

function oftenOf(rule: string, language: Language): string | null {
  const words = MAINTENANCE_WORDS[language]
  const date = /^FREQ=MONTHLY;BYMONTHDAY=([1-9]\d?)$/.exec(rule)?.[1]
  if (date !== undefined) return words.monthly(Number(date))
  const [, frequency, nth = '', day = ''] = /^FREQ=(WEEKLY|MONTHLY);BYDAY=(-1|[1-5])?([A-Z]{2})$/.exec(rule) ?? []
  const at = WEEKDAYS.indexOf(day)
  if (at < 0 || (frequency === 'MONTHLY') === (nth === '')) return null
  const sunday = Date.UTC(2026, 0, 4)
  const weekday = new Date(sunday + at * DAY).toLocaleDateString(LOCALES[language], {
    weekday: 'long',
    timeZone: 'UTC',
  })
  return nth === '' ? words.weekly(weekday) : words.nthOfMonth(Number(nth), weekday)
}

/** By whose clock a moment is told. */
function hintFor(desk: Desk, { language }: Known): string {
  return `${INCIDENT_WORDS[language].hints.times} ${desk.configuration().timezone}.`
}

/** `demain à 22:00 → 23:00`. */
export function spanOf({ begins, ends }: Pick<Occurrence, 'begins' | 'ends'>, moments: Moments): string {
  const end = moments.day(begins) === moments.day(ends) ? moments.clock(ends) : moments.since(ends)
  return `${moments.since(begins)} → ${end}`
}
