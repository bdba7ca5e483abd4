// Texts for people, in one or more languages; lists and maps of values.
import { isMap, isScalar } from 'yaml'
import { LANGUAGES, type Language, type Text } from '../core/text.ts'
import { asFields, entriesOf, whatIs } from './fields.ts'
import { quote } from './mistake.ts'
import type { Convert } from './reader.ts'
import { asText } from './scalars.ts'

/** One text for every language, or one a language. */
export function asPeople(languages: readonly Language[]): Convert<Text> {
  return (reader, entry) => {
    if (!isMap(entry.node)) {
      if (isScalar(entry.node) && typeof entry.node.value === 'string') {
        const text = asText(reader, entry)
        return text === undefined ? undefined : Object.fromEntries(languages.map((language) => [language, text]))
      }
      const hint = isScalar(entry.node) && entry.node.value !== null ? 'put it in quotes' : null
      reader.source.complain(
        entry.at,
        `${entry.name} must be text or one text a language, not ${whatIs(entry.node)}`,
        hint,
      )
      return undefined
    }
    const fields = asFields(reader, entry)!
    const read = LANGUAGES.map((language) => [language, fields.read(language, asText)] as const)
    fields.close((key) => ({
      message: `${entry.name}: unknown language ${quote(key)}`,
      hint: `there are ${LANGUAGES.join(' and ')}`,
    }))
    if (fields.keys.length === 0) reader.source.complain(entry.at, `${entry.name} is empty`)
    const texts = read.filter(([, text]) => text !== undefined)
    return texts.length > 0 ? Object.fromEntries(texts) : undefined
  }
}

/** Every entry of a list; one value alone counts as a list of one when `lone`. Those with a mistake are left out. */
export function asList<T>(convert: Convert<T>, lone = false): Convert<T[]> {
  return (reader, entry) =>
    entriesOf(reader, entry, lone)
      ?.map((item) => convert(reader, item))
      .filter((value) => value !== undefined)
}
