// Who shows: what is known and what was, made into the page's files.
import { join } from 'node:path'
import { createAnnouncements } from '../board/announcements.ts'
import type { Board } from '../board/board.ts'
import { kindOf } from '../copies/index.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import { blindness } from '../core/verdict/blindness.ts'
import type { Peer } from '../core/verdict/word.ts'
import type { Memory } from '../memory.ts'
import { createPublisher, type Publisher } from '../page/folder/publish.ts'
import type { Views } from '../page/pages/views.ts'
import { createAlmanac } from '../showing/almanac.ts'
import { lagOf, startCopying } from '../showing/copying.ts'
import { createDisplay, type Display } from '../showing/display.ts'
import type { History } from '../showing/history.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Results } from '../store/results.ts'
import type { Troubles } from '../troubles.ts'

/**
 * Writes nothing by itself until something is said on the board. `copy` begins the copies elsewhere and must be
 * stopped. A folder that can't be written is a trouble of vigie itself, and what was made is served from memory.
 */
export function createShowing(deps: {
  readonly memory: Memory
  readonly history: History
  readonly board: Board
  readonly ledger: Pick<Ledger, 'toldAt'>
  readonly results: Results
  readonly views: Views
  /** The data folder: the page is in its `public/`. */
  readonly data: string
  readonly troubles: Troubles
  peers(): readonly Peer[]
  now(): Instant
  ticks(): Millis
  after(delay: Millis, run: () => void): () => void
}): { readonly publisher: Publisher; readonly display: Display; copy(): { stop(): void } } {
  const { memory, history, board, ledger, results, views, data, troubles, peers, now, ticks, after } = deps
  const dir = join(data, 'public')
  const onFailure = (note: string) =>
    troubles.begin('page', 'page', note, 'It is served from memory meanwhile: look at the disk.')
  const copiesLag = () => lagOf(memory.configuration)
  const almanac = createAlmanac({ memory, results, now })
  const publisher = createPublisher({ dir, views, almanac, ticks, copiesLag, onFailure })
  const announcements = createAnnouncements({ board, memory, now })
  const display = createDisplay({
    memory,
    history,
    board,
    announcements,
    ledger,
    results,
    publisher,
    peers,
    now,
    ticks,
  })
  board.onNews(() => void display.show())
  const configuration = () => memory.configuration
  const sees = () => blindness(memory.line) === null
  const copy = () => startCopying({ configuration, peers, sees, kindOf, from: dir, data, troubles, now, ticks, after })
  return { publisher, display, copy }
}
