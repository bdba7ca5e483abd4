// The order of what sites said: the same everywhere, and nobody's answer before what it answers.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare } from '../../../src/core/ledger/entry.ts'
import { inOrder, type Made, register, saw } from '../../../src/core/ledger/statement.ts'

const made = (origin: string, seq: number, at: number, seen: Made['seen'] = {}): Made => ({
  origin,
  seq,
  hlc: { at, count: 0 },
  seen,
})

/** What three sites say with clocks that are wrong by anything, each having heard of the others what it may. */
const histories = fc
  .array(
    fc.record({
      by: fc.nat(2),
      off: fc.constantFrom(0, 0, 0, 900, -900),
      hears: fc.array(fc.nat(2), { maxLength: 2 }),
    }),
    {
      maxLength: 25,
    },
  )
  .map((steps) => {
    const names = ['a', 'b', 'c']
    const last = names.map(() => 0)
    const known = names.map(() => ({}) as Record<string, number>)
    const clocks = names.map(() => 0)
    return steps.map(({ by, off, hears }, time): Made => {
      for (const other of hears) if (other !== by) known[by]![names[other]!] = last[other]!
      clocks[by] = Math.max(clocks[by]! + 1, time + off + 1_000)
      return made(names[by]!, ++last[by]!, clocks[by]!, { ...known[by] })
    })
  })

describe('the order of statements', () => {
  it('is that of their clocks where these are right', () => {
    const list = [made('a', 1, 5), made('b', 1, 6, { a: 1 }), made('a', 2, 7), made('b', 2, 9, { a: 2 })]
    expect(inOrder([...list].reverse())).toEqual(list)
  })

  it('has what somebody said knowing of another after that one, however far ahead its clock was', () => {
    const ahead = made('a', 1, 9_000)
    const answer = made('b', 1, 5, { a: 1 })
    const besides = made('c', 1, 6)
    expect(inOrder([besides, answer, ahead])).toEqual([ahead, answer, besides])
    const title = register(inOrder([answer, ahead]).map((one) => ({ ...one, value: one.origin })))
    expect(title).toEqual({ value: 'b', rivals: [] })
  })

  it('is the same whatever came first, has each once, and no answer before what it answers', () => {
    fc.assert(
      fc.property(
        histories.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
        ),
        ([all, mixed]) => {
          const ordered = inOrder(mixed)
          expect(ordered).toEqual(inOrder(all))
          expect([...ordered].sort(compare)).toEqual([...all].sort(compare))
          for (const [at, one] of ordered.entries())
            for (const later of ordered.slice(at + 1)) expect(saw(one, later)).toBe(false)
        },
      ),
    )
  })

  it('is one even where each says to have seen the other', () => {
    const liars = [made('a', 1, 5, { b: 9 }), made('b', 1, 6, { a: 9 })]
    expect(inOrder([...liars].reverse())).toEqual(inOrder(liars))
    expect(inOrder(liars)).toHaveLength(2)
  })

  it('is found soon, however long the history and however many the names', () => {
    const names = Array.from({ length: 200 }, (_, n) => `liar.${n + 2}`)
    const all = Array.from({ length: 20_000 }, (_, n) => {
      const name = names[n % 200]!
      return made(name, Math.floor(n / 200) + 1, n, { [names[(n + 1) % 200]!]: Math.floor(n / 200) + 2 })
    })
    const begun = performance.now()
    expect(inOrder(all)).toHaveLength(all.length)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})
