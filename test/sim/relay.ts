// A site's relay as it stands in the schedule: takes, delays, refuses or swallows a letter.
import type { Attempt, Channel } from '../../src/channels/channel.ts'
import { type Millis, SECOND } from '../../src/core/time/time.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import type { Random } from './random.ts'
import type { Mail } from './site.ts'
import type { Timeline } from './timeline.ts'
import type { World } from './world.ts'

export interface RelayDeps {
  readonly name: string
  readonly world: World
  readonly timeline: Timeline
  readonly random: Random
  letterOf(key: string): Letter
  mailed(mail: Mail): void
  /** Settles later, unless the process is gone by then. */
  later<T>(delay: Millis, value: () => T): Promise<T>
}

/** The deadline of a relay. */
const PATIENCE: Millis = 30 * SECOND

export function createRelay({ name, world, timeline, random, letterOf, mailed, later }: RelayDeps): Channel['send'] {
  return send

  function send(message: Parameters<Channel['send']>[0]): Promise<Attempt> {
    const letter = letterOf(message.key)
    const taken = (): Attempt => ({ taken: true, response: '250 taken' })
    const failed = (uncertain: boolean, again = true): Attempt => ({ taken: false, again, uncertain, note: 'failed' })
    const mail = (delay: Millis) => timeline.after(delay, () => mailed({ site: name, at: timeline.now(), letter }))
    const line = world.lineOf(name)
    if (line === 'away' || world.dnsOf(name) === 'error') return later(50, () => failed(false))
    if (line !== 'good' || world.dnsOf(name) !== 'good') return later(PATIENCE, () => failed(false))
    const manner = world.relayOf(name)
    if (manner === 'refuse' || manner === 'reject') return later(300, () => failed(false, manner === 'refuse'))
    if (manner === 'hang') return later(PATIENCE, () => failed(false))
    if (manner === 'swallow') {
      mail(PATIENCE + 10 * SECOND)
      return later(PATIENCE, () => failed(true))
    }
    const length = manner === 'slow' ? 25 * SECOND : random.whole(100, 900)
    mail(length)
    // A line that dies meanwhile takes the answer with it.
    return later(length, () => world.lineOf(name)).then((then) =>
      then === 'good' ? taken() : later(PATIENCE - length, () => failed(true)),
    )
  }
}
