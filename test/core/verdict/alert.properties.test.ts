// What must never happen to letters, whatever befalls a hoster with a host, a rack in it and services on both.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../tries.ts'
import { type Fate, idOf, lettersOf, type Told } from '../fates.ts'

describe('letters', () => {
  const UNTIL = 12_000
  const names = ['host', 'rack', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const above: Readonly<Record<string, readonly string[]>> = {
    rack: ['host'],
    a: ['rack', 'host'],
    b: ['rack', 'host'],
    c: ['rack', 'host'],
    d: ['rack', 'host'],
    e: ['host'],
    f: ['host'],
  }

  /** One to three outages of a service, one after the other, some partial first. */
  function life(service: string, parents: readonly string[]): fc.Arbitrary<readonly Fate[]> {
    const step = fc.record({
      gap: fc.integer({ min: 1, max: 240 }),
      length: fc.integer({ min: 2, max: 240 }),
      kind: fc.constantFrom('down', 'down', 'partial', 'road'),
      confirm: fc.option(fc.integer({ min: 1, max: 150 }), { nil: null }),
    })
    return fc.array(step, { maxLength: 3 }).map((steps) => {
      let at = 0
      return steps.map(({ gap, length, kind, confirm }): Fate => {
        const from = at + gap * 5
        at = from + length * 5
        const confirmed = confirm === null ? Number.POSITIVE_INFINITY : from + confirm * 5
        return {
          service,
          parents,
          kind: kind as Fate['kind'],
          from,
          to: at,
          lag: 0,
          downFrom: kind === 'down' ? from : confirmed,
        }
      })
    })
  }
  const worlds = fc.tuple(...names.map((name) => life(name, above[name] ?? []))).map((lives) => lives.flat())
  const orphans = fc.tuple(...['w', 'x', 'y', 'z'].map((name) => life(name, []))).map((lives) => lives.flat())
  const suspicions = fc
    .array(
      fc.tuple(fc.constantFrom('host', 'rack'), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 60 })),
      {
        maxLength: 4,
      },
    )
    .map((list) =>
      list.map(
        ([service, from, length]): Fate => ({
          service,
          parents: [],
          kind: 'suspect',
          from: from * 5,
          to: (from + length) * 5,
          lag: 0,
          downFrom: 0,
        }),
      ),
    )
  const isConfirmed = (fate: Fate) => fate.kind !== 'suspect' && fate.downFrom < fate.to

  /** What letters say of each outage: how often it is told down, or folded, or up. */
  function countsOf(told: readonly Told[]) {
    const counts = new Map<string, { down: number; partial: number; folded: number; up: number }>()
    const count = (outage: string, what: 'down' | 'partial' | 'folded' | 'up') => {
      const so = counts.get(outage) ?? { down: 0, partial: 0, folded: 0, up: 0 }
      so[what]++
      counts.set(outage, so)
    }
    for (const { letter } of told) {
      const { news } = letter
      if (news.kind === 'down') for (const one of news.affected) count(one.outage, 'down')
      if (news.kind === 'down') for (const one of news.children) count(one.outage, 'folded')
      if (news.kind === 'partial')
        for (const one of [news.affected, ...(news.others ?? [])]) {
          const spoken = [news.affected, ...(news.others ?? [])].map(({ service }) => service)
          const hangs = above[one.service]?.some((parent) => spoken.includes(parent))
          count(one.outage, hangs ? 'folded' : 'partial')
        }
      if (news.kind === 'up') for (const one of news.over) count(one.affected.outage, 'up')
    }
    return (fate: Fate) => counts.get(idOf(fate)) ?? { down: 0, partial: 0, folded: 0, up: 0 }
  }

  it('without faults every confirmed outage is one mail down and one mail up, and nothing else is', () => {
    fc.assert(
      fc.property(orphans, (fates) => {
        const counts = countsOf(lettersOf(fates, UNTIL))
        for (const fate of fates) {
          const { down, up, folded } = counts(fate)
          expect({ down, folded }).toEqual({ down: isConfirmed(fate) ? 1 : 0, folded: 0 })
          if (isConfirmed(fate)) expect(up).toBe(1)
        }
      }),
      tries(40),
    )
  })

  it('without parents every partial outage longer than `mail_after` is told, as partial or as down, and its end', () => {
    fc.assert(
      fc.property(orphans, (fates) => {
        const counts = countsOf(lettersOf(fates, UNTIL))
        for (const fate of fates) {
          const sure = Math.min(fate.downFrom, fate.to)
          const { partial, down, up } = counts(fate)
          if (fate.kind !== 'down' && sure - fate.from > 600) expect(partial + down).toBeGreaterThanOrEqual(1)
          if (fate.kind === 'partial' && sure - fate.from < 600) expect(partial).toBe(0)
          if (partial + down > 0) expect(up).toBe(1)
        }
      }),
      tries(40),
    )
  })

  it('no outage is lost: each is in a letter of its own, in one of a parent, or explained by a parent that was told', () => {
    fc.assert(
      fc.property(worlds, suspicions, (world, suspects) => {
        const fates = [...world, ...suspects]
        const counts = countsOf(lettersOf(fates, UNTIL))
        const isTold = (fate: Fate): boolean => counts(fate).down > 0 || counts(fate).folded > 0
        const explained = (fate: Fate): boolean =>
          world.some((parent) => {
            const near = parent.from < fate.to && fate.from <= parent.to + 5 && parent.to + 120 > fate.from
            return (
              fate.parents.includes(parent.service) &&
              near &&
              isConfirmed(parent) &&
              (isTold(parent) || explained(parent))
            )
          })
        for (const fate of world) if (isConfirmed(fate)) expect(isTold(fate) || explained(fate), idOf(fate)).toBe(true)
      }),
      tries(50),
    )
  })

  it('a child still down two intervals after its last parent came back has a letter of its own', () => {
    fc.assert(
      fc.property(worlds, (fates) => {
        const counts = countsOf(lettersOf(fates, UNTIL))
        for (const fate of fates) {
          if (!isConfirmed(fate)) continue
          const backs = fates
            .filter((one) => fate.parents.includes(one.service) && one.from <= fate.to)
            .map(({ to }) => to)
          if (Math.max(fate.downFrom, fate.from, ...backs) + 120 < fate.to)
            expect(counts(fate).down, idOf(fate)).toBe(1)
        }
      }),
      tries(50),
    )
  })

  it('nothing is told twice, and exactly the ends of what was told are told', () => {
    fc.assert(
      fc.property(worlds, suspicions, (world, suspects) => {
        const told = lettersOf([...world, ...suspects], UNTIL)
        const counts = countsOf(told)
        expect(new Set(told.map(({ letter }) => letter.key)).size).toBe(told.length)
        for (const fate of world) {
          const { down, partial, up } = counts(fate)
          expect(down, idOf(fate)).toBeLessThanOrEqual(1)
          expect(partial, idOf(fate)).toBeLessThanOrEqual(1)
          if (down > 0 || (partial > 0 && fate.parents.length === 0)) expect(up, idOf(fate)).toBe(1)
          if (down === 0 && partial === 0) expect(up, idOf(fate)).toBe(0)
        }
      }),
      tries(50),
    )
  })

  it('never more than twenty mails in an hour', () => {
    const many = fc
      .tuple(...Array.from({ length: 25 }, (_, index) => life(`s${index}`, [])))
      .map((lives) => lives.flat())
    fc.assert(
      fc.property(many, (fates) => {
        const seconds = lettersOf(fates, 20_000).map(({ second }) => second)
        for (const second of seconds) {
          expect(seconds.filter((one) => one >= second && one < second + 3600).length).toBeLessThanOrEqual(20)
        }
        const counts = countsOf(lettersOf(fates, 20_000))
        for (const fate of fates)
          if (isConfirmed(fate)) expect(counts(fate), idOf(fate)).toMatchObject({ down: 1, up: 1 })
      }),
      tries(20),
    )
  })

  it('a restart between any two steps changes nothing', () => {
    fc.assert(
      fc.property(worlds, suspicions, (world, suspects) => {
        const fates = [...world, ...suspects]
        expect(lettersOf(fates, UNTIL, true)).toEqual(lettersOf(fates, UNTIL))
      }),
      tries(15),
    )
  })
})
