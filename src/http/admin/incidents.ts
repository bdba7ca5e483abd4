// `/admin/incidents/`: open one, say how it goes, correct it, close it, look back on it.
import { type Desk, idsOf } from './desk.ts'
import type { Answer, Door, Known } from './door.ts'
import { ifChanged, ifOthers, textsIn, wallTime } from './fields.ts'
import { chosenIn, type Form, lineIn } from './form.ts'
import { listModel, newModel, oneModel } from './incident-model.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { formsUnder, putUpForm, type Refused, refusalOn } from './posted-form.ts'
import { takeTemplate } from './template-form.ts'

/** One that isn't there is 404, and what was typed about it is shown all the same. */
export function putUpIncidents(door: Door, desk: Desk): void {
  const { incident } = desk.post
  const form = formsUnder(door, '/incidents')

  door.get('/incidents/', (visit) => ({ page: 'incidents', model: listModel(desk, visit) }))
  door.get('/incidents/new', (visit) => newPage(visit, null))
  door.get('/incidents/new/fill', () => ({ to: '/admin/incidents/new' }))
  putUpForm(door.post, '/incidents/new/fill', newPage, (visit, form) => {
    const typed = takeTemplate(desk, form)
    return { page: 'incident-new', model: newModel(desk, visit, { typed, fault: null, wrong: {} }) }
  })
  form('new', newPage, 'published', (form, from) => incident.open(openingIn(form), from))
  door.get('/incidents/:id', (visit) => onePage(visit, null))
  form(':id/update', onePage, 'updated', (form, from, id) =>
    incident.update(id, { status: lineIn(form, 'status'), text: textsIn(form, 'text') }, from),
  )
  form(':id/resolve', onePage, 'resolved', (form, from, id) =>
    incident.update(id, { status: 'resolved', text: textsIn(form, 'text') }, from),
  )
  form(':id/correct', onePage, 'corrected', (form, from, id) => incident.correct(id, correctionIn(form, id), from))
  form(':id/reword', onePage, 'corrected', (form, from, id) =>
    incident.reword(id, lineIn(form, 'update'), { text: textsIn(form, 'text') }, from),
  )
  form(':id/retract', onePage, 'retracted', (form, from, id) => {
    const update = lineIn(form, 'update')
    return incident.retract(id, update === '' ? null : update, from)
  })
  form(':id/postmortem', onePage, 'postmortem', (form, from, id) =>
    incident.postmortem(id, { text: textsIn(form, 'text') }, from),
  )

  function newPage(visit: Known, refused: Refused | null): Answer {
    return { page: 'incident-new', model: newModel(desk, visit, refused), status: refused?.status ?? 200 }
  }

  function onePage(visit: Known, refused: Refused | null): Answer {
    const known = desk.notes.incident(visit.params.id ?? '')
    if (known !== undefined)
      return { page: 'incident', model: oneModel(desk, visit, known, refused), status: refused?.status ?? 200 }
    const text = INCIDENT_WORDS[visit.language]
    return { page: 'missing', model: { text, ...refusalOn(desk, visit, refused, []) }, status: 404 }
  }

  function openingIn(form: Form) {
    const draft = lineIn(form, 'draft')
    return {
      title: textsIn(form, 'title'),
      text: textsIn(form, 'text'),
      status: lineIn(form, 'status'),
      impact: lineIn(form, 'impact'),
      services: chosenIn(form, 'services', idsOf(desk)),
      started: lineIn(form, 'started'),
      raises: lineIn(form, 'raises'),
      ...(draft === '' ? {} : { draft }),
    }
  }

  /** What isn't changed isn't said. */
  function correctionIn(form: Form, id: string) {
    const before = desk.notes.incident(id)
    const changed = (name: string, known: string | undefined) =>
      lineIn(form, name) === known ? '' : lineIn(form, name)
    const begun = before === undefined ? undefined : wallTime(before.started, desk.configuration().timezone)
    return {
      title: ifChanged(textsIn(form, 'title'), before?.title ?? {}),
      impact: changed('impact', before?.impact),
      services: ifOthers(chosenIn(form, 'services', idsOf(desk)), before?.services ?? []),
      raises: changed('raises', before?.raises),
      started: changed('started', begun),
    }
  }
}
