// Measures as they travel: back as they were, and garbage is none.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Piece } from '../../src/core/history/measure.ts'
import { pieceDocument, piecesOf, wantsOf, wantTuple } from '../../src/twin/pieces.ts'

const PIECE: Piece = {
  stream: 'hours',
  site: 'home',
  from: 4,
  next: 9,
  more: true,
  sums: [
    { slot: 4, check: 'web.http', strand: null, ok: 5, others: {}, median: 120, p95: 300 },
    { slot: 4, check: 'web.http', strand: 6, ok: 0, others: { timeout: 2, offline: 1 }, median: null, p95: null },
    { slot: 8, check: 'web.http', strand: null, ok: 1, others: {}, median: 1, p95: 1 },
  ],
  changes: [
    { at: 7, subject: 'outage', id: 'web', since: 5, state: 'down', rule: '6', sites: { id: 'web-1' }, note: 'x' },
    { at: 8, subject: 'status', id: 'web', since: 8, state: 'operational', rule: '', sites: null },
  ],
}
const travelled = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown

describe('measures', () => {
  it('arrive as they left', () => {
    expect(piecesOf(travelled([pieceDocument(PIECE)]))).toEqual([PIECE])
    expect(wantsOf(travelled([wantTuple(PIECE)]))).toEqual([{ stream: 'hours', site: 'home', from: 4 }])
    expect([wantsOf(undefined), piecesOf(undefined)]).toEqual([[], []])
  })

  it('of any other form are none', () => {
    const document = pieceDocument(PIECE)
    const fields = Object.keys(document) as (keyof typeof document)[]
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.anything(), fc.nat(5), fc.anything(), (field, junk, at, cell) => {
        const row = Object.assign([...document.rows[0]!], { [at]: cell })
        for (const lie of [
          { ...document, [field]: junk },
          { ...document, rows: [row] },
        ]) {
          const [found] = piecesOf([lie]) ?? []
          if (found === undefined) continue
          expect(Number.isSafeInteger(found.next) && found.next >= found.from).toBe(true)
          for (const sum of found.sums)
            expect([sum.slot, sum.ok].every((one) => Number.isSafeInteger(one) && one >= 0)).toBe(true)
        }
        return Array.isArray(wantsOf([junk]) ?? [])
      }),
    )
  })

  it.each([
    ['a negative count', 'rows', [4, 0, -1, 1, 1]],
    ['a check that is not listed', 'rows', [4, 7, 1, 1, 1]],
    ['a reason nobody knows', 'rows', [4, 0, 1, 1, 1, { sorcery: 1 }]],
    ['a subject nobody knows', 'changes', { ...PIECE.changes[0], subject: 'rumour' }],
    ['a record without end', 'changes', { ...PIECE.changes[0], sites: 'x'.repeat(20_000) }],
  ] as const)('with %s are passed over, and the rest holds', (_, field, wrong) => {
    const document = pieceDocument(PIECE)
    expect(piecesOf(travelled([{ ...document, [field]: [wrong, ...document[field]] }]))).toEqual([PIECE])
  })

  it('that go back are none; what a newer vigie wants besides is passed over', () => {
    expect(piecesOf(travelled([{ ...pieceDocument(PIECE), next: 3 }]))).toBeNull()
    expect(
      wantsOf([
        ['moods', 'home', 4],
        [...wantTuple(PIECE), 'more'],
      ]),
    ).toEqual([{ stream: 'hours', site: 'home', from: 4 }])
  })
})
