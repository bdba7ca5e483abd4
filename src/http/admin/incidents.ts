// `/admin/incidents/`: open one, say how it goes, correct it, close it, look back on it.
import {
  IMPACTS,
  INCIDENT_STATUSES,
  type Incident,
  type IncidentStatus,
  RAISES,
  type Raise,
} from '../../core/said/incident.ts'
import type { Answer as Posted } from '../../core/said/post.ts'
import { say } from '../../core/text.ts'
import { iso } from '../../core/time/time.ts'
import { type Moments, momentsOf } from '../../page/words/moments.ts'
import { type Desk, type Prepared, servicesOf } from './desk.ts'
import type { Answer, Door, Known } from './door.ts'
import {
  faultOf,
  hiddenMark,
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

/** So many that are over are listed. */
const MOST_PAST = 50

export function putUpIncidents(door: Door, desk: Desk): void {
  const { notes, post } = desk

  door.get('/incidents/', (visit) => listPage(visit))
  door.get('/incidents/new', (visit) => newPage(visit, beginning(visit)))
  door.post('/incidents/new', (visit, form) => {
    const draft = lineIn(form, 'draft')
    const opened = post.incident.open(
      {
        title: textsIn(form, 'title'),
        text: textsIn(form, 'text'),
        status: lineIn(form, 'status'),
        impact: lineIn(form, 'impact'),
        services: servicesIn(form),
        started: lineIn(form, 'started'),
        raises: lineIn(form, 'raises'),
        ...(draft === '' ? {} : { draft }),
      },
      senderOf(visit, form),
    )
    if ('done' in opened) return { to: `/admin/incidents/${opened.done.id}?done=published` }
    return newPage(visit, typed(form), faultOf(opened, visit.language))
  })

  door.get('/incidents/:id', (visit) => onePage(visit))
  change('update', 'updated', (id, form, from) => {
    const status = lineIn(form, 'status')
    return post.incident.update(id, { status, text: textsIn(form, 'text') }, from)
  })
  change('resolve', 'resolved', (id, form, from) =>
    post.incident.update(id, { status: 'resolved', text: textsIn(form, 'text') }, from),
  )
  change('correct', 'corrected', (id, form, from) => {
    const before = notes.incident(id)
    const changed = <K extends 'impact' | 'raises'>(name: K) =>
      lineIn(form, name) === before?.[name] ? '' : lineIn(form, name)
    const started = lineIn(form, 'started')
    const handed = {
      title: ifChanged(textsIn(form, 'title'), before?.title ?? {}),
      impact: changed('impact'),
      services: ifOthers(servicesIn(form), before?.services ?? []),
      raises: changed('raises'),
      started: before !== undefined && started === wall(before.started) ? '' : started,
    }
    return post.incident.correct(id, handed, from)
  })
  change('reword', 'corrected', (id, form, from) =>
    post.incident.reword(id, lineIn(form, 'update'), { text: textsIn(form, 'text') }, from),
  )
  change('retract', 'retracted', (id, form, from) => {
    const update = lineIn(form, 'update')
    return post.incident.retract(id, update === '' ? null : update, from)
  })
  change('postmortem', 'postmortem', (id, form, from) =>
    post.incident.postmortem(id, { text: textsIn(form, 'text') }, from),
  )

  /** A form on an incident's page. */
  function change(
    name: string,
    done: 'updated' | 'resolved' | 'corrected' | 'retracted' | 'postmortem',
    act: (id: string, form: Form, from: ReturnType<typeof senderOf>) => Posted<Incident>,
  ) {
    door.post(`/incidents/:id/${name}`, (visit, form) => {
      const { id = '' } = visit.params
      const answer = act(id, form, senderOf(visit, form))
      if ('done' in answer) return { to: `/admin/incidents/${id}?done=${done}` }
      return onePage(visit, { form: name, given: form }, faultOf(answer, visit.language))
    })
  }

  function listPage(visit: Known): Answer {
    const { language } = visit
    const text = INCIDENT_WORDS[language]
    const moments = momentsFor(visit)
    const all = notes.incidents()
    const row = (incident: Incident) => summary(incident, visit, moments)
    const open = all.filter(({ status }) => status !== 'resolved').map(row)
    const past = all
      .filter(({ status }) => status === 'resolved')
      .slice(0, MOST_PAST)
      .map(row)
    return { page: 'incidents', model: { text, open, past } }
  }

  function summary({ id, title, status, services, started, updates }: Incident, visit: Known, moments: Moments) {
    const { language } = visit
    return {
      id,
      title: say(title, language),
      status: INCIDENT_WORDS[language].statuses[status] + hiddenMark(desk, visit, services),
      started: moments.since(started),
      changed: moments.since(updates.at(-1)!.at),
    }
  }

  /** What the form of a new one begins with: a draft's words, a template's, or services named in the address. */
  function beginning({ query }: Known): Given {
    const named = servicesIn(query, 'service')
    const draft = desk.drafts().find(({ id }) => id === lineIn(query, 'draft'))
    const template = desk.templates(named).find(({ id }) => id === lineIn(query, 'template'))
    const prepared = draft ?? template
    const nothing = { draft: '', status: 'investigating', raises: 'none' } as const
    if (prepared === undefined)
      return { ...nothing, title: undefined, text: undefined, impact: 'minor', services: named, started: '' }
    const { title, text, impact, services, started } = prepared
    const begins = started === null ? '' : wall(started)
    const about = services.length === 0 ? named : services
    return { ...nothing, title, text, impact, services: about, started: begins, draft: draft?.id ?? '' }
  }

  function typed(form: Form): Given {
    return {
      title: textsIn(form, 'title'),
      text: textsIn(form, 'text'),
      status: INCIDENT_STATUSES.find((one) => one === lineIn(form, 'status')) ?? 'investigating',
      impact: IMPACTS.find((one) => one === lineIn(form, 'impact')) ?? 'minor',
      services: servicesIn(form),
      started: lineIn(form, 'started'),
      raises: RAISES.find((one) => one === lineIn(form, 'raises')) ?? 'none',
      draft: lineIn(form, 'draft'),
    }
  }

  function newPage(visit: Known, given: Given, fault: string | null = null): Answer {
    const { language } = visit
    const text = INCIDENT_WORDS[language]
    const { languages } = desk.configuration()
    const model = {
      text,
      fault,
      draft: given.draft,
      templates: desk.templates(given.services).map(({ id, title }) => ({ id, title: say(title, language) })),
      chosen: given.services,
      titles: textFields('title', languages, visit, given.title),
      texts: textFields('text', languages, visit, given.text),
      ...particulars(visit, given),
      statuses: optionsOf(text.statuses, INCIDENT_STATUSES.slice(0, 3), given.status),
    }
    return { page: 'incident-new', model, status: fault === null ? 200 : 422 }
  }

  function particulars(visit: Known, given: Pick<Given, 'impact' | 'raises' | 'services' | 'started'>) {
    const text = INCIDENT_WORDS[visit.language]
    return {
      impacts: optionsOf(text.impacts, IMPACTS, given.impact),
      raises: optionsOf(text.raises, RAISES, given.raises),
      services: serviceChoices(desk, visit, given.services),
      started: given.started,
    }
  }

  function onePage(
    visit: Known,
    typing: { readonly form: string; readonly given: Form } | null = null,
    fault: string | null = null,
  ): Answer {
    const { language } = visit
    const text = INCIDENT_WORDS[language]
    const incident = notes.incident(visit.params.id ?? '')
    if (incident === undefined) return { page: 'missing', model: { text }, status: 404 }
    const moments = momentsFor(visit)
    const { languages } = desk.configuration()
    const again = (form: string) => (typing?.form === form ? textsIn(typing.given, 'text') : undefined)
    const { id, title, status, impact, raises, services, started, updates, resolved, postmortem } = incident
    const model = {
      text,
      fault,
      title: say(title, language),
      id,
      open: resolved === null && !incident.retracted,
      retracted: incident.retracted,
      automatic: incident.automatic,
      conflicts: incident.conflicts.map((field) => text.fields[field as keyof typeof text.fields] ?? field),
      status: text.statuses[status] + hiddenMark(desk, visit, services),
      impact: text.impacts[impact],
      since: moments.since(started),
      updates: updates.toReversed().map((update, at) => ({
        id: update.id,
        iso: iso(update.at),
        at: moments.since(update.at),
        by: update.by,
        status: text.statuses[update.status],
        texts: languages.flatMap((one) =>
          update.text[one] === undefined ? [] : [{ language: one, text: update.text[one] }],
        ),
        rivals: update.rivals.map((rival) => say(rival, language)),
        corrected: update.corrected === null ? null : moments.since(update.corrected),
        first: at === updates.length - 1,
        fields: textFields('text', languages, visit, update.text),
      })),
      statuses: optionsOf(text.statuses, INCIDENT_STATUSES.slice(0, 3), nextOf(status)),
      updating: textFields('text', languages, visit, again('update')),
      resolving: textFields('text', languages, visit, again('resolve') ?? text.one.resolvedText),
      titles: textFields('title', languages, visit, title),
      ...particulars(visit, { impact, raises, services, started: wall(started) }),
      postmortem: textFields('text', languages, visit, again('postmortem') ?? postmortem?.text),
      opened: typing?.form ?? '',
    }
    return { page: 'incident', model, status: fault === null ? 200 : 422 }
  }

  function servicesIn(form: Form, name = 'services'): readonly string[] {
    return chosenIn(
      form,
      name,
      servicesOf(desk).map(({ id }) => id),
    )
  }

  function momentsFor({ language }: Known): Moments {
    return momentsOf(language, desk.configuration().timezone, desk.now())
  }

  /** As a person would type it. */
  function wall(at: number): string {
    return wallTime(at, desk.configuration().timezone)
  }
}

interface Given extends Pick<Prepared, 'impact' | 'services'> {
  readonly title: Prepared['title'] | undefined
  readonly text: Prepared['text'] | undefined
  readonly status: IncidentStatus
  readonly raises: Raise
  readonly started: string
  readonly draft: string
}

/** What one says next, most likely. */
function nextOf(status: IncidentStatus): IncidentStatus {
  return status === 'resolved' ? 'investigating' : status
}
