import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Statement } from '../../../src/core/ledger/statement.ts'
import {
  type FormerNames,
  hearNames,
  joinNames,
  nameNow,
  nameOf,
  OUTAGE_CLOSE,
  OUTAGE_OPEN,
  openBy,
} from '../../../src/core/said/outage-names.ts'

const WEB = { service: 'web', audience: 'members' as const }
const BOTH = new Set(['home', 'offsite'])

const never = () => false

function say(origin: string, seq: number, type: string, id: string, at = seq): Statement {
  return { origin, seq, hlc: { at, count: 0 }, seen: {}, type, payload: { id, ...WEB } }
}

describe('the name of an outage', () => {
  it('is the one that was given first, wherever; none when nobody has it open', () => {
    const both = [say('home', 1, OUTAGE_OPEN, 'web-b', 20), say('offsite', 1, OUTAGE_OPEN, 'web-a', 10)]
    const naming = hearNames(new Map(), both)
    expect(nameOf(naming, WEB, BOTH, never)).toBe('web-a')
    expect(nameOf(naming, WEB, new Set(['home']), never)).toBe('web-b')
    expect(nameOf(naming, { ...WEB, service: 'mail' }, BOTH, never)).toBeNull()
    const over = hearNames(naming, [say('offsite', 2, OUTAGE_CLOSE, 'web-a', 30)])
    expect(nameOf(over, WEB, BOTH, never)).toBe('web-b')
    expect(nameOf(naming, WEB, BOTH, (id) => id === 'web-a')).toBe('web-b')
    expect(openBy(over, 'offsite')).toEqual([])
    expect(openBy(over, 'home').map(({ id }) => id)).toEqual(['web-b'])
  })

  it('a later incarnation closes what an earlier one opened', () => {
    const naming = hearNames(new Map(), [
      say('home', 1, OUTAGE_OPEN, 'web-a'),
      say('home.2', 1, OUTAGE_CLOSE, 'web-a', 5),
    ])
    expect(naming.size).toBe(0)
  })

  it('takes garbage for nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        const naming = hearNames(new Map(), [{ ...say('home', 1, OUTAGE_OPEN, 'x'), payload }])
        return naming.size === 0
      }),
    )
    expect(hearNames(new Map(), [say('home', 1, OUTAGE_OPEN, '<script>')]).size).toBe(0)
  })
})

describe('names that gave way', () => {
  it('lead to one, in whatever order they are heard, in circles too', () => {
    const steps = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 12 })
    fc.assert(
      fc.property(steps, (pairs) => {
        const heard = (list: typeof pairs) =>
          list.reduce((names, [from, to]) => joinNames(names, `o${from}`, `o${to}`), new Map() as FormerNames)
        const [one, other] = [heard(pairs), heard([...pairs].reverse())]
        for (const [from, to] of pairs) expect(nameNow(one, `o${from}`)).toBe(nameNow(one, `o${to}`))
        const same = (names: ReadonlyMap<string, string>, a: number, b: number) =>
          nameNow(names, `o${a}`) === nameNow(names, `o${b}`)
        for (let a = 0; a < 7; a++) for (let b = 0; b < 7; b++) expect(same(one, a, b)).toBe(same(other, a, b))
      }),
    )
  })
})
