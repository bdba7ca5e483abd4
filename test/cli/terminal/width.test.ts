import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, fold, pad, widthOf } from '../../../src/cli/terminal/width.ts'

test.each([
  ['abc', 3],
  ['été', 3],
  ['e\u0301te\u0301', 3],
  ['漢字', 4],
  ['✓ ✗ ? ! · ~', 11],
  ['🚒', 2],
  ['👩‍🚒!', 3],
  ['a\u200bb', 2],
  ['', 0],
])('%s takes %i columns.', (text, columns) => {
  expect(widthOf(text)).toBe(columns)
})

test('What is cut says so, and a character is never cut in two.', () => {
  expect(cut('Courriel', 8)).toBe('Courriel')
  expect(cut('Courriel', 7)).toBe('Courri…')
  expect(cut('漢字漢字', 6)).toBe('漢字…')
  expect(cut('e\u0301te\u0301s', 3)).toBe('e\u0301t…')
  expect(cut('a bc', 3)).toBe('a…')
  expect(cut('abc', 0)).toBe('')
})

test('Text is filled up on either side, by columns.', () => {
  expect(pad('é', 3)).toBe('é  ')
  expect(pad('漢', 3, 'right')).toBe(' 漢')
  expect(pad('abcd', 3)).toBe('abcd')
})

test('Text is folded between words, and a word only when it is too long for any line.', () => {
  expect(fold('one two three', 7)).toEqual(['one two', 'three'])
  expect(fold('a verylongword b', 6)).toEqual(['a', 'verylo', 'ngword', 'b'])
  expect(fold('', 10)).toEqual([''])
})

test('Whatever the text, no line is wider than asked for and nothing is lost.', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 80 })
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 40 }), (text, width) => {
      expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width)
      const lines = fold(text, width)
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width)
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }),
  )
})
