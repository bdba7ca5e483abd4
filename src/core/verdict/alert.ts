// Who is told what, and when nobody is (verdict.md, 4): one mail for an outage whatever joins later, none that a parent
// explains, never a storm, none lost. What explains an outage: cause.ts.

import type { Policy } from '../check.ts'
import { HOUR, type Instant } from '../time/time.ts'
import { type Case, explanation, fellTogether, isRoad, type Over, owedOf } from './cause.ts'
import type { Affected, Letter } from './letter.ts'
import type { Parent } from './parent.ts'

export type { Case } from './cause.ts'
export type { Parent } from './parent.ts'

/** What was done about an outage. */
export interface Alarm {
  /**
   * The worst that was written of its own; `unstable`: one that its service comes and goes; `folded`: a parent's letter
   * speaks of it. Null: nothing yet.
   */
  readonly told: 'partial' | 'down' | 'unstable' | 'folded' | null
  /** The letter that speaks of it, for "the team was told at". */
  readonly letter: string | null
  /** The thread its letters are in. */
  readonly thread: string
  /** The letter that told of it as partial before one told that it is down. */
  readonly partial?: string
}

/** News that is due and waits for its turn. */
interface Waiting {
  readonly event: 'down' | 'partial' | 'up'
  readonly affected: Affected
  readonly until: Instant | null
  readonly thread: string
  readonly since: Instant
}

/** What must survive a restart so that nothing is told twice or never. */
export interface AlertMemory {
  readonly alarms: Readonly<Record<string, Alarm>>
  readonly waiting: readonly Waiting[]
  /** When letters were decided and of how many services they told, in the last hour. */
  readonly sent: readonly { readonly at: Instant; readonly event: string; readonly services: number }[]
  readonly over: readonly Over[]
}

/** Where the memory of alerts is kept among what must survive a restart. */
export const ALERTS_KEY = 'alerts'

export const NO_ALERTS: AlertMemory = { alarms: {}, waiting: [], sent: [], over: [] }

/** The memory after an outage took another name. */
export function renamed(before: AlertMemory, from: string, to: string): AlertMemory {
  const anew = (text: string) => (text === from || text.startsWith(`${from}:`) ? to + text.slice(from.length) : text)
  const alarms = Object.entries(before.alarms).map(([id, { told, letter, thread, partial }]) => {
    const sooner = partial === undefined ? {} : { partial: anew(partial) }
    return [anew(id), { told, letter: letter === null ? null : anew(letter), thread: anew(thread), ...sooner }] as const
  })
  const waiting = before.waiting.map((item) => ({
    ...item,
    affected: { ...item.affected, outage: anew(item.affected.outage) },
    thread: anew(item.thread),
  }))
  return { ...before, alarms: Object.fromEntries(alarms), waiting }
}

/** More mails an hour than this wait in the digest. */
const HOURLY_CAP = 20

/**
 * The memory after letters about services that come and go: one that says "still down" has told of the outage, and all
 * count among the mails of the hour.
 */
export function knowing(before: AlertMemory, flaps: readonly Letter[], now: Instant): AlertMemory {
  if (flaps.length === 0) return before
  const told = flaps.flatMap(({ key, thread, news }) =>
    news.kind === 'settled' && news.down ? [[thread, { told: 'down' as const, letter: key, thread }] as const] : [],
  )
  return {
    ...before,
    alarms: { ...before.alarms, ...Object.fromEntries(told) },
    sent: [...before.sent, ...flaps.map(({ event }) => ({ at: now, event, services: 0 }))],
  }
}

