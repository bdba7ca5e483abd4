// `/admin/maintenance/`: plan work, move its end, call it off.
import { type Maintenance, type Occurrence, occurrenceStatus } from '../../core/said/maintenance.ts'
import type { Answer as Posted } from '../../core/said/post.ts'
import { say } from '../../core/text.ts'
import { DAY } from '../../core/time/time.ts'
import { type Moments, momentsOf } from '../../page/words/moments.ts'
import { type Desk, servicesOf } from './desk.ts'
import type { Answer, Door, Known } from './door.ts'
import {
  faultOf,
  ifChanged,
  ifOthers,
  optionsOf,
  senderOf,
  serviceChoices,
  textFields,
  textsIn,
  wallTime,
} from './fields.ts'
import { chosenIn, type Form, lineIn } from './form.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { MAINTENANCE_WORDS, type Repeats } from './maintenance-words.ts'

const REPEATS: readonly Repeats[] = ['never', 'weekly', 'monthly', 'weekday']
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** How far ahead and back work is listed. */
const AHEAD = 92 * DAY
const BACK = 31 * DAY
/** Of one that repeats so many times are shown. */
const MOST_TIMES = 6

export function putUpMaintenance(door: Door, desk: Desk): void {
  const { notes, post } = desk

  door.get('/maintenance/', (visit) => listPage(visit))
  door.get('/maintenance/new', (visit) => newPage(visit, {}))
  door.post('/maintenance/new', (visit, form) => {
    const handed = {
      title: textsIn(form, 'title'),
      text: textsIn(form, 'text'),
      services: servicesIn(form),
      begins: momentIn(form, 'begins'),
      ends: momentIn(form, 'ends'),
      repeats: ruleIn(form),
    }
    const planned = post.maintenance.plan(handed, senderOf(visit, form))
    if ('done' in planned) return { to: `/admin/maintenance/${planned.done.id}?done=planned` }
    return newPage(visit, form, faultOf(planned, visit.language))
  })

  door.get('/maintenance/:id', (visit) => onePage(visit))
  change('prolong', 'prolonged', (id, form, from) =>
    post.maintenance.prolong(id, { time: lineIn(form, 'time'), ends: momentIn(form, 'ends') }, from),
  )
  change('end', 'prolonged', (id, form, from) =>
    post.maintenance.prolong(id, { time: lineIn(form, 'time'), ends: 'now' }, from),
  )
  change('cancel', 'cancelled', (id, form, from) => post.maintenance.cancel(id, { time: lineIn(form, 'time') }, from))
  change('change', 'changed', (id, form, from) => {
    const before = notes.maintenance(id)
    const handed = {
      title: ifChanged(textsIn(form, 'title'), before?.title ?? {}),
      text: ifChanged(textsIn(form, 'text'), before?.text ?? {}),
      services: ifOthers(servicesIn(form), before?.services ?? []),
    }
    return post.maintenance.change(id, handed, from)
  })
  change('update', 'updated', (id, form, from) => post.maintenance.update(id, { text: textsIn(form, 'text') }, from))

  /** A form on a maintenance's page. */
  function change(
    name: string,
    done: 'prolonged' | 'cancelled' | 'changed' | 'updated',
    act: (id: string, form: Form, from: ReturnType<typeof senderOf>) => Posted<Maintenance>,
  ) {
    door.post(`/maintenance/:id/${name}`, (visit, form) => {
      const { id = '' } = visit.params
      const answer = act(id, form, senderOf(visit, form))
      if ('done' in answer) return { to: `/admin/maintenance/${id}?done=${done}` }
      return onePage(visit, faultOf(answer, visit.language))
    })
  }

  function listPage(visit: Known): Answer {
    const now = desk.now()
    const row = (one: Occurrence) => timeModel(one, visit)
    const all = notes.occurrences(now - BACK, now + AHEAD)
    const ahead = all.filter((one) => one.cancelled === null && now < one.ends)
    const past = all.filter((one) => one.cancelled !== null || one.ends <= now).toReversed()
    const model = { work: MAINTENANCE_WORDS[visit.language], ahead: ahead.map(row), past: past.map(row) }
    return { page: 'maintenance', model }
  }

  function timeModel(one: Occurrence, visit: Known) {
    const { maintenance, begins, ends } = one
    const words = MAINTENANCE_WORDS[visit.language]
    const moments = momentsFor(visit)
    const status = occurrenceStatus(one, desk.now())
    return {
      id: maintenance.id,
      title: say(maintenance.title, visit.language),
      status: words.statuses[status],
      off: status === 'cancelled',
      running: status === 'in_progress',
      time: new Date(begins).toISOString(),
      when: spanOf(one, moments),
      ends: wallTime(ends, desk.configuration().timezone),
    }
  }

  function newPage(visit: Known, given: Form, fault: string | null = null): Answer {
    const { languages, timezone } = desk.configuration()
    const text = INCIDENT_WORDS[visit.language]
    const repeats = REPEATS.find((one) => one === lineIn(given, 'repeats')) ?? 'never'
    const model = {
      text,
      work: MAINTENANCE_WORDS[visit.language],
      fault,
      hint: `${text.hints.times} ${timezone}.`,
      titles: textFields('title', languages, visit, textsIn(given, 'title')),
      texts: textFields('text', languages, visit, textsIn(given, 'text')),
      services: serviceChoices(desk, visit, servicesIn(given)),
      begins: lineIn(given, 'begins'),
      ends: lineIn(given, 'ends'),
      repeats: optionsOf(MAINTENANCE_WORDS[visit.language].repeats, REPEATS, repeats),
      until: lineIn(given, 'until'),
    }
    return { page: 'maintenance-new', model, status: fault === null ? 200 : 422 }
  }

  function onePage(visit: Known, fault: string | null = null): Answer {
    const text = INCIDENT_WORDS[visit.language]
    const maintenance = notes.maintenance(visit.params.id ?? '')
    if (maintenance === undefined) return { page: 'missing', model: { text }, status: 404 }
    const { languages } = desk.configuration()
    const now = desk.now()
    const times = notes.occurrences(now - BACK, now + 4 * AHEAD).filter((one) => one.maintenance.id === maintenance.id)
    const moments = momentsFor(visit)
    const model = {
      text,
      work: MAINTENANCE_WORDS[visit.language],
      fault,
      id: maintenance.id,
      title: say(maintenance.title, visit.language),
      off: maintenance.cancelled !== null,
      conflicts: maintenance.conflicts.map((field) => text.fields[field as keyof typeof text.fields] ?? field),
      repeats: maintenance.plan.repeats,
      texts: languages.flatMap((one) =>
        maintenance.text[one] === undefined ? [] : [{ language: one, text: maintenance.text[one] }],
      ),
      updates: maintenance.updates.toReversed().map((one) => ({
        at: moments.since(one.at),
        by: one.by,
        text: say(one.text, visit.language),
      })),
      times: times
        .filter((one) => one.ends > now)
        .slice(0, MOST_TIMES)
        .map((one) => timeModel(one, visit)),
      titles: textFields('title', languages, visit, maintenance.title),
      changing: textFields('text', languages, visit, maintenance.text),
      updating: textFields('text', languages, visit, undefined),
      services: serviceChoices(desk, visit, maintenance.services),
      hint: `${text.hints.times} ${desk.configuration().timezone}.`,
    }
    return { page: 'maintenance-one', model, status: fault === null ? 200 : 422 }
  }

  function servicesIn(form: Form): readonly string[] {
    return chosenIn(
      form,
      'services',
      servicesOf(desk).map(({ id }) => id),
    )
  }

  /** A browser's own field says `2026-11-23T22:00`, a person `2026-11-23 22:00`. */
  function momentIn(form: Form, name: string): string {
    return lineIn(form, name, 40).replace('T', ' ')
  }

  /** The rule a choice stands for, by the day it begins on; undefined when that isn't to be understood (and will be said). */
  function ruleIn(form: Form): string | undefined {
    const repeats = lineIn(form, 'repeats')
    const [day] = momentIn(form, 'begins').split(' ')
    const date = new Date(`${day}T00:00:00Z`)
    if (repeats === '' || repeats === 'never' || Number.isNaN(date.getTime())) return undefined
    const weekday = WEEKDAYS[date.getUTCDay()]!
    const nth = Math.ceil(date.getUTCDate() / 7)
    const last = lineIn(form, 'until', 10).replaceAll('-', '')
    const until = last === '' ? '' : `;UNTIL=${last}`
    if (repeats === 'weekly') return `FREQ=WEEKLY;BYDAY=${weekday}${until}`
    if (repeats === 'monthly') return `FREQ=MONTHLY;BYMONTHDAY=${date.getUTCDate()}${until}`
    return `FREQ=MONTHLY;BYDAY=${nth > 4 ? -1 : nth}${weekday}${until}`
  }

  function momentsFor({ language }: Known): Moments {
    return momentsOf(language, desk.configuration().timezone, desk.now())
  }
}

/** `demain à 22:00 → 23:00`. */
export function spanOf({ begins, ends }: Occurrence, moments: Moments): string {
  const end = moments.day(begins) === moments.day(ends) ? moments.clock(ends) : moments.since(ends)
  return `${moments.since(begins)} → ${end}`
}
