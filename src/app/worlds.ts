// The world a site looks at, and those it looked at before.
import { type Millis, SECOND } from '../core/time/time.ts'
import type { World } from '../world.ts'

export interface Worlds {
  /** The one of now. */
  current(): World
  /** Goes on in another one. Looks under way end in the one they began in, which lives on for half a minute. */
  enter(next: World): void
  /** Ends all of them; to be called once. Rejects with what one of them throws. */
  stop(): Promise<void>
}

const RETIRE: Millis = 30 * SECOND

/** Stops a world that was left by itself; what it throws then is only logged. */
export function createWorlds(
  first: World,
  { after, warn }: { after(delay: Millis, run: () => void): () => void; warn(message: string): void },
): Worlds {
  let world = first
  const alive = new Set([world])
  return {
    current: () => world,
    enter(next) {
      const old = world
      world = next
      alive.add(next)
      after(RETIRE, () => {
        alive.delete(old)
        old.stop().catch((error: unknown) => warn(String(error)))
      })
    },
    async stop() {
      for (const one of alive) await one.stop()
    },
  }
}
