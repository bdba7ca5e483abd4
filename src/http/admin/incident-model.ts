// What the pages of `/admin/incidents/` show: from what is known, and from a form that was refused.
import { nameOfAuthor } from '../../core/author.ts'
import {
  IMPACTS,
  INCIDENT_STATUSES,
  type Incident,
  type IncidentStatus,
  RAISES,
  type Raise,
} from '../../core/said/incident.ts'
import { capitalised, say, type Text } from '../../core/text.ts'
import { iso } from '../../core/time/time.ts'
import { type Desk, idsOf, momentsFor } from './desk.ts'
import type { Known } from './door.ts'
import { concernsOf, hiddenMark, optionsOf, serviceChoices, textFields, wallTime } from './fields.ts'
import { chosenIn, lineIn } from './form.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { type Filling, faultsIn, fillingOf, fillingWith, type Refused, refusalOn } from './posted-form.ts'
import { putFields, putFieldsIn, UNSAID } from './template-form.ts'

/** So many that are over are listed. */
const MOST_PAST = 50

/** An end has a button of its own. */
const UNENDED = INCIDENT_STATUSES.slice(0, 3)

/** All that are open, and the last 50 that are over. */
export function listModel(desk: Desk, visit: Known) {
  const { language } = visit
  const text = INCIDENT_WORDS[language]
  const moments = momentsFor(desk, language)
  const all = desk.notes.incidents()
  const row = ({ id, title, status, services, started, updates }: Incident) => ({
    id,
    title: say(title, language),
    status: text.statuses[status] + hiddenMark(desk, visit, services),
    started: moments.since(started),
    changed: moments.since(updates.at(-1)!.at),
  })
  const open = all.filter(({ status }) => status !== 'resolved').map(row)
  const past = all
    .filter(({ status }) => status === 'resolved')
    .slice(0, MOST_PAST)
    .map(row)
  return { text, open, past }
}

/**
 * What was typed comes before the draft, or else the template, that the address names; services named there choose what
 * a template is filled with. `fault` null: nothing is wrong, a template was taken, or none.
 */
export function newModel(
  desk: Desk,
  visit: Known,
  form: (Pick<Refused, 'typed' | 'wrong'> & { readonly fault: string | null }) | null,
) {
  const { language } = visit
  const text = INCIDENT_WORDS[language]
  const { languages } = desk.configuration()
  const beginning = beginningOf(desk, visit)
  const filling = fillingWith(form?.typed ?? null)
  const about = filling.ticked('services', idsOf(desk), beginning.services)
  const taken = filling.line('template', beginning.template)
  const templates = desk.templates(about).map(({ id, title }) => ({
    id,
    title: say(title, language),
    chosen: id === taken,
  }))
  return {
    text,
    fault: form?.fault ? capitalised(form.fault) : null,
    wrong: form?.wrong ?? {},
    faults: faultsIn(form?.wrong ?? {}),
    ...(form?.fault === null ? { done: text.taken[templates.some(({ chosen }) => chosen) ? 'one' : 'none'] } : {}),
    draft: filling.line('draft', beginning.draft),
    templates,
    put: form === null ? putFields(beginning) : putFieldsIn(form.typed),
    titles: textFields('title', languages, visit, filling.texts('title', beginning.title)),
    texts: textFields('text', languages, visit, filling.texts('text', beginning.text)),
    ...particulars(desk, visit, filling, beginning),
    statuses: optionsOf(text.statuses, UNENDED, filling.choice('status', UNENDED, beginning.status)),
  }
}

type Particulars = Pick<Incident, 'impact' | 'raises' | 'services'> & { readonly started: string }

interface Beginning extends Particulars, Pick<Incident, 'status'> {
  readonly title: Text | undefined
  readonly text: Text | undefined
  readonly draft: string
  readonly template: string
}

