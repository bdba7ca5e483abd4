// Letters that the disk refuses are owed. Where work begins, or somebody wants silence, before it takes them, they are taken
// back: what they tell is told afterwards, if it still goes on (verdict.md, 4).
import type { Alarm, AlertMemory } from './alert.ts'
import type { Letter } from './letter.ts'

/** A letter that is not on the disk yet. */
export interface Owed {
  readonly letter: Letter
  /** `Letter.key` by the name that its outage has now. */
  readonly key: string
}

/** The services of which a letter says that they fail. */
function failingIn({ news }: Letter): readonly string[] {
  if (news.kind === 'down') return [...news.affected, ...news.children].map(({ service }) => service)
  if (news.kind === 'partial') return [news.affected, ...(news.others ?? [])].map(({ service }) => service)
  if (news.kind === 'unstable') return [news.affected.service]
  return []
}

/**
 * Those to take back: about a service of which nobody wants to hear now, and all of it still true. Where some is over by now
 * it is told late instead: nothing would tell that afterwards. `alarms`: of outages that are open. `unstable`: this service
 * comes and goes.
 */
export function unwanted(
  owed: readonly Owed[],
  alarms: AlertMemory['alarms'],
  quieted: (service: string) => boolean,
  unstable: (service: string) => boolean,
): readonly Owed[] {
  return owed.filter(({ letter, key }) => {
    const { news } = letter
    if (!failingIn(letter).some(quieted)) return false
    if (news.kind === 'unstable') return unstable(news.affected.service)
    const told = Object.values(alarms).filter((alarm) => alarm.letter === key && alarm.told !== 'folded')
    // Children are only spoken of.
    const parts = news.kind === 'down' ? news.affected.length : failingIn(letter).length
    return told.length >= parts
  })
}

/** The memory without these letters: what they told is not told, or only what was before them. */
export function untold(before: AlertMemory, back: readonly Owed[]): AlertMemory {
  if (back.length === 0) return before
  const keys = new Set(back.map(({ key }) => key))
  const without = (id: string, { partial, ...alarm }: Alarm): Alarm => {
    const sooner = partial === undefined || keys.has(partial) ? null : partial
    if (alarm.letter === null || !keys.has(alarm.letter)) return sooner === null ? alarm : { ...alarm, partial: sooner }
    return sooner === null ? { told: null, letter: null, thread: id } : { ...alarm, told: 'partial', letter: sooner }
  }
  const alarms = Object.entries(before.alarms).map(([id, alarm]) => [id, without(id, alarm)] as const)
  return { ...before, alarms: Object.fromEntries(alarms) }
}
