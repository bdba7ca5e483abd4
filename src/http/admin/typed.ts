// What somebody typed into a form, when that form can't be shown again: carried through a login, or to be copied.
import { LANGUAGES, type Language, say, type Text } from '../../core/text.ts'
import { ACCOUNT_WORDS } from './account-words.ts'
import { type Form, linesIn, textIn } from './form.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { MAINTENANCE_WORDS } from './maintenance-words.ts'

/** Secrets, and what holds for one session or one sending alone. */
const PASSING = ['form', 'once', 'password', 'code', 'secret']

/** How a carried field is called on the way. */
const CARRIED = 'kept.'

/** Hidden fields that carry a form through another one, whatever that one's own fields are called. */
export function carried(form: Form): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(form)
    .filter(([name]) => !PASSING.includes(name))
    .flatMap(([name, value = []]) => [value].flat().map((one) => ({ name: CARRIED + name, value: one })))
}

/** The form that another one carried; empty: none. */
export function carriedIn(form: Form): Form {
  const fields = Object.entries(form).filter(([name]) => name.startsWith(CARRIED))
  return Object.fromEntries(fields.map(([name, value]) => [name.slice(CARRIED.length), value]))
}

export interface Typed {
  readonly label: string
  readonly text: string
  /** Of several lines. */
  readonly long: boolean
}

/** All that somebody wrote and chose, each by the label of its field, to be copied by them; no secret is among it. */
export function typedIn(
  form: Form,
  language: Language,
  services: readonly { readonly id: string; readonly name: Text }[],
): readonly Typed[] {
  const words = INCIDENT_WORDS[language]
  const { fields } = words
  const named = Object.fromEntries(services.map(({ id, name }) => [id, say(name, language)]))
  const written = (['title', 'text'] as const).flatMap((name) =>
    LANGUAGES.map((one) => ({
      label: `${fields[name]} ${words.languages[one]}`,
      text: textIn(form, `${name}.${one}`),
      long: name === 'text',
    })),
  )
  const moments = (['started', 'begins', 'ends', 'until'] as const).map((name) =>
    line(fields[name], textIn(form, name)),
  )
  const chosen = (label: string, name: string, known: Readonly<Record<string, string>>) =>
    line(
      label,
      linesIn(form, name)
        .flatMap((one) => (Object.hasOwn(known, one) ? known[one]! : []))
        .join(', '),
    )
  return [
    ...written,
    chosen(fields.services, 'services', named),
    chosen(fields.status, 'status', words.statuses),
    chosen(fields.impact, 'impact', words.impacts),
    ...moments,
    chosen(fields.raises, 'raises', words.raises),
    chosen(fields.repeats, 'repeats', MAINTENANCE_WORDS[language].repeats),
    line(ACCOUNT_WORDS[language].name, textIn(form, 'name')),
  ].filter(({ text }) => text !== '')
}

function line(label: string, text: string): Typed {
  return { label, text, long: false }
}