/** What the form of a new one begins with: a draft's words, a template's, or services named in the address. */
function beginningOf(desk: Desk, { query }: Known): Beginning {
  const named = chosenIn(query, 'service', idsOf(desk))
  const draft = desk.drafts().find(({ id }) => id === lineIn(query, 'draft'))
  const prepared = draft ?? desk.templates(named).find(({ id }) => id === lineIn(query, 'template'))
  const common = { draft: draft?.id ?? '', template: '', raises: 'none' as Raise }
  if (prepared === undefined) return { ...common, ...UNSAID, services: named, started: '' }
  const { id, title, text, status, impact, services, started } = prepared
  const about = services.length === 0 ? named : services
  const begun = started === null ? '' : wallTime(started, desk.configuration().timezone)
  const from = draft === undefined ? { template: id } : {}
  return { ...common, ...from, title, text, status, impact, services: about, started: begun }
}

function particulars(desk: Desk, visit: Known, filling: Filling, known: Particulars) {
  const text = INCIDENT_WORDS[visit.language]
  return {
    impacts: optionsOf(text.impacts, IMPACTS, filling.choice('impact', IMPACTS, known.impact)),
    raises: optionsOf(text.raises, RAISES, filling.choice('raises', RAISES, known.raises)),
    services: serviceChoices(desk, visit, filling.ticked('services', idsOf(desk), known.services)),
    started: filling.line('started', known.started),
  }
}

/** A form that does not stand on the page as it is now is null. */
export function oneModel(desk: Desk, visit: Known, incident: Incident, refused: Refused | null) {
  const { language } = visit
  const text = INCIDENT_WORDS[language]
  const moments = momentsFor(desk, language)
  const { languages, timezone } = desk.configuration()
  const { id, title, status, impact, services, started, updates, resolved, retracted } = incident

  const writing = (name: string, known?: Text, of: Readonly<Record<string, string>> = {}) => {
    const { card, texts } = fillingOf(refused, name, of)
    return { card, texts: textFields('text', languages, visit, texts('text', known)) }
  }
  const updating = () => {
    const next = fillingOf(refused, 'update').choice('status', UNENDED, nextOf(status))
    return { ...writing('update'), statuses: optionsOf(text.statuses, UNENDED, next) }
  }
  const correcting = () => {
    const filling = fillingOf(refused, 'correct')
    return {
      card: filling.card,
      titles: textFields('title', languages, visit, filling.texts('title', title)),
      ...particulars(desk, visit, filling, { ...incident, started: wallTime(started, timezone) }),
    }
  }

  const open = resolved === null
  const forms = {
    update: retracted ? null : updating(),
    resolve: retracted || !open ? null : writing('resolve', text.one.resolvedText),
    postmortem: retracted || open ? null : writing('postmortem', incident.postmortem?.text),
    correct: retracted ? null : correcting(),
  }
  const rows = updates.toReversed().map((update, at) => ({
    id: update.id,
    iso: iso(update.at),
    at: moments.since(update.at),
    by: nameOfAuthor(update.by, language),
    status: text.statuses[update.status],
    texts: languages.flatMap((one) =>
      update.text[one] === undefined ? [] : [{ language: one, text: update.text[one] }],
    ),
    rivals: update.rivals.map((rival) => say(rival, language)),
    corrected: update.corrected === null ? null : moments.since(update.corrected),
    first: at === updates.length - 1,
    reword: retracted ? null : writing('reword', update.text, { update: update.id }),
  }))
  const standing = [...Object.values(forms), ...rows.map(({ reword }) => reword)]
  return {
    text,
    ...refusalOn(desk, visit, refused, standing),
    title: say(title, language),
    id,
    open,
    retracted,
    automatic: incident.automatic,
    conflicts: incident.conflicts.map((field) => text.fields[field as keyof typeof text.fields] ?? field),
    status: text.statuses[status] + hiddenMark(desk, visit, services),
    impact: text.impacts[impact],
    concerns: concernsOf(desk, visit, services),
    since: moments.since(started),
    forms,
    updates: rows,
  }
}

/** What one says next, most likely. */
function nextOf(status: IncidentStatus): IncidentStatus {
  return status === 'resolved' ? 'investigating' : status
}
