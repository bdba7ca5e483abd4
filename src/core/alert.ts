// Who is told what, and when nobody is (verdict.md, 4): one mail for an outage whatever joins later, none that a parent
// explains, never a storm, none lost.
import type { Policy } from './check.ts'
import type { Affected, Letter } from './letter.ts'
import type { Outage } from './outage.ts'
import type { Text } from './text.ts'
import { HOUR, type Instant, MINUTE, type Millis } from './time.ts'

/** A service with an outage that is open or ended in this tick. */
export interface Case {
  readonly outage: Outage
  readonly affected: Affected
  readonly maintenance: boolean
  readonly unstable: boolean
  /** Its longest interval between looks. */
  readonly every: Millis
  /** Services that would explain it, nearest first, theirs included. */
  readonly parents: readonly string[]
}

/** A service that others depend on. */
export interface Parent {
  readonly id: string
  readonly name: Text
  /** Its open outage. */
  readonly outage: string | null
  /** A check of it failed or was not looked at since its children fell: wait for its look. */
  readonly suspect: boolean
  /** When its last outage ended; null: none remembered. */
  readonly backSince: Instant | null
  /** How many services depend on it. */
  readonly children: number
  /** The longest its verdict can take from the first fail. */
  readonly patience: Millis
}

/** What was done about an outage. */
export interface Alarm {
  /** The worst that was queued or sent of its own; `folded`: a parent's letter speaks of it. */
  readonly told: 'partial' | 'down' | 'folded' | null
  /** The letter that speaks of it, for "the team was told at". */
  readonly letter: string | null
  /** The thread its letters are in. */
  readonly thread: string
}

interface Waiting {
  readonly event: 'down' | 'up'
  readonly affected: Affected
  readonly until: Instant | null
  readonly thread: string
  readonly since: Instant
}

/** What must survive a restart so that nothing is told twice or never. */
export interface AlertMemory {
  readonly alarms: Readonly<Record<string, Alarm>>
  readonly waiting: readonly Waiting[]
  /** When letters were decided and of how many services they told down, in the last hour. */
  readonly sent: readonly { readonly at: Instant; readonly event: string; readonly services: number }[]
}

export const NO_ALERTS: AlertMemory = { alarms: {}, waiting: [], sent: [] }

/** More mails an hour than this wait in the digest. */
const HOURLY_CAP = 20

/** Children of one parent that fall within this time, three and four fifths of them, fell for one reason. */
const TOGETHER: Millis = 2 * MINUTE
const TOGETHER_LEAST = 3
const TOGETHER_SHARE = 0.8

