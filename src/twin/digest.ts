// A site's opinions on their way to another: only what changed since the digest that the other has, and no moment, only
// ages, because two sites' clocks are never compared.

import { isReason, type Reason } from '../core/observation.ts'
import { DAY, type Instant, MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import { isList, isRecord, isText, isWhole } from '../core/untrusted.ts'
import type { Pulse } from '../core/verdict/heartbeat.ts'
import type { Condition, Word } from '../core/verdict/word.ts'

export interface Own {
  readonly condition: Condition
  /** By check. */
  readonly words: ReadonlyMap<string, Word>
}

export interface Speaker {
  /**
   * What to tell somebody who has that digest of ours; `knows` null: none. Null: nothing. With another configuration
   * everything is told anew.
   */
  speak(own: Own, knows: Known | null, now: Instant): unknown
}

/** Which digest of a site somebody has. */
export interface Known {
  readonly epoch: string
  readonly number: number
}

export interface Hearer {
  /** Takes in a digest; null: the one we have still holds. False: it is none, or it continues one that we don't have. */
  hear(digest: unknown, now: Instant): boolean
  /** Null: no digest was taken in yet. So below. */
  knows(): Known | null
  condition(): Condition | null
  words(): ReadonlyMap<string, Word>
  /** The wall clock was set: every moment moves with it. */
  shift(by: Millis): void
}

const MOST_CHECKS = 5_000
/** Fields of one word: a newer vigie may say more than is read here. */
const MOST_FIELDS = 32
/** Whatever began longer ago than anybody keeps measures began then: a lie moves nothing further. */
const LONGEST_AGE: Millis = 400 * DAY
const LONGEST_ID = 200
/** Ages grow on the way: moments of one look differ by less. */
const ON_THE_WAY: Millis = 10 * SECOND
const STATES = ['up', 'degraded', 'down', 'unknown'] as const

/** That a check was looked at again is told this often where nothing else is new, and then nothing but that. */
const LOOKS_EVERY: Millis = 2 * MINUTE

/** Speaks for this site. `boot`: made at its start. */
export function createSpeaker(boot: string): Speaker {
  const marks = new Map<string, Mark>()
  const looks = new Map<string, Mark>()
  let number = 0
  let configuration = ''
  let generation = 0
  return {
    speak({ condition, words }, knows, now) {
      if (condition.configuration !== configuration) {
        ;({ configuration } = condition)
        generation++
        marks.clear()
        looks.clear()
      }
      const epoch = `${boot}.${generation}`
      const { blind, mails, version, configured } = condition
      const changed = [note(marks, '', JSON.stringify([blind, mails, version, configured]))]
      for (const [id, { at, ...word }] of words) {
        changed.push(note(marks, id, JSON.stringify(word)))
        changed.push(note(looks, id, at === null ? '' : String(Math.floor(at / LOOKS_EVERY))))
      }
      if (changed.some(Boolean)) number++
      const base = knows?.epoch === epoch && knows.number <= number ? knows.number : 0
      if (base === number) return null
      const isNews = (of: typeof marks, id: string) => (of.get(id)?.number ?? 0) > base
      const told = [...words].filter(([id]) => isNews(marks, id)).map(([id, word]) => [id, tupleOf(word, now)])
      const seen = [...words].filter(([id, { at }]) => at !== null && isNews(looks, id) && !isNews(marks, id))
      return {
        epoch,
        number,
        base,
        ...(isNews(marks, '') ? { site: siteOf(condition, now) } : {}),
        ...(told.length > 0 ? { words: Object.fromEntries(told) } : {}),
        ...(seen.length > 0 ? { looks: Object.fromEntries(seen.map(([id, { at }]) => [id, ageOf(at, now)])) } : {}),
      }
    },
  }

  function note(of: typeof marks, id: string, mark: string): boolean {
    if (of.get(id)?.mark === mark) return false
    of.set(id, { mark, number: number + 1 })
    return true
  }
}

/** What was said of something, and the digest it was said in first. */
interface Mark {
  readonly mark: string
  readonly number: number
}

/** Hears one other site. */
export function createHearer(): Hearer {
  let known: Known | null = null
  let condition: Condition | null = null
  let words = new Map<string, Word>()
  /** As they were said: words that say nothing before there is a newer look. */
  const old = new Map<string, Word>()
  return {
    knows: () => known,
    condition: () => condition,
    words: () => words,
    hear(digest, now) {
      if (digest === null) return known !== null
      if (!isRecord(digest)) return false
      const { epoch, number, base, site, words: told = {}, looks = {} } = digest
      if (!isText(epoch, 100) || !isWhole(number) || !isWhole(base) || !isRecord(told) || !isRecord(looks)) return false
      const continues = known !== null && known.epoch === epoch && base <= known.number
      if (!continues && base !== 0) return false
      const heard = site === undefined ? null : conditionOf(site, now)
      if (site !== undefined ? heard === null : !continues) return false
      const goesOn = continues && base > 0
      const next = new Map(goesOn ? words : [])
      if (!goesOn) for (const id of old.keys()) if (!Object.hasOwn(told, id)) old.delete(id)
      const pairs = Object.entries(told)
      if (next.size + pairs.length > MOST_CHECKS) return false
      for (const [id, tuple] of pairs) {
        const word = id.length > LONGEST_ID ? null : wordOf(tuple, now)
        // A word that we don't understand, of a newer vigie, is no word; nor is the one before it any longer.
        if (word === null) {
          next.delete(id)
          old.delete(id)
        } else next.set(id, isSilent(id, word, words.get(id)) ? silenced(id, word, words.get(id)) : spoken(id, word))
      }
      const seen = Object.entries(looks)
      for (const [id, age] of seen) {
        const word = next.get(id)
        if (word === undefined || !isWhole(age)) continue
        const looked = { ...(old.get(id) ?? word), at: before(age, now) }
        if (!isSilent(id, looked, word)) next.set(id, spoken(id, looked))
      }
      // The same map while nothing is new, so that nobody looks for what changed.
      if (pairs.length > 0 || seen.length > 0 || next.size !== words.size) words = next
      condition = heard ?? condition
      // A digest that arrives late is older than the one we have.
      known = { epoch, number: continues ? Math.max(number, known?.number ?? 0) : number }
      return true
    },
    shift(by) {
      const moved = (at: Instant | null) => (at === null ? null : at + by)
      if (condition !== null) {
        const { blind, configured } = condition
        const since = blind === null ? null : { ...blind, since: blind.since + by }
        condition = { ...condition, blind: since, configured: configured + by }
      }
      const later = (word: Word): Word => ({
        ...word,
        since: word.since + by,
        suspectSince: moved(word.suspectSince),
        at: moved(word.at),
        pulse: word.pulse === null ? null : shifted(word.pulse, by),
      })
      words = new Map([...words].map(([id, word]) => [id, later(word)]))
      for (const [id, word] of old) old.set(id, later(word))
    },
  }

  /** Of a down from an older memory a good look leaves nothing, even where one is not enough to say up. */
  function isSilent(id: string, word: Word, before: Word | undefined): boolean {
    return isOld(word, before) || (old.has(id) && word.state === 'down' && word.fails === 0)
  }

  function silenced(id: string, word: Word, before: Word | undefined): Word {
    old.set(id, word)
    return { ...word, state: 'unknown', fails: 0, suspectSince: null, at: before?.at ?? null }
  }

  function spoken(id: string, word: Word): Word {
    old.delete(id)
    return word
  }
}

/**
 * It is from an older memory than the one before: its site came back on an old copy, and has not looked yet. Where it does
 * not know when it looked last, what it says otherwise than before is.
 */
function isOld(word: Word, before: Word | undefined): boolean {
  if (word.pulse !== null || before === undefined) return false
  if (word.at === null) return before.at !== null && word.state !== before.state
  return before.at !== null && word.at < before.at - ON_THE_WAY
}

function ageOf(at: Instant | null, now: Instant): Millis | null {
  return at === null ? null : Math.max(0, Math.round(now - at))
}

function tupleOf(word: Word, now: Instant): readonly unknown[] {
  const { state, since, fails, suspectSince, reason, path, line, definition, at, pulse } = word
  return [
    STATES.indexOf(state),
    ageOf(since, now),
    fails,
    ageOf(suspectSince, now),
    reason,
    path ? 1 : 0,
    line ? 1 : 0,
    definition,
    ageOf(at, now),
    ...(pulse === null ? [] : [pulseTuple(pulse, now)]),
  ]
}

function pulseTuple({ ended, lastGood, startedAt, rid, by }: Pulse, now: Instant): readonly unknown[] {
  const end = ended === null ? null : [ageOf(ended.at, now), ended.ok ? 1 : 0, ended.exit, ended.runtime]
  return [end, ageOf(lastGood, now), ageOf(startedAt, now), rid, by ?? null]
}

function wordOf(tuple: unknown, now: Instant): Word | null {
  if (!isList(tuple, MOST_FIELDS) || tuple.length < 9) return null
  const [state, since, fails, suspect, reason, path, line, definition, at, pulse] = tuple
  const named = isWhole(state) ? STATES[state] : undefined
  if (named === undefined || !isWhole(since) || !isWhole(fails) || !isAge(suspect) || !isAge(at)) return null
  if (!(reason === null || (isText(reason, 20) && isReason(reason))) || !isText(definition, 64)) return null
  const heard = pulse === undefined || pulse === null ? null : pulseOf(pulse, now)
  if (heard === undefined) return null
  return {
    state: named,
    since: before(since, now),
    fails,
    suspectSince: before(suspect, now),
    reason: reason as Reason | null,
    path: path === 1,
    line: line === 1,
    definition,
    at: before(at, now),
    pulse: heard,
  }
}

function pulseOf(value: unknown, now: Instant): Pulse | undefined {
  if (!isList(value, MOST_FIELDS) || value.length < 5) return undefined
  const [end, lastGood, startedAt, rid, by] = value
  if (!isAge(lastGood) || !isAge(startedAt) || !(rid === null || isText(rid, 64))) return undefined
  if (!(by === null || isText(by, 100))) return undefined
  const heard = { lastGood: before(lastGood, now), startedAt: before(startedAt, now), rid }
  const rest = by === null ? heard : { ...heard, by }
  if (end === null) return { ended: null, ...rest }
  if (!isList(end, MOST_FIELDS) || end.length < 4) return undefined
  const [age, ok, exit, runtime] = end
  if (!isWhole(age) || !isAge(exit) || !isAge(runtime)) return undefined
  return { ended: { at: before(age, now), ok: ok === 1, exit, runtime }, ...rest }
}

function siteOf({ blind, mails, version, configuration, configured }: Condition, now: Instant): readonly unknown[] {
  const line = blind === null ? null : [ageOf(blind.since, now), blind.layers]
  return [line, mails ? 1 : 0, version, configuration, ageOf(configured, now)]
}

function conditionOf(value: unknown, now: Instant): Condition | null {
  if (!isList(value, MOST_FIELDS) || value.length < 5) return null
  const [line, mails, version, configuration, configured] = value
  if (!isText(version, 40) || !isText(configuration, 64) || !isWhole(configured)) return null
  const rest = { mails: mails === 1, version, configuration, configured: Math.max(0, now - configured) }
  if (line === null) return { blind: null, ...rest }
  if (!isList(line, MOST_FIELDS) || !isWhole(line[0]) || !isList(line[1], 20)) return null
  const layers = line[1].filter((layer) => isText(layer, 20))
  return { blind: { since: before(line[0], now), layers }, ...rest }
}

function isAge(value: unknown): value is number | null {
  return value === null || isWhole(value)
}

function before(age: Millis, now: Instant): Instant
function before(age: Millis | null, now: Instant): Instant | null
function before(age: Millis | null, now: Instant): Instant | null {
  return age === null ? null : now - Math.min(age, LONGEST_AGE)
}

function shifted(pulse: Pulse, by: Millis): Pulse {
  const moved = (at: Instant | null) => (at === null ? null : at + by)
  const ended = pulse.ended === null ? null : { ...pulse.ended, at: pulse.ended.at + by }
  return { ...pulse, ended, lastGood: moved(pulse.lastGood), startedAt: moved(pulse.startedAt) }
}
