import { expect, it } from 'vitest'
import { nameOfAuthor } from '../../src/core/author.ts'

it.each([
  ['ana', 'ana', 'ana'],
  ['mail:ana@example.org', 'ana@example.org', 'ana@example.org'],
  ['token:ana', 'la clé ana', 'the key ana'],
  ['cli', 'la ligne de commande', 'the command line'],
  ['vigie', 'vigie, d’elle-même', 'vigie, by itself'],
])('names %s as people do', (by, fr, en) => {
  expect([nameOfAuthor(by, 'fr'), nameOfAuthor(by, 'en')]).toEqual([fr, en])
})
