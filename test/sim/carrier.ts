// The way between sites: slow, cut, and now and then it hands a message over twice.
import type { TwinsDeps } from '../../src/sites/twins.ts'
import type { Envelope } from '../../src/twin/wire.ts'
import type { Random } from './random.ts'
import type { SiteDeps } from './site.ts'
import type { Timeline } from './timeline.ts'
import type { World } from './world.ts'

type Carry = TwinsDeps['carry']

export interface CarrierDeps extends Pick<SiteDeps, 'process' | 'carried'> {
  readonly name: string
  readonly world: World
  readonly timeline: Timeline
  readonly random: Random
  /** Calls back unless the process is gone by then. */
  after(delay: number, run: () => void): void
}

/** Answers that come too late, or over a way that broke meanwhile, never come. */
export function createCarrier({ name, world, timeline, random, process, carried, after }: CarrierDeps): Carry {
  return carry

  function carry(...[to, envelope, within]: Parameters<Carry>): Promise<Envelope> {
    return new Promise((resolve, reject) => {
      after(within, () => reject(new Error('no answer')))
      const there = world.reaches(name, to.id)
      carried(envelope.body.length)
      if (there === null) return
      timeline.after(there, () => {
        const other = process(to.id)
        if (other === null) return void after(0, () => reject(new Error('refused')))
        const twice = random.chance(0.02)
        const answered = other.twins.answer(envelope, name)
        if (twice) void other.twins.answer(envelope, name)
        void answered.then((answer) => {
          const back = world.reaches(name, to.id)
          if (answer === null || typeof answer === 'string')
            return void after(0, () => reject(new Error(`refused: ${answer}`)))
          carried(answer.body.length)
          if (back !== null && process(to.id) === other) after(back, () => resolve(answer))
        })
      })
    })
  }
}
