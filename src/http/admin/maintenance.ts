// `/admin/maintenance/`: plan work, move its end, call it off.
import { type Desk, idsOf } from './desk.ts'
import type { Answer, Door, Known } from './door.ts'
import { ifChanged, ifOthers, textsIn } from './fields.ts'
import { chosenIn, type Form, lineIn } from './form.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { listModel, newModel, oneModel, WEEKDAYS } from './maintenance-model.ts'
import { formsUnder, type Refused, refusalOn } from './posted-form.ts'

/**
 * One that isn't there is 404, and what was typed about it is shown all the same. An end now is a prolongation to
 * `now`.
 */
export function putUpMaintenance(door: Door, desk: Desk): void {
  const { maintenance } = desk.post
  const form = formsUnder(door, '/maintenance')

  door.get('/maintenance/', (visit) => ({ page: 'maintenance', model: listModel(desk, visit) }))
  door.get('/maintenance/new', (visit) => newPage(visit, null))
  form('new', newPage, 'planned', (form, from) => maintenance.plan(planIn(form), from))
  door.get('/maintenance/:id', (visit) => onePage(visit, null))
  form(':id/prolong', onePage, 'prolonged', (form, from, id) =>
    maintenance.prolong(id, { time: lineIn(form, 'time'), ends: momentIn(form, 'ends') }, from),
  )
  form(':id/end', onePage, 'prolonged', (form, from, id) =>
    maintenance.prolong(id, { time: lineIn(form, 'time'), ends: 'now' }, from),
  )
  form(':id/cancel', onePage, 'cancelled', (form, from, id) =>
    maintenance.cancel(id, { time: lineIn(form, 'time') }, from),
  )
  form(':id/change', onePage, 'changed', (form, from, id) => maintenance.change(id, changeIn(form, id), from))
  form(':id/update', onePage, 'updated', (form, from, id) =>
    maintenance.update(id, { text: textsIn(form, 'text') }, from),
  )

  function newPage(visit: Known, refused: Refused | null): Answer {
    return { page: 'maintenance-new', model: newModel(desk, visit, refused), status: refused?.status ?? 200 }
  }

  function onePage(visit: Known, refused: Refused | null): Answer {
    const known = desk.notes.maintenance(visit.params.id ?? '')
    if (known !== undefined)
      return { page: 'maintenance-one', model: oneModel(desk, visit, known, refused), status: refused?.status ?? 200 }
    const text = INCIDENT_WORDS[visit.language]
    return { page: 'missing', model: { text, ...refusalOn(desk, visit, refused, []) }, status: 404 }
  }

  function planIn(form: Form) {
    return {
      title: textsIn(form, 'title'),
      text: textsIn(form, 'text'),
      services: chosenIn(form, 'services', idsOf(desk)),
      begins: momentIn(form, 'begins'),
      ends: momentIn(form, 'ends'),
      repeats: ruleIn(form),
    }
  }

  /** What isn't changed isn't said. */
  function changeIn(form: Form, id: string) {
    const before = desk.notes.maintenance(id)
    return {
      title: ifChanged(textsIn(form, 'title'), before?.title ?? {}),
      text: ifChanged(textsIn(form, 'text'), before?.text ?? {}),
      services: ifOthers(chosenIn(form, 'services', idsOf(desk)), before?.services ?? []),
    }
  }
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
