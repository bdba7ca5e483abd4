import { expect, it } from 'vitest'
import { nameOfAuthor } from '../../src/core/author.ts'

it.each([
  ['ana', 'ana', 'ana'],
  ['mail:ana@example.org', 'ana@example.org', 'ana@example.org'],
  ['token:ana', 'la clé ana', 'the key ana'],
  ['cli', 'cli', 'cli'],
])('names %s as people do', (by, fr, en) => {
  expect([nameOfAuthor(by, 'fr'), nameOfAuthor(by, 'en')]).toEqual([fr, en])
})
