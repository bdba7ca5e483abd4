// What a form brought, cleaned at the door: line ends as \n, nothing that can't be seen.

/** As @fastify/formbody reads it: a field given twice is a list. */
export type Form = Readonly<Record<string, string | readonly string[] | undefined>>

/** Control characters, and those that turn or hide text (Unicode TR 36, 3.8.1). */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/gu

/** One line, trimmed. Empty when it isn't there. */
export function lineIn(form: Form, name: string, longest = 200): string {
  return first(form, name).replace(UNSEEN, ' ').trim().slice(0, longest)
}

/** Each line given for it, as `lineIn` has it. */
export function linesIn(form: Form, name: string): readonly string[] {
  return [form[name] ?? []].flat().map((one) => lineIn({ [name]: one }, name))
}

/** Several lines, trimmed; all of them, so that whoever wrote too much still has it. */
export function textIn(form: Form, name: string): string {
  const lines = first(form, name).replace(/\r\n?/g, '\n').split('\n')
  return lines
    .map((line) => line.replace(UNSEEN, ' ').trimEnd())
    .join('\n')
    .trim()
}

/** As it was typed: passwords. */
export function secretIn(form: Form, name: string, longest = 1_000): string {
  return first(form, name).slice(0, longest)
}

/** Every value given for it that is one of `known`, each once. */
export function chosenIn<T extends string>(form: Form, name: string, known: readonly T[]): readonly T[] {
  const given = form[name] ?? []
  const all = typeof given === 'string' ? [given] : given
  return known.filter((one) => all.includes(one))
}

/** True for a box that was ticked. */
export function hasIn(form: Form, name: string): boolean {
  return form[name] !== undefined
}

function first(form: Form, name: string): string {
  const given = form[name] ?? ''
  return (typeof given === 'string' ? given : (given[0] ?? '')).normalize('NFC')
}
