// A template taken into the form of a new incident: it fills what nobody wrote, and never what somebody did.
import type { Impact, IncidentStatus } from '../../core/said/incident.ts'
import { LANGUAGES, type Text } from '../../core/text.ts'
import { type Desk, idsOf } from './desk.ts'
import { chosenIn, type Form, lineIn, textIn } from './form.ts'

/** Before the name of a field: what a draft or template had put there. A field that still says so was not written in. */
const PUT = 'put.'

/** Words that a draft or template puts into a form. */
export interface PutWords {
  readonly title: Text | undefined
  readonly text: Text | undefined
  readonly status: IncidentStatus
  readonly impact: Impact
}

/** What an incident is when nobody says. */
export const UNSAID = { title: undefined, text: undefined, status: 'investigating', impact: 'minor' } as const

/** Hidden fields that remember them. */
export function putFields(words: PutWords): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(fieldsOf(words)).map(([name, value]) => ({ name: PUT + name, value }))
}

/** Those that a form came with. */
export function putFieldsIn(form: Form): ReturnType<typeof putFields> {
  return Object.keys(form).flatMap((name) => (name.startsWith(PUT) ? { name, value: textIn(form, name) } : []))
}

/**
 * The form with the words of the template that it names, filled in for the services that are ticked in it, and where none is,
 * ticked as the template has them. Without a template it is emptied of what the one before had put there.
 */
export function takeTemplate(desk: Desk, form: Form): Form {
  const ticked = chosenIn(form, 'services', idsOf(desk))
  const template = desk.templates(ticked).find(({ id }) => id === lineIn(form, 'template'))
  const words = fieldsOf(template ?? UNSAID)
  const before = fieldsOf(UNSAID)
  const fill = Object.entries(words).filter(([name]) => {
    const typed = textIn(form, name)
    return typed === '' || typed === (PUT + name in form ? textIn(form, PUT + name) : before[name])
  })
  const put = Object.entries(words).map(([name, value]) => [PUT + name, value])
  return { ...form, ...Object.fromEntries([...fill, ...put]), services: template?.services ?? ticked }
}

function fieldsOf({ title, text, status, impact }: PutWords): Readonly<Record<string, string>> {
  const texts = LANGUAGES.flatMap((one) => [
    [`title.${one}`, title?.[one] ?? ''],
    [`text.${one}`, text?.[one] ?? ''],
  ])
  return { ...Object.fromEntries(texts), status, impact }
}
