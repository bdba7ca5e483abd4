import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fieldFits,
  fieldOf,
  formatBytes,
  judgeBody,
  parseFieldRule,
  parseStatus,
  statusFits,
} from '../../src/probes/answer.ts'

describe('status', () => {
  it.each([
    [200, [200, 200]],
    ['204', [204, 204]],
    ['200-299', [200, 299]],
    [' 300 - 308 ', [300, 308]],
    ['299-200', undefined],
    ['2xx', undefined],
    [99, undefined],
    [600, undefined],
    [null, undefined],
    [true, undefined],
    ['', undefined],
  ])('reads %j', (value, range) => expect(parseStatus(value)).toEqual(range))

  it('fits exactly what is between its ends', () => {
    const status = fc.integer({ min: 100, max: 599 })
    fc.assert(
      fc.property(status, status, status, (a, b, tried) => {
        const range = parseStatus(`${Math.min(a, b)}-${Math.max(a, b)}`)!
        expect(statusFits([range], tried)).toBe(tried >= Math.min(a, b) && tried <= Math.max(a, b))
      }),
    )
    fc.assert(fc.property(fc.string(), (text) => (parseStatus(text)?.length ?? 2) === 2))
  })
})

describe('fields', () => {
  it('never throws, whatever is wanted of whatever', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), fc.string(), (json, path, wanted) => {
        const rule = parseFieldRule(path, wanted)
        if (rule) expect(typeof fieldFits(fieldOf(JSON.parse(json), path), rule)).toBe('boolean')
      }),
    )
  })

  it('finds nothing that the answer does not hold itself', () => {
    for (const path of ['constructor', '__proto__', 'a.length', 'toString.name', 'a.0.x']) {
      expect(fieldOf(JSON.parse('{"a":"text"}'), path)).toBeUndefined()
    }
    expect(fieldOf(['x', { y: 1 }], '1.y')).toBe(1)
  })

  it('orders numbers as numbers do', () => {
    const number = fc.integer({ min: -1_000, max: 1_000 })
    fc.assert(
      fc.property(number, number, fc.boolean(), (actual, wanted, asText) => {
        const value = asText ? String(actual) : actual
        const fits = (operator: string) => fieldFits(value, parseFieldRule('a', `${operator} ${wanted}`)!)
        expect([fits('<'), fits('<='), fits('>'), fits('>='), fits('='), fits('!=')]).toEqual([
          actual < wanted,
          actual <= wanted,
          actual > wanted,
          actual >= wanted,
          actual === wanted,
          actual !== wanted,
        ])
      }),
    )
  })

  it('takes text for text, and an order only of numbers', () => {
    expect(fieldFits('ok', parseFieldRule('a', 'ok')!)).toBe(true)
    expect(fieldFits(5, parseFieldRule('a', '5.0')!)).toBe(true)
    expect(fieldFits(false, parseFieldRule('a', 'false')!)).toBe(true)
    expect(fieldFits('many', parseFieldRule('a', '> 5')!)).toBe(false)
    expect(fieldFits({}, parseFieldRule('a', '[object Object]')!)).toBe(false)
    expect(parseFieldRule('a', '> many')).toBeUndefined()
  })
})

describe('bodies', () => {
  it('are judged without throwing, whatever bytes they are', () => {
    const rules = { contains: ['x'], absent: ['y'], fields: [parseFieldRule('a.b', '>= 5')!] }
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), fc.boolean(), (bytes, type, cut) => {
        const answer = {
          status: 200,
          headers: { 'content-type': `text/html; charset=${type}` },
          body: Buffer.from(bytes),
          cut,
          tls: null,
        }
        expect(['content', undefined]).toContain(judgeBody(answer, rules)?.reason)
      }),
    )
  })

  it('are measured for people', () => {
    expect([0, 999, 12_345, 2_500_000].map(formatBytes)).toEqual(['0 B', '999 B', '12 kB', '2.5 MB'])
  })
})
