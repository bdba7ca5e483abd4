// A posted form: done, and its page leads on; or refused, and the page is shown again with what was typed still in its fields
// and what is wrong. Nobody writes twice at 3 am.
import type { Answer as Posted, Refusal, Sender } from '../../core/said/post.ts'
import { capitalised, LANGUAGES, type Language, PUNCTUATION, type Text } from '../../core/text.ts'
import { typeset } from '../../page/words/words.ts'
import type { Desk } from './desk.ts'
import type { Answer, Door, Known, Late, Visit } from './door.ts'
import { textsIn } from './fields.ts'
import { chosenIn, type Form, lineIn } from './form.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { FAULT, mistakeIn, THINGS } from './mistake-words.ts'
import { typedIn } from './typed.ts'
import { type Done, WORDS } from './words.ts'

/** A form that was refused. */
export interface Refused {
  /** Which of its page: the last word of where it is posted to. */
  readonly name: string
  readonly typed: Form
  readonly fault: string
  readonly wrong: Wrong
  /** Of HTTP. */
  readonly status: number
}

/** What is wrong with a form, by its fields as they are handed in: `title.fr`, or `title` where it lacks in every language. */
export type Wrong = Readonly<Record<string, string>>

/** A page with forms, as it is (null) or with one of them refused. */
export type FormPage<V extends Visit> = (visit: V, refused: Refused | null) => Answer | Promise<Answer>

/** What became of a form: where it leads, or what is wrong. `status` without a word is 422. */
export type Outcome = Answer | { readonly fault: string; readonly wrong?: Wrong; readonly status?: number }

/** Puts up where a form is posted to. `post`: for whom, `door.post` or `door.open.post`. */
export function putUpForm<V extends Visit>(
  post: (
    path: string,
    answer: (visit: V, form: Form) => Promise<Answer>,
    again: (visit: V, form: Form, why: Late) => Answer | Promise<Answer>,
  ) => void,
  path: string,
  page: FormPage<V>,
  act: (visit: V, form: Form) => Outcome | Promise<Outcome>,
): void {
  const name = path.slice(path.lastIndexOf('/') + 1)
  post(
    path,
    async (visit, form) => {
      const outcome = await attempt(() => act(visit, form), visit)
      if (!('fault' in outcome)) return outcome
      const { fault, wrong = {}, status = 422 } = outcome
      return page(visit, { name, typed: form, fault, wrong, status })
    },
    (visit, form, why) => {
      const fault = WORDS[visit.language].late[why]
      return page(visit, { name, typed: form, fault, wrong: {}, status: 200 })
    },
  )
}

/** A disk that refuses is what is wrong; what else is thrown is a fault of ours. */
async function attempt(act: () => Outcome | Promise<Outcome>, { language }: Visit): Promise<Outcome> {
  try {
    return await act()
  } catch (error) {
    if (!(error as { readonly code?: string }).code?.startsWith('SQLITE_')) throw error
    return { fault: WORDS[language].disk, status: 503 }
  }
}

/** What became of something that was to be said: done, it leads `to`. */
export function outcomeOf<T>(answer: Posted<T>, { language }: Visit, to: (done: T) => string): Outcome {
  if ('done' in answer) return { to: to(answer.done) }
  return { fault: faultOf(answer, language), wrong: wrongIn(answer, language) }
}

/** Puts up forms under a place such as `/incidents`; `name`: `new`, `:id/correct`. Done, one sees on its page what `say` made. */
export function formsUnder(door: Door, place: string) {
  return <T extends { readonly id: string }>(
    name: string,
    page: FormPage<Known>,
    done: Done,
    say: (form: Form, from: Sender, id: string) => Posted<T>,
  ): void =>
    putUpForm(door.post, `${place}/${name}`, page, (visit, form) => {
      const answer = say(form, senderOf(visit, form), visit.params.id ?? '')
      return outcomeOf(answer, visit, ({ id }) => `/admin${place}/${id}?done=${done}`)
    })
}

