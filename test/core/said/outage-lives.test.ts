import { describe, expect, it } from 'vitest'
import type { Statement } from '../../../src/core/ledger/statement.ts'
import { belated, endElsewhere, hearLives, sawEnd } from '../../../src/core/said/outage-lives.ts'
import { hearNames, OUTAGE_CLOSE, OUTAGE_OPEN } from '../../../src/core/said/outage-names.ts'

const WEB = { service: 'web', audience: 'members' as const }

function say(origin: string, seq: number, type: string, id: string, payload: object): Statement {
  return { origin, seq, hlc: { at: seq, count: 0 }, seen: {}, type, payload: { id, ...WEB, ...payload } }
}

const life = (origin: string, seq: number, id: string, since: number, ended: number) => [
  say(origin, seq, OUTAGE_OPEN, id, { since }),
  say(origin, seq + 1, OUTAGE_CLOSE, id, { since, ended }),
]

describe('an outage that was over before sites heard of each other', () => {
  const late = life('home', 20, 'web-late', 1, 9)
  const early = life('offsite', 10, 'web-early', 2, 8)
  const of = (said: readonly Statement[], site: string) =>
    belated(hearLives(new Map(), said), hearNames(new Map(), said), site).map(({ id, became }) => `${id} ${became}`)

  it('takes the name that was given first, on the site that gave the later', () => {
    expect(of([...late, ...early], 'home')).toEqual(['web-late web-early'])
    expect(of([...early, ...late], 'offsite')).toEqual([])
    const known = say('home', 30, OUTAGE_CLOSE, 'web-late', { became: 'web-early' })
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

  it('is the first of two that this site told apart, where another had it all the while', () => {
    const long = life('home', 9, 'web-long', 1, 30)
    const again = life('offsite', 22, 'web-again', 20, 31)
    expect(of([...long, ...early, ...again], 'offsite')).toEqual(['web-early web-long'])
    expect(of([...life('home', 20, 'web-long', 1, 30), ...early, ...again], 'home')).toEqual(['web-long web-early'])
    expect(of([...life('home', 20, 'web-long', 1, 30), ...early, ...again], 'offsite')).toEqual([])
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

describe('an outage that others saw end', () => {
  const [opened] = life('home', 20, 'web-late', 1, 9)
  const early = life('offsite', 10, 'web-early', 2, 8)
  const of = (said: readonly Statement[], id = 'web-late', since = 1, sites = ['home', 'offsite']) =>
    endElsewhere(hearLives(new Map(), said), hearNames(new Map(), said), { id, ...WEB, since }, 'home', new Set(sites))
  const taken = say('home', 21, OUTAGE_OPEN, 'web-early', { since: 101 })

  it('ended then: after as long as it lasted for them, whatever their clock says', () => {
    expect(of([...early, taken], 'web-early', 101)).toEqual({ id: 'web-early', ended: 107, next: false })
  })

  it('ended when they say where they had it apart, and has the name that was given first', () => {
    expect(of([opened!, ...early])).toEqual({ id: 'web-early', ended: 8, next: false })
    expect(of([opened!, ...life('offsite', 21, 'web-later', 2, 8)])).toEqual({ id: 'web-late', ended: 8, next: false })
  })

  it('goes on where nobody saw its end, one that is heard has it open, or theirs was of another time', () => {
    expect(of([opened!])).toBeNull()
    expect(of([opened!, early[0]!])).toBeNull()
    const third = [say('third', 30, OUTAGE_OPEN, 'web-c', { since: 5 })]
    expect(of([opened!, ...early, ...third])).toEqual({ id: 'web-early', ended: 8, next: false })
    expect(of([opened!, ...early, ...third], 'web-late', 1, ['home', 'third'])).toBeNull()
    expect(of([say('home', 20, OUTAGE_OPEN, 'web-late', { since: 9 }), ...early])).toBeNull()
  })

  it('does not go on for others who only have it by that name, too', () => {
    const both = [...early, taken, say('third', 30, OUTAGE_OPEN, 'web-early', { since: 2 })]
    expect(of(both, 'web-early', 101, ['home', 'third'])).toMatchObject({ id: 'web-early' })
  })

  it('is over although the next is open already', () => {
    const next = say('offsite', 40, OUTAGE_OPEN, 'web-next', { since: 50 })
    expect(of([opened!, ...early, next])).toEqual({ id: 'web-early', ended: 8, next: true })
    expect(of([...early, taken, next], 'web-early', 3)).toEqual({ id: 'web-early', ended: 9, next: true })
  })

  it('is one that a site saw end, under its name or apart, until it says that it has it again', () => {
    const sawIt = (said: readonly Statement[], id: string, site: string) => sawEnd(hearLives(new Map(), said), id, site)
    expect(sawIt(early, 'web-early', 'offsite')).toBe(true)
    expect(sawIt(early, 'web-early', 'home')).toBe(false)
    expect(sawIt([...early, opened!], 'web-late', 'offsite')).toBe(true)
    expect(sawIt([...early, say('home', 20, OUTAGE_OPEN, 'web-b', { since: 9 })], 'web-b', 'offsite')).toBe(false)
    const again = say('offsite.2', 40, OUTAGE_OPEN, 'web-early', { since: 2 })
    expect(sawIt([...early, again], 'web-early', 'offsite')).toBe(false)
    expect(sawIt([], 'web-early', 'offsite')).toBe(false)
  })
})