/** The letters that are due now, and what to remember. `cases`: all open outages and those that just ended. */
export function decideLetters(
  cases: readonly Case[],
  parents: ReadonlyMap<string, Parent>,
  before: AlertMemory,
  policy: Policy,
  now: Instant,
): { readonly letters: readonly Letter[]; readonly memory: AlertMemory } {
  const alarms: Record<string, Alarm> = {}
  let waiting = [...before.waiting]
  let over = [...before.over]
  const letters: Letter[] = []
  const sent = before.sent.filter(({ at }) => now - at < HOUR)
  const left = () => HOURLY_CAP - sent.length

  for (const one of cases) if (one.outage.ended !== null && isKnown(one)) over = recentEnds(over, one.outage)
  for (const one of cases) {
    const alarm = before.alarms[one.outage.id] ?? { told: null, letter: null, thread: one.outage.id }
    if (one.outage.ended === null) alarms[one.outage.id] = whileOpen(one, alarm)
    else whenOver(one, alarm, one.outage.ended)
  }
  sendDown()
  sendPartial()
  sendUp()
  return { letters, memory: { alarms, waiting, sent, over } }

  function whileOpen(one: Case, alarm: Alarm): Alarm {
    if (alarm.told === null && one.unstableThread !== null)
      return { told: 'unstable', letter: unstableKey(one.unstableThread), thread: one.unstableThread }
    if (one.muted || one.unstable || alarm.told === 'down') return alarm
    const cause = explanation(one, cases, parents, wasTold, now)
    if (cause?.kind === 'down') return heldBack(one, alarm, cause.outage)
    const due = owedOf(one, now, policy)
    if (cause !== null || due === null || due === alarm.told || isWaiting(one.outage.id, due)) return alarm
    withdraw(one.outage.id)
    queue(due, one, alarm, null)
    return alarm
  }

  /** A parent is down: what waits is taken back; once a letter speaks of the parent, it speaks of the child. */
  function heldBack(one: Case, alarm: Alarm, cause: string): Alarm {
    withdraw(one.outage.id)
    const parent = alarms[cause] ?? before.alarms[cause]
    if (alarm.told === 'partial' || parent === undefined || parent.told === null) return alarm
    // One that is only partial and that another letter speaks of has none that would speak of this, too.
    const sure = cases.some(({ outage }) => outage.id === cause && outage.confirmed)
    if (!sure && parent.told === 'folded') return alarm
    if (parent.told === 'partial' && one.outage.confirmed) return alarm
    return { ...alarm, told: 'folded', letter: parent.letter }
  }

  /** What was told, or waits to be, gets its end; what was only held back and never explained is told all the same. */
  function whenOver(one: Case, alarm: Alarm, until: Instant) {
    const { outage } = one
    const own = alarm.told === 'down' || alarm.told === 'partial' || isWaiting(outage.id)
    const muted = one.muted || one.unstable
    if (!own && !muted && !isSpokenOf(one, alarm)) {
      const cause = explanation(one, cases, parents, wasTold, now)
      const due = cause === null || cause.kind === 'wait' ? owedOf(one, until, policy) : null
      if (due !== null) queue(due, one, alarm, until)
    }
    if (!one.unstable && (own || isWaiting(outage.id))) queue('up', one, alarm, until)
  }

  /** It was down for sure, and admins know or need not know: what hung on it is explained. */
  function isKnown(one: Case): boolean {
    const told = before.alarms[one.outage.id]?.told
    const known = one.muted || one.unstable || told === 'down' || told === 'folded' || isWaiting(one.outage.id)
    return known && one.outage.confirmed
  }

  /** One that is back may be part of an outage that is not over. */
  function wasTold({ service, back }: Parent, since: Instant): boolean {
    const ended = over.some((one) => one.service === service && one.at >= since)
    return ended || cases.some((one) => one.outage.id === back?.outage && one.outage.ended === null && isKnown(one))
  }

  function isWaiting(outage: string, event?: Waiting['event']): boolean {
    return waiting.some((item) => item.affected.outage === outage && item.event === (event ?? item.event))
  }

  function withdraw(outage: string) {
    waiting = waiting.filter(({ affected }) => affected.outage !== outage)
  }

  function queue(event: Waiting['event'], one: Case, { thread }: Alarm, until: Instant | null) {
    waiting.push({ event, affected: one.affected, until, thread, since: now })
  }

  function write(letter: Omit<Letter, 'at'>, items: readonly Waiting[]) {
    letters.push({ ...letter, at: now })
    sent.push({ at: now, event: letter.event, services: items.length })
    waiting = waiting.filter((item) => !items.includes(item))
  }

  function sendDown() {
    const groups = [...parents.values()].flatMap((parent) => fellTogether(parent, cases))
    for (const { parent, outages } of groups) {
      const items = waiting.filter(({ event, affected }) => event === 'down' && outages.has(affected.outage))
      if (items.length >= 2 && left() > 0) postDown(items, parent)
    }
    inDigest('down', (items) => {
      const group = groups.find(({ outages }) => items.every((item) => outages.has(item.affected.outage)))
      postDown(items, group?.parent ?? null)
    })
  }

  function postDown(items: readonly Waiting[], suspected: Parent | null) {
    const { affected, thread } = items[0]!
    const key = `${affected.outage}:down`
    const outages = new Set(items.map((item) => item.affected.outage))
    const children = cases.filter((one) => isFolded(one, outages))
    const news = {
      kind: 'down' as const,
      affected: items.map((item) => item.affected),
      children: children.map((one) => one.affected),
      suspected: suspected === null ? null : { id: suspected.id, name: suspected.name },
    }
    write({ key, event: 'down', thread, news }, items)
    for (const { affected: of } of items) {
      const sooner = alarms[of.outage]
      const partial = sooner?.told === 'partial' && sooner.letter !== null ? { partial: sooner.letter } : {}
      told(of.outage, { told: 'down', letter: key, thread, ...partial })
    }
    for (const { outage } of children) alarms[outage.id] = { told: 'folded', letter: key, thread: outage.id }
  }

  function isFolded(one: Case, outages: ReadonlySet<string>): boolean {
    const alarm = alarms[one.outage.id]
    const own = alarm?.told === 'down' || alarm?.told === 'partial' || isWaiting(one.outage.id)
    const open = one.outage.ended === null && !one.muted && !isTwice(one)
    return !own && open && hangsOn(one, outages)
  }

  function hangsOn(one: Case, outages: ReadonlySet<string>): boolean {
    return one.parents.some((id) => {
      const { outage, back } = parents.get(id) ?? { outage: null, back: null }
      return outages.has(outage ?? '') || outages.has(back?.outage ?? '')
    })
  }

  /** A road that is bad for several is one letter, for the provider; where sites disagree it is one a service. */
  function sendPartial() {
    for (const item of waiting.filter(({ event }) => event === 'partial')) {
      if (left() <= 0 || !waiting.includes(item)) continue
      const { affected, thread } = item
      const key = `${affected.outage}:partial`
      const others = isRoad(affected)
        ? cases.filter((one) => one.affected.outage !== affected.outage && isBesides(one))
        : []
      const ids = new Set(others.map((one) => one.outage.id))
      const items = waiting.filter((one) => one === item || (one.event === 'partial' && ids.has(one.affected.outage)))
      const besides = others.length === 0 ? {} : { others: others.map((one) => one.affected) }
      write({ key, event: 'partial', thread, news: { kind: 'partial', affected, ...besides } }, items)
      const outages = new Set([affected.outage, ...ids])
      told(affected.outage, { told: 'partial', letter: key, thread })
      for (const one of others)
        told(one.outage.id, { told: hangsOn(one, outages) ? 'folded' : 'partial', letter: key, thread })
    }
  }

  /** Open, not told and behind the same bad road. */
  function isBesides(one: Case): boolean {
    const open = one.outage.ended === null && !one.outage.confirmed && !one.muted && !one.unstable
    return open && alarms[one.outage.id]?.told === null && isRoad(one.affected) && !isTwice(one)
  }

  function sendUp() {
    inDigest('up', (items) => {
      const { affected, thread } = items[0]!
      const ends = items.map((item) => ({ affected: item.affected, until: item.until ?? now }))
      write({ key: `${affected.outage}:up`, event: 'up', thread, news: { kind: 'up', over: ends } }, items)
    })
  }

  /** The first few of a minute at once, further ones a minute later in one letter; an end never before its beginning. */
  function inDigest(event: 'down' | 'up', post: (items: readonly Waiting[]) => void) {
    const begun = ({ affected: { outage } }: Waiting) => !isWaiting(outage, 'down') && !isWaiting(outage, 'partial')
    const mine = waiting.filter((item) => item.event === event && (event === 'down' || begun(item)))
    const oldest = mine[0]
    if (oldest === undefined) return
    const lately = sent.filter((one) => one.event === event && now - one.at < policy.digest.within)
    const free = policy.digest.services - lately.reduce((sum, one) => sum + one.services, 0)
    const atOnce = oldest.since === now ? mine.slice(0, Math.max(0, Math.min(free, left()))) : []
    for (const item of atOnce) post([item])
    const rest = mine.slice(atOnce.length)
    if (rest.length > 0 && left() > 0 && now - rest[0]!.since >= policy.digest.within) post(rest)
  }

  /** The end of what was told follows in its thread, from now on. */
  function told(outage: string, alarm: Alarm) {
    if (alarms[outage] !== undefined) alarms[outage] = alarm
    const { thread } = alarm
    waiting = waiting.map((item) => (item.affected.outage === outage ? { ...item, thread, since: now } : item))
  }
}

/** The letter of that thread that says that a service comes and goes. */
export function unstableKey(thread: string): string {
  return `${thread}:unstable`
}

/** What members see of the same service is out as well: a letter names it once. */
function isTwice({ shown }: Case): boolean {
  return shown !== null && shown.outage !== null
}

function recentEnds(over: readonly Over[], { service, ended }: Case['outage']): Over[] {
  return [...over.filter((one) => one.service !== service), { service, at: ended ?? 0 }]
}

/** A parent's letter speaks of it; one that says partial says nothing of a child that is down for sure. */
function isSpokenOf({ outage }: Case, { told, letter }: Alarm): boolean {
  return told === 'folded' && !(outage.confirmed && letter?.endsWith(':partial') === true)
}
