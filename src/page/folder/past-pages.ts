// Keeps the pages of the past in memory and in the folder: at once what changed, the rest in turn, a little each minute.
import type { Almanac } from '../../core/history/almanac.ts'
import type { Picture } from '../../core/shown/picture.ts'
import { DAY, type Millis, SECOND } from '../../core/time/time.ts'
import type { Views } from '../pages/views.ts'
import { digestOf, etagOf, type Packed, pack } from './compress.ts'
import { addressOf } from './files.ts'
import { createFollower } from './follower.ts'
import { urgentIn } from './meaning.ts'
import { breath, createPace } from './pace.ts'
import { type Section, sectionsOf } from './past-files.ts'

export interface PastPages {
  /** Makes what changed since the last picture, and a tenth of what is not fresh any more. Never throws. */
  follow(picture: Picture): void
  /** Every file there is of the past, by path; null: not all were made yet. */
  paths(): ReadonlySet<string> | null
  /** Resolves when there is nothing left to make. */
  settled(): Promise<void>
  /** Leaves what is left; resolves when what was under way is done. */
  stop(): Promise<void>
}

export interface PastPagesDeps {
  readonly views: Views
  readonly almanac: Almanac
  /** Monotonic milliseconds. */
  readonly ticks: () => Millis
  /** What is served, by address. */
  readonly hot: Map<string, Packed>
  /** Writes texts, by path; false: they could not all be written. Never rejects. */
  readonly keep: (files: ReadonlyMap<string, string>) => Promise<boolean>
  /** A page could not be made: one short note. */
  readonly onFailure: (note: string) => void
}

/** In a storm these pages follow the page of now so far behind, but for what is urgent. */
const PASSES_APART: Millis = 5 * SECOND

/** While nothing changes, the folder is written this often and no oftener: cards wear. */
const WRITE_EVERY: Millis = DAY

interface Made {
  readonly meaning: string
  readonly urgent: string
  readonly doubts: string
  readonly at: Millis
  readonly paths: readonly string[]
  /** What the folder holds of it; null: not this. */
  readonly written: { readonly meaning: string; readonly doubts: string; readonly at: Millis } | null
}

/**
 * Makes nothing before it first follows; then `hot` gains what is made, and loses what is of no service any more. The
 * folder gets what says something new, and once a day the rest.
 */
export function createPastPages(deps: PastPagesDeps): PastPages {
  const { views, almanac, ticks, hot } = deps
  const shelves = new Map<string, Made>()
  const passes = createPace(PASSES_APART, ticks)
  let news = ''
  /** People said something, or a status turned: ends the hurry it makes. */
  let urgent: (() => void) | null = null
  let complete = false
  /** When a pass last took more than what is urgent. */
  let wholeAt = Number.NEGATIVE_INFINITY
  const follower = createFollower(passes, pass)

  return {
    follow: (picture) => {
      const words = urgentIn(picture)
      if (words !== news) urgent ??= passes.hurry()
      news = words
      follower.follow(picture)
    },
    paths: () => (complete ? new Set([...shelves.values()].flatMap(({ paths }) => paths)) : null),
    settled: follower.settled,
    stop: follower.stop,
  }

  async function pass(take: () => Picture): Promise<void> {
    await passes.turn()
    const picture = take()
    const hurry = urgent
    urgent = null
    const whole = hurry === null || !complete || ticks() - wholeAt >= PASSES_APART
    if (whole) wholeAt = ticks()
    try {
      const sections = sectionsOf(picture, almanac, views)
      forget(new Set(sections.map(({ key }) => key)))
      const due = dueOf(sections)
      const chosen = whole ? due : due.filter((section) => shelves.get(section.key)?.urgent !== section.urgent)
      for (const section of chosen) {
        if (follower.stopped() || (follower.waits() && complete && hurry === null)) break
        await make(section)
      }
      if (chosen.length < due.length && !follower.waits()) follower.follow(picture)
      complete ||= sections.every(({ key }) => shelves.has(key))
    } catch (error) {
      deps.onFailure(`a page of the past could not be made: ${error instanceof Error ? error.message : String(error)}`)
    }
    hurry?.()
  }

  /** What is new or means something else, then the oldest of what is old. */
  function dueOf(sections: readonly Section[]): readonly Section[] {
    const changed = sections.filter(({ key, meaning, doubts = '' }) => {
      const made = shelves.get(key)
      return made?.meaning !== meaning || made.doubts !== doubts
    })
    const old = sections
      .filter((section) => !changed.includes(section) && ticks() - shelves.get(section.key)!.at >= section.fresh)
      .sort((a, b) => shelves.get(a.key)!.at - shelves.get(b.key)!.at)
    return [...changed, ...old.slice(0, Math.ceil(sections.length / 10))]
  }

  async function make({ key, meaning, urgent, doubts = '', files }: Section): Promise<void> {
    const before = shelves.get(key)
    const texts = new Map<string, string>()
    const packed = new Map<string, Packed>()
    for (const { path, type, body } of files()) {
      const there = hot.get(addressOf(path))
      const digest = digestOf(body)
      texts.set(path, body)
      packed.set(path, there?.gzip.etag === etagOf(digest, 'gzip') ? there : await pack(type, body, digest))
      await breath()
    }
    const paths = [...texts.keys()]
    for (const path of before?.paths ?? []) if (!texts.has(path)) hot.delete(addressOf(path))
    for (const [path, one] of packed) hot.set(addressOf(path), one)
    const at = ticks()
    const written = before?.written ?? null
    shelves.set(key, { meaning, urgent, doubts, at, paths, written })
    const settles = written !== null && written.doubts !== '' && written.doubts !== doubts
    if (written?.meaning === meaning && !settles && at - written.at < WRITE_EVERY) return
    const kept = await deps.keep(texts)
    shelves.set(key, { meaning, urgent, doubts, at, paths, written: kept ? { meaning, doubts, at } : null })
  }

  function forget(keys: ReadonlySet<string>): void {
    for (const [key, { paths }] of shelves) {
      if (keys.has(key)) continue
      for (const path of paths) hot.delete(addressOf(path))
      shelves.delete(key)
    }
  }
}
