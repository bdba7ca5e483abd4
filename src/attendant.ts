// Does by itself what is asked of nobody: publishes drafts whose time has come, and ends what it published once all of it
// works again.
import type { Board } from './board.ts'
import type { Incident } from './core/incident.ts'
import type { Post } from './core/post.ts'
import type { Instant } from './core/time.ts'
import type { Memory } from './memory.ts'

export interface Attendant {
  /** To be called often; it does nothing twice. Throws what the ledger throws. */
  attend(): void
}

export function createAttendant(deps: {
  readonly memory: Pick<Memory, 'services'>
  readonly board: Pick<Board, 'incidents'>
  readonly post: Post
  now(): Instant
}): Attendant {
  const { memory, board, post, now } = deps
  return {
    attend: () => {
      publish()
      for (const incident of board.incidents()) if (incident.automatic && incident.status !== 'resolved') end(incident)
    },
  }

  function publish() {
    for (const { id, due } of post.drafts())
      if (due !== null && due <= now()) post.incident.open({ draft: id }, { by: 'vigie', key: `draft ${id}` })
  }

  function end({ id, outages }: Incident) {
    const open = new Set([...memory.services.values()].map((known) => known.outages.members?.id))
    if (outages.some((outage) => open.has(outage))) return
    post.incident.update(id, { status: 'resolved' }, { by: 'vigie', key: `end ${id}` })
  }
}
