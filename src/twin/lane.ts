// The slow lane of the exchange: what sites measured follows when the ledger is in step, piece by piece. It rides in
// messages that go anyway, and asks for no more than a line of a home can bear.
import type { Piece, Want } from '../core/measure.ts'
import { MINUTE, type Millis, SECOND } from '../core/time.ts'

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

/** How the lane of one line stands. Moments are monotonic milliseconds. */
export interface Lane {
  /** Before that nothing is asked. */
  due: Millis
  /** What we asked and were not answered yet. */
  asked: readonly Want[]
  /** What they asked and we did not answer yet. */
  owed: readonly Want[]
  answered: Millis
}

/** Bytes of pieces in one message: six such messages a minute at most. */
export const PIECES_ROOM = 400 * 1024

/** While there is more, in step, and when no answer came. */
const NEXT: Millis = 5 * SECOND
const STEADY: Millis = 15 * MINUTE
const AGAIN: Millis = MINUTE
/** A site that asks all the time is answered so often. */
const ANSWERED_EVERY: Millis = 2 * SECOND

export function createLane(): Lane {
  return { due: Number.NEGATIVE_INFINITY, asked: [], owed: [], answered: Number.NEGATIVE_INFINITY }
}

/** What to ask in the message that is about to go. */
export function asking(lane: Lane, wants: () => readonly Want[], ticks: Millis): readonly Want[] {
  if (ticks < lane.due) return []
  lane.due = ticks + AGAIN
  lane.asked = wants()
  return lane.asked
}

/** True when something was asked that may be answered now. */
export function isOwed(lane: Lane, ticks: Millis): boolean {
  return lane.owed.length > 0 && ticks - lane.answered >= ANSWERED_EVERY
}

/** What was asked, as much as fits; the rest will be asked for again. */
export function answering(lane: Lane, offer: Measures['offer'], ticks: Millis): readonly Piece[] {
  if (!isOwed(lane, ticks)) return []
  const pieces: Piece[] = []
  let room = PIECES_ROOM
  for (const want of lane.owed) {
    const piece = offer(want)
    if (piece === null) continue
    room -= 200 + piece.sums.length * 40 + JSON.stringify(piece.changes).length
    if (room < 0) break
    pieces.push(piece)
  }
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
  lane.asked = []
  lane.due = ticks + (more ? NEXT : STEADY)
}

function isAnswer({ stream, site, from }: Want, want: Want): boolean {
  return stream === want.stream && site === want.site && from === want.from
}
