// Who said something, as the ledger names them: an account's name, `cli`, `token:NAME`, `mail:ADDRESS` for whoever opened
// the link of a letter, or `vigie` itself.
import type { Language } from './text.ts'

/** An author as people read it: an account's name, whose mail it was, or which key, which is no person whatever its name. */
export function nameOfAuthor(by: string, language: Language): string {
  const words = WORDS[language]
  const key = /^token:(.*)$/s.exec(by)?.[1]
  if (key !== undefined) return words.key(key)
  return by === 'cli' || by === 'vigie' ? words[by] : by.replace(/^mail:/, '')
}

interface AuthorWords {
  readonly key: (name: string) => string
  readonly cli: string
  readonly vigie: string
}

const WORDS: Readonly<Record<Language, AuthorWords>> = {
  fr: { key: (name) => `la clé ${name}`, cli: 'la ligne de commande', vigie: 'vigie, d’elle-même' },
  en: { key: (name) => `the key ${name}`, cli: 'the command line', vigie: 'vigie, by itself' },
}
