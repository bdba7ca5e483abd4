import { describe, expect, test } from 'vitest'
import { encodingFor, isKnown } from '../../src/http/negotiate.ts'

const ROWS: readonly (readonly [string | undefined, string])[] = [
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'identity'],
  ['br;q=0.1, gzip;q=0.5', 'gzip'],
  ['br;q=0, gzip;q=0', 'identity'],
  ['BR', 'br'],
  ['*', 'br'],
  ['*;q=0.5, br;q=0', 'gzip'],
  ['*;q=0', 'identity'],
  ['gzip;q=0.5, identity;q=1', 'identity'],
  ['identity;q=0, gzip;q=0.001', 'gzip'],
  ['identity;q=0', 'identity'],
  ['gzip;q=nonsense, br;q=0.3', 'br'],
  [' gzip ; q=1.0 ', 'gzip'],
]

describe('negotiation', () => {
  test.each(ROWS)('answers Accept-Encoding %j with %s, now and when asked again', (header, encoding) => {
    expect(encodingFor(header)).toBe(encoding)
    expect(encodingFor(header)).toBe(encoding)
  })

  test('is not slowed or swollen by ever new headers', () => {
    for (let index = 0; index < 1_000; index++) expect(encodingFor(`gzip, unheard-${index}`)).toBe('gzip')
  })

  test.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    [undefined, false],
  ])('takes If-None-Match %s of "a" as known: %s', (header, known) => {
    expect(isKnown(header, '"a"')).toBe(known)
  })
})
