// Words prepared by day for a bad night: an incident or planned work whose blanks are filled with what is known.

import { capitalised, LANGUAGES, type Language, quoted, say, type Text } from '../text.ts'
import { since } from '../time/letter-moments.ts'
import type { Instant } from '../time/time.ts'
import type { Impact, IncidentStatus } from './incident.ts'

export interface Template {
  /** The file's name. */
  readonly id: string
  readonly title: Text
  readonly text: Text
  /** Null: what an incident has when nobody says. */
  readonly status: IncidentStatus | null
  readonly impact: Impact | null
  /** What it is about when nobody names others. */
  readonly services: readonly string[]
}

/** `{services}`: their names; `{what}`: what of them works and what doesn't; `{since}`: since when. */
export const BLANKS = ['services', 'what', 'since'] as const
type Blank = (typeof BLANKS)[number]

export interface Known {
  /** Names of the services it is about; none: all. */
  readonly services: readonly Text[]
  /** `on peut lire, pas envoyer`; empty where nobody can tell. */
  readonly able: Text
  readonly started: Instant
  readonly now: Instant
  readonly timezone: string
}

export interface Filled {
  readonly title: Text
  readonly text: Text
}

/** The template in its languages, every blank filled; a text begins with a capital whatever fills its first blank. */
export function fillTemplate({ title, text }: Template, known: Known): Filled {
  return { title: filled(title, known), text: filled(text, known) }
}

/** The names of these services; none where they are all that members see. */
export function namesToFill(
  ids: readonly string[],
  services: readonly { readonly id: string; readonly name: Text; readonly audience: string }[],
): readonly Text[] {
  const all = services.every(({ id, audience }) => audience === 'admins' || ids.includes(id))
  return all && ids.length > 1 ? [] : ids.flatMap((wanted) => services.find(({ id }) => id === wanted)?.name ?? [])
}

/** What stands in braces in a text and is no blank of ours. */
export function strangeBlanks(text: string): readonly string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name!).filter((name) => !isBlank(name))
}

function filled(text: Text, known: Known): Text {
  return Object.fromEntries(
    LANGUAGES.flatMap((language) => {
      const pattern = text[language]
      if (pattern === undefined) return []
      const whole = pattern.replace(/\{(\w+)\}/g, (blank, name: string) =>
        isBlank(name) ? fill(name, known, language) : blank,
      )
      return [[language, capitalised(whole)]]
    }),
  )
}

function fill(blank: Blank, { services, able, started, now, timezone }: Known, language: Language): string {
  const words = WORDS[language]
  switch (blank) {
    case 'services':
      return services.length === 0 ? words.all : namesOf(services, language)
    case 'what':
      return able[language] ?? words.fails
    case 'since':
      return since(started, { language, timezone, now })
  }
}

/** Told apart by quotation marks where one of them holds a comma. */
function namesOf(services: readonly Text[], language: Language): string {
  const names = services.map((name) => say(name, language))
  return names.map((name) => (names.join('').includes(',') ? quoted(name, language) : name)).join(', ')
}

function isBlank(name: string): name is Blank {
  return BLANKS.some((blank) => blank === name)
}

const WORDS: Readonly<Record<Language, { readonly all: string; readonly fails: string }>> = {
  fr: { all: 'nos services', fails: 'en panne' },
  en: { all: 'our services', fails: 'not working' },
}
