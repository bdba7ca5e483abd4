// Whether everything moves that must: asked by /healthz, the dead man's switch and the watchdog.
import { checksOf } from '../core/check.ts'
import type { Millis } from '../core/time/time.ts'
import type { Health } from '../http/health.ts'
import type { Memory } from '../memory.ts'
import type { PublisherState } from '../page/folder/publish.ts'
import type { Beat } from '../process/beat.ts'
import type { Rounds } from '../rounds.ts'
import { healthOf, type Movements, movingOf, shortestInterval } from '../showing/health.ts'
import type { Results } from '../store/results.ts'

export interface Vitals {
  health(): Health
  /** The same without faults of the disk, which starting anew doesn't mend. */
  moving(): Health
  /** Another configuration was taken: nothing can be late before now. */
  begin(): void
}

/** Nothing is late before it was made. */
export function createVitals(deps: {
  readonly memory: Pick<Memory, 'configuration'>
  readonly results: Pick<Results, 'condition'>
  readonly rounds: Pick<Rounds, 'lastStart'>
  readonly beat: Pick<Beat, 'remembered'>
  readonly publisher: { state(): Pick<PublisherState, 'served' | 'failure'> }
  ticks(): Millis
}): Vitals {
  const { memory, results, rounds, beat, publisher, ticks } = deps
  let begun = ticks()
  return {
    health: () => healthOf(movements()),
    moving: () => movingOf(movements()),
    begin() {
      begun = ticks()
    },
  }

  function movements(): Movements {
    const condition = results.condition()
    const { served, failure } = publisher.state()
    return {
      ticks: ticks(),
      begun,
      looked: rounds.lastStart(),
      interval: shortestInterval(checksOf(memory.configuration)),
      remembered: beat.remembered(),
      paused: condition.kind === 'paused' ? condition.note : null,
      served,
      unwritten: failure,
    }
  }
}
