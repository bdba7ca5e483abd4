// What sites hand each other of what they measured, so that each can draw both and give a lost past back: sums of looks
// and changes, asked for piece by piece.

import type { FailReason, UnknownReason } from '../observation.ts'
import type { Change } from './change.ts'

/** In the order in which they are asked for: what pages draw first. */
export const STREAMS = ['days', 'changes', 'hours', 'five_minutes'] as const

export type Stream = (typeof STREAMS)[number]

/** Asks what a site measured from a place on. A place grows with time: the number of a slot, of changes a moment. */
export interface Want {
  readonly stream: Stream
  /** Whose measures: those of the one that is asked, or ours that we lost. */
  readonly site: string
  readonly from: number
}

/** Looks of one check that ended in one slot, as results.db keeps them: durations in tenths of a millisecond. */
export interface Sum {
  readonly slot: number
  readonly check: string
  readonly strand: 4 | 6 | null
  readonly ok: number
  readonly others: Readonly<Partial<Record<FailReason | UnknownReason, number>>>
  readonly median: number | null
  readonly p95: number | null
}

/** The answer to a want. */
export interface Piece extends Want {
  /** Where to go on. */
  readonly next: number
  /** There is more already. */
  readonly more: boolean
  /** Of `changes` empty. */
  readonly sums: readonly Sum[]
  /** Of the other streams empty. */
  readonly changes: readonly Change[]
}

/** Bounds of one piece: some 200 kB. All changes of one moment go in one piece: many checks fall in one tick. */
export const MOST_SUMS = 5_000
export const MOST_CHANGES = 1_000
