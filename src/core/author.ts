// Who said something, as the ledger names them: an account's name, `cli`, `token:NAME`, `mail:ADDRESS` for whoever opened
// the link of a letter, or `vigie` itself.
import type { Language } from './text.ts'

/** An author as people read it: an account's name, whose mail it was, or which key, which is no person whatever its name. */
export function nameOfAuthor(by: string, language: Language): string {
  const key = /^token:(.*)$/s.exec(by)?.[1]
  return key === undefined ? by.replace(/^mail:/, '') : KEY[language](key)
}

const KEY: Readonly<Record<Language, (name: string) => string>> = {
  fr: (name) => `la clé ${name}`,
  en: (name) => `the key ${name}`,
}
