// Texts for people, in the languages a page can have.

export type Language = 'fr' | 'en'

export const LANGUAGES: readonly Language[] = ['fr', 'en']

/** What a person reads, in one or more languages; at least one is there. */
export type Text = Readonly<Partial<Record<Language, string>>>

/** The text in the wanted language, else in whichever it has. Empty only for an empty text. */
export function say(text: Text, language: Language): string {
  return text[language] ?? text.fr ?? text.en ?? ''
}

/** The text in every language, as documents of ours carry it. */
export function everyLanguage(text: Text): Readonly<Record<Language, string>> {
  return { fr: say(text, 'fr'), en: say(text, 'en') }
}

/** With a capital at its beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The language `say` answers in: what `lang=` must say when it isn't the page's. */
export function spokenIn(text: Text, language: Language): Language {
  if (text[language] !== undefined) return language
  return text.fr !== undefined ? 'fr' : 'en'
}

const AND: Readonly<Record<Language, string>> = { fr: ' et ', en: ' and ' }

/** `A`, `A et B`, `A, B et C`. */
export function list(items: readonly string[], language: Language): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')}${AND[language]}${items[items.length - 1]}`
}

/** `« A »`, `“A”`: a name within a sentence, which may hold commas and be of any gender and number. */
export function quoted(name: string, language: Language): string {
  return language === 'fr' ? `«\u00a0${name}\u00a0»` : `“${name}”`
}