/** The letters that are due now, and what to remember. `cases`: all open outages and those that just ended. */
export function decideLetters(
  cases: readonly Case[],
  parents: ReadonlyMap<string, Parent>,
  before: AlertMemory,
  policy: Policy,
  now: Instant,
): { readonly letters: readonly Letter[]; readonly memory: AlertMemory } {
  const alarms: Record<string, Alarm> = {}
  const waiting = [...before.waiting]
  const letters: Letter[] = []
  const sent = before.sent.filter(({ at }) => now - at < HOUR)
  const capped = () => sent.length >= HOURLY_CAP

  const write = (letter: Omit<Letter, 'at'>, services: number) => {
    letters.push({ ...letter, at: now })
    sent.push({ at: now, event: letter.event, services })
  }

  for (const one of cases) {
    const alarm = before.alarms[one.outage.id] ?? { told: null, letter: null, thread: one.outage.id }
    const next = one.outage.ended === null ? whileOpen(one, alarm) : whenOver(one, alarm)
    if (next !== null) alarms[one.outage.id] = next
  }
  sendWaiting()
  return { letters, memory: { alarms, waiting, sent } }

  function whileOpen(one: Case, alarm: Alarm): Alarm {
    if (one.maintenance || one.unstable || alarm.told === 'down') return alarm
    const explained = explanation(one, parents, now)
    if (explained !== null) return explained === 'wait' ? alarm : held(explained, alarm)
    if (one.outage.confirmed) {
      waiting.push({ event: 'down', affected: one.affected, until: null, thread: alarm.thread, since: now })
      return { ...alarm, told: 'down' }
    }
    if (alarm.told !== 'partial' && now - one.outage.opened >= policy.mailAfter && !capped()) {
      const key = `${one.outage.id}:partial`
      write({ key, event: 'partial', thread: alarm.thread, news: { kind: 'partial', affected: one.affected } }, 0)
      return { ...alarm, told: 'partial', letter: key }
    }
    return alarm
  }

  function held(parent: string, alarm: Alarm): Alarm {
    const letter = before.alarms[parent]?.letter ?? alarms[parent]?.letter ?? alarm.letter
    return alarm.letter === letter ? alarm : { ...alarm, letter }
  }

  function whenOver(one: Case, alarm: Alarm): null {
    if (one.maintenance || one.unstable) return null
    const queued = waiting.some(({ event, affected }) => event === 'down' && affected.outage === one.outage.id)
    const until = one.outage.ended!
    if (alarm.told === 'down' || alarm.told === 'partial') {
      if (!queued) waiting.push({ event: 'up', affected: one.affected, until, thread: alarm.thread, since: now })
    } else if (alarm.told === null && one.outage.confirmed && explanation(one, parents, now) === 'wait') {
      waiting.push({ event: 'down', affected: one.affected, until, thread: alarm.thread, since: now })
    }
    return null
  }

  function sendWaiting() {
    tellTogether()
    for (const event of ['down', 'up'] as const) {
      const mine = waiting.filter((item) => item.event === event)
      if (mine.length === 0 || capped()) continue
      const lately = sent.filter((one) => one.event === event && now - one.at < policy.digest.within)
      const free = Math.max(0, policy.digest.services - lately.reduce((sum, one) => sum + one.services, 0))
      const atOnce = mine.slice(0, Math.min(free, HOURLY_CAP - sent.length))
      for (const item of atOnce) post(event, [item], null)
      const rest = mine.slice(atOnce.length)
      const oldest = rest[0]
      if (oldest !== undefined && !capped() && now - oldest.since >= policy.digest.within) post(event, rest, null)
    }
  }

  /** Children of a parent that looks well but fell together: one letter that names it. */
  function tellTogether() {
    for (const parent of parents.values()) {
      if (parent.outage !== null || capped()) continue
      const fallen = cases.filter((one) => one.outage.ended === null && one.parents.includes(parent.id))
      const newest = Math.max(...fallen.map((one) => one.outage.since))
      const together = fallen.filter((one) => newest - one.outage.since <= TOGETHER)
      if (together.length < TOGETHER_LEAST || together.length < TOGETHER_SHARE * parent.children) continue
      const ids = new Set(together.map((one) => one.outage.id))
      const items = waiting.filter((item) => item.event === 'down' && ids.has(item.affected.outage))
      if (items.length >= 2) post('down', items, { id: parent.id, name: parent.name })
    }
  }

  function post(event: 'down' | 'up', items: readonly Waiting[], suspected: { id: string; name: Text } | null) {
    const first = items[0]!
    const key = `${first.affected.outage}:${event}`
    const thread = first.thread
    for (const item of items) waiting.splice(waiting.indexOf(item), 1)
    if (event === 'up') {
      const over = items.map(({ affected, until }) => ({ affected, until: until ?? now }))
      write({ key, event, thread, news: { kind: 'up', over } }, items.length)
      return
    }
    const told = new Set(items.map(({ affected }) => affected.service))
    const children = cases.filter((one) => foldedInto(one, told))
    const affected = items.map((item) => item.affected)
    write(
      {
        key,
        event,
        thread,
        news: { kind: 'down', affected, children: children.map((one) => one.affected), suspected },
      },
      items.length,
    )
    for (const item of items) alarms[item.affected.outage] = { told: 'down', letter: key, thread }
    for (const child of children) alarms[child.outage.id] = { told: 'folded', letter: key, thread: child.outage.id }
  }

  function foldedInto(one: Case, told: ReadonlySet<string>): boolean {
    const alarm = alarms[one.outage.id]
    return (
      alarm?.told === null && one.outage.ended === null && !one.maintenance && one.parents.some((id) => told.has(id))
    )
  }
}

/**
 * Does a parent explain it? The outage of the parent that is down; `wait` while a parent's own look is being waited for
 * or it came back less than two intervals ago; null: nothing holds it back.
 */
function explanation(one: Case, parents: ReadonlyMap<string, Parent>, now: Instant): string | 'wait' | null {
  let wait = false
  for (const id of one.parents) {
    const parent = parents.get(id)
    if (parent === undefined) continue
    if (parent.outage !== null) return parent.outage
    if (parent.suspect && now - one.outage.opened < parent.patience) wait = true
    if (parent.backSince !== null && parent.backSince >= one.outage.since && now - parent.backSince < 2 * one.every)
      wait = true
  }
  return wait ? 'wait' : null
}
