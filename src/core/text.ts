// Texts for people, in the languages a page can have.

/** With one more, the compiler asks every table for its words. A text that lacks the wanted one is said in the first it has. */
export const LANGUAGES = ['fr', 'en'] as const

export type Language = (typeof LANGUAGES)[number]

/** What `Intl` is to call a language: dates and numbers are written as in that country. */
export const LOCALES: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB' }

/** Between a name and what is said of it, and between what could stand as a sentence each. */
export const PUNCTUATION: Readonly<Record<Language, Readonly<Record<'colon' | 'semicolon', string>>>> = {
  fr: { colon: ' : ', semicolon: ' ; ' },
  en: { colon: ': ', semicolon: '; ' },
}

/** What a person reads, in one or more languages; at least one is there. */
export type Text = Readonly<Partial<Record<Language, string>>>

/** The text in the wanted language, else in whichever it has. Empty only for an empty text. */
export function say(text: Text, language: Language): string {
  return text[spokenIn(text, language)] ?? ''
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
  return LANGUAGES.find((one) => text[one] !== undefined) ?? language
}

const AND: Readonly<Record<Language, string>> = { fr: ' et ', en: ' and ' }

/** `A`, `A et B`, `A, B et C`. */
export function list(items: readonly string[], language: Language): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')}${AND[language]}${items[items.length - 1]}`
}

const QUOTES: Readonly<Record<Language, readonly [string, string]>> = { fr: ['«\u00a0', '\u00a0»'], en: ['“', '”'] }

/** `« A »`, `“A”`: a name within a sentence, which may hold commas and be of any gender and number. */
export function quoted(name: string, language: Language): string {
  const [before, after] = QUOTES[language]
  return `${before}${name}${after}`
}
