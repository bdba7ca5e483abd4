import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Statement } from '../../../src/core/ledger/statement.ts'
import {
  belated,
  type FormerNames,
  hearLives,
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

function say(origin: string, seq: number, type: string, id: string, at = seq): Statement {
  return { origin, seq, hlc: { at, count: 0 }, seen: {}, type, payload: { id, ...WEB } }
}

describe('the name of an outage', () => {
  it('is the one that was given first, wherever; none when nobody has it open', () => {
    const both = [say('home', 1, OUTAGE_OPEN, 'web-b', 20), say('offsite', 1, OUTAGE_OPEN, 'web-a', 10)]
    const naming = hearNames(new Map(), both)
    expect(nameOf(naming, WEB, BOTH)).toBe('web-a')
    expect(nameOf(naming, WEB, new Set(['home']))).toBe('web-b')
    expect(nameOf(naming, { ...WEB, service: 'mail' }, BOTH)).toBeNull()
    const over = hearNames(naming, [say('offsite', 2, OUTAGE_CLOSE, 'web-a', 30)])
    expect(nameOf(over, WEB, BOTH)).toBe('web-b')
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

describe('an outage that was over before sites heard of each other', () => {
  const life = (origin: string, seq: number, id: string, since: number, ended: number) => {
    const said = (type: string, at: number, payload: object) => ({
      ...say(origin, at, type, id),
      payload: { id, ...WEB, ...payload },
    })
    return [said(OUTAGE_OPEN, seq, { since }), said(OUTAGE_CLOSE, seq + 1, { since, ended })]
  }
  const late = life('home', 20, 'web-late', 1, 9)
  const early = life('offsite', 10, 'web-early', 2, 8)
  const of = (said: readonly Statement[], site: string) =>
    belated(hearLives(new Map(), said), hearNames(new Map(), said), site).map(({ id, became }) => `${id} ${became}`)

  it('takes the name that was given first, on the site that gave the later', () => {
    expect(of([...late, ...early], 'home')).toEqual(['web-late web-early'])
    expect(of([...early, ...late], 'offsite')).toEqual([])
    const known = {
      ...say('home', 30, OUTAGE_CLOSE, 'web-late'),
      payload: { id: 'web-late', ...WEB, became: 'web-early' },
    }
    expect(of([...late, ...early, known], 'home')).toEqual([])
    expect(hearLives(new Map(), [...late, ...early, known]).get('web-early')).toMatchObject({ since: 1, ended: 9 })
  })

  it('keeps its own where the other is still open, of another time, or told apart by one site', () => {
    expect(of([...late, early[0]!], 'home')).toEqual([])
    expect(of([...late, ...life('offsite', 10, 'web-early', 10, 20)], 'home')).toEqual([])
    expect(of([...late, ...early, ...life('home', 12, 'web-early', 2, 8)], 'home')).toEqual([])
    expect(
      of(
        [...late, ...early.map((one) => ({ ...one, payload: { ...(one.payload as object), service: 'mail' } }))],
        'home',
      ),
    ).toEqual([])
  })

  it('is looked for in no time among thousands that one site alone had', () => {
    const said = Array.from({ length: 8000 }, (_, n) => life('home', 2 * n + 1, `web-${n}`, 10 * n, 10 * n + 5)).flat()
    const [lives, naming] = [hearLives(new Map(), [...said, ...early]), hearNames(new Map(), said)]
    for (const [site, found] of [
      ['home', []],
      ['offsite', ['web-early']],
    ] as const) {
      const before = process.cpuUsage()
      expect(belated(lives, naming, site).map(({ id }) => id)).toEqual(found)
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(500)
    }
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