/** Who posts, and the key of the form: sent twice on a bad line, it is done once. */
export function senderOf({ who }: Known, form: Form): Sender {
  const key = lineIn(form, 'once', 100)
  return { by: who.account.name, key: key === '' ? null : key }
}

/** What is wrong with it, in one sentence. */
export function faultOf(refusal: Refusal, language: Language): string {
  const said = Object.values(wrongIn(refusal, language))
  return `${[...new Set(said)].join(typeset(PUNCTUATION[language].semicolon, language))}.`
}

/** The same by field, each with its label before it. */
function wrongIn({ mistakes }: Refusal, language: Language): Wrong {
  const words = INCIDENT_WORDS[language]
  const names: Readonly<Record<string, string>> = { ...THINGS[language], ...words.fields }
  const said = mistakes.map(({ field, message }) => {
    const text = mistakeIn(message, language)
    const [name = '', part] = field.split('.')
    if (name === 'body') return [field, capitalised(text)]
    const of = LANGUAGES.find((one) => one === part)
    const label = `${names[name] ?? name}${of === undefined ? '' : ` ${words.languages[of]}`}`
    return [field, FAULT[language](label, text)]
  })
  return Object.fromEntries(said)
}

/** Where a form stands on its page, and what is wrong with it; null: it wasn't refused, and may be closed. */
export interface Card {
  readonly id: string
  readonly fault: string | null
  /** Of its fields; empty: none is. */
  readonly wrong: Wrong
}

/** What stands in the fields of a form: as typed where it is the one that was refused, else as known. */
export interface Filling {
  line(field: string, known: string): string
  texts(field: string, known: Text | undefined): Text | undefined
  choice<K extends string>(field: string, order: readonly K[], known: K): K
  ticked<K extends string>(field: string, all: readonly K[], known: readonly K[]): readonly K[]
}

/** `of`: the hidden field that tells a form from its likes on the page. */
export function fillingOf(
  refused: Refused | null,
  name: string,
  of: Readonly<Record<string, string>> = {},
): Filling & { readonly card: Card } {
  const mine = refused?.name === name && Object.entries(of).every(([field, value]) => refused.typed[field] === value)
  const id = ['form', name, ...Object.values(of)].join('-')
  const card = { id, fault: mine ? capitalised(refused.fault) : null, wrong: mine ? refused.wrong : {} }
  return { card, ...fillingWith(mine ? refused.typed : null) }
}

/** With what was typed; null: all is as known. */
export function fillingWith(typed: Form | null): Filling {
  return {
    line: (field, known) => (typed === null ? known : lineIn(typed, field)),
    texts: (field, known) => (typed === null ? known : textsIn(typed, field)),
    choice: (field, order, known) => order.find((one) => typed !== null && lineIn(typed, field) === one) ?? known,
    ticked: (field, all, known) => (typed === null ? known : chosenIn(typed, field, all)),
  }
}

/** Fields that one sees: what is wrong with one stands beside it. */
const SEEN = /^(?:title|text|services|started|begins|ends|repeats)\b/

/** One by one, each with where it stands; null: with no field that one sees. */
export function faultsIn(wrong: Wrong): readonly { readonly says: string; readonly place: string | null }[] {
  return Object.entries(wrong).map(([field, says]) => ({ says, place: SEEN.test(field) ? `wrong-${field}` : null }))
}

/**
 * What a page begins with when one of its forms was refused: why, where that form stands, and what was typed if it stands no
 * more. `forms`: those that stand on it.
 */
export function refusalOn(
  desk: Pick<Desk, 'configuration'>,
  { language }: Known,
  refused: Refused | null,
  forms: readonly ({ readonly card: Card } | null)[],
) {
  const form = forms.find((one) => one !== null && one.card.fault !== null)
  const gone = refused !== null && form === undefined
  return {
    fault: refused?.fault ?? null,
    faults: gone || refused === null ? [] : faultsIn(refused.wrong),
    place: form?.card.id ?? null,
    typed: gone ? typedIn(refused.typed, language, desk.configuration().services) : [],
  }
}
