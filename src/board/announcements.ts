// What people said, kept at hand for the page: made anew when something is said, the configuration changes or a day begins.

import { type Announced, announce } from '../core/shown/announcement.ts'
import { DAY, type Instant } from '../core/time/time.ts'
import type { Memory } from '../memory.ts'
import type { Board } from './board.ts'

export interface Announcements {
  /** The same object until it is made anew. */
  now(): Announced
}

/** How far ahead planned work is told of. */
const AHEAD = 92 * DAY

/**
 * All that was ever said, with work from then to 92 days ahead. A day begins at 00:00 UTC here, whatever the site's
 * timezone.
 */
export function createAnnouncements(deps: {
  readonly board: Pick<Board, 'incidents' | 'occurrences' | 'onNews'>
  readonly memory: Pick<Memory, 'configuration'>
  now(): Instant
}): Announcements {
  const { board, memory } = deps
  let made: { readonly services: unknown; readonly day: number; readonly announced: Announced } | null = null
  board.onNews(() => {
    made = null
  })
  return {
    now: () => {
      const { services } = memory.configuration
      const day = Math.floor(deps.now() / DAY)
      if (made?.services !== services || made.day !== day) {
        const occurrences = board.occurrences(0, (day + 1) * DAY + AHEAD)
        made = { services, day, announced: announce(board.incidents(), occurrences, services) }
      }
      return made.announced
    },
  }
}
