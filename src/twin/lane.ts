// The slow lane of the exchange: what sites measured follows when the ledger is in step, piece by piece. It rides in
// messages that go anyway, and asks for no more than a line of a home can bear.
import type { Piece, Want } from '../core/history/measure.ts'
import { MINUTE, type Millis, SECOND } from '../core/time/time.ts'

/** What the exchange needs of results.db. */
export interface Measures {
  /** What to ask of a site now. */
  wants(site: string): readonly Want[]
  /** Null: nothing can be said just now. */
  offer(want: Want): Piece | null
  /** Takes what a site handed over; true: there is more to ask for. */
  keep(site: string, piece: Piece): boolean
}

export const NOTHING: Measures = { wants: () => [], offer: () => null, keep: () => false }

/** How the lane of one dialogue stands. Moments are monotonic milliseconds. */
export interface Lane {
  /** Before that nothing is asked. */
  due: Millis
  /** What we asked and were not answered yet, and when. */
  asked: readonly Want[]
  askedAt: Millis
  /** What they asked and we did not answer yet. */
  owed: readonly Want[]
  answered: Millis
  /** Bytes that they may have at once. */
  spare: number
}

/** Bytes of pieces in one message. */
const PIECES_ROOM = 400 * 1024
/** A site may have so many bytes at once, a lost month of forty checks and our own, and then so many a minute. */
const BURST = 32 << 20
const A_MINUTE = 2 << 20
/** What is asked next waits twice as long as the last took to come: two thirds of a slow line stay free. */
const FREE = 2
const LONGEST_PAUSE: Millis = 30 * SECOND

/** While there is more, in step, and when no answer came. */
const STEADY: Millis = 15 * MINUTE
const AGAIN: Millis = MINUTE
/** A site that asks all the time is answered so often. */
const ANSWERED_EVERY: Millis = 100

const NEVER = Number.NEGATIVE_INFINITY

/** Nothing asked, nothing owed, and all of the burst to spare. */
export function createLane(): Lane {
  return { due: NEVER, asked: [], askedAt: NEVER, owed: [], answered: NEVER, spare: BURST }
}

/** What to ask in the message that is about to go. */
export function asking(lane: Lane, wants: () => readonly Want[], ticks: Millis): readonly Want[] {
  if (ticks < lane.due) return []
  lane.asked = wants()
  lane.askedAt = ticks
  lane.due = ticks + (lane.asked.length === 0 ? STEADY : AGAIN)
  return lane.asked
}

/** How long until what was asked may be answered, rounded up; 0: now. Infinity: nothing was asked. */
export function owedIn(lane: Lane, ticks: Millis): Millis {
  if (lane.owed.length === 0) return Infinity
  const missing = PIECES_ROOM - spareNow(lane, ticks)
  return Math.ceil(Math.max(0, lane.answered + ANSWERED_EVERY - ticks, (missing / A_MINUTE) * MINUTE))
}

/** What was asked, as much as fits; the rest will be asked for again. */
export function answering(lane: Lane, offer: Measures['offer'], ticks: Millis): readonly Piece[] {
  if (owedIn(lane, ticks) > 0) return []
  const pieces: Piece[] = []
  let size = 0
  for (const want of lane.owed) {
    const piece = offer(want)
    if (piece === null) continue
    const grown = size + sizeOf(piece)
    if (grown > PIECES_ROOM) break
    size = grown
    pieces.push(piece)
  }
  lane.spare = spareNow(lane, ticks) - size
  lane.owed = []
  lane.answered = ticks
  return pieces
}

/** Takes what a message asked and answered. What answers none of our questions is no answer. */
export function hearing(
  lane: Lane,
  { wants, pieces }: { readonly wants: readonly Want[]; readonly pieces: readonly Piece[] },
  keep: (piece: Piece) => boolean,
  ticks: Millis,
): void {
  if (wants.length > 0) lane.owed = wants
  const answers = lane.asked.flatMap((want) => pieces.find((piece) => isAnswer(piece, want)) ?? [])
  if (answers.length === 0) return
  const more = answers.map(keep).includes(true) || answers.length < lane.asked.length
  const pause = Math.min(LONGEST_PAUSE, FREE * (ticks - lane.askedAt))
  lane.asked = []
  lane.due = ticks + (more ? pause : STEADY)
}

function spareNow({ spare, answered }: Lane, ticks: Millis): number {
  return Math.min(BURST, spare + Math.max(0, ((ticks - answered) / MINUTE) * A_MINUTE))
}

/** In JSON, about. */
function sizeOf({ sums, changes }: Piece): number {
  const failing = sums.filter(({ others }) => Object.keys(others).length > 0).length
  return 200 + sums.length * 30 + failing * 60 + JSON.stringify(changes).length
}

function isAnswer({ stream, site, from }: Want, want: Want): boolean {
  return stream === want.stream && site === want.site && from === want.from
}
