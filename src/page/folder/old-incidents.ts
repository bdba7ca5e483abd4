// Keeps the pages of incidents that are over in the folder alone, each made once: thousands of them cost neither memory nor
// a restart anything. Beside them lies a list of what was made of each, so that only what changed is made again.
import { createHash } from 'node:crypto'
import type { Almanac } from '../../core/history/almanac.ts'
import type { IncidentPicture, Picture } from '../../core/shown/picture.ts'
import { LANGUAGES, say } from '../../core/text.ts'
import { MINUTE, type Millis } from '../../core/time/time.ts'
import type { Views } from '../pages/views.ts'
import { createFollower } from './follower.ts'
import { addressesOf, incidentFiles, isRecent } from './incident-files.ts'
import { breath, createPace } from './pace.ts'
import type { Shelf } from './shelf.ts'

export interface OldIncidents {
  /** Makes, one after the other and at leisure, what isn't there yet, and takes away what was retracted. Never throws. */
  follow(picture: Picture): void
  /** Resolves when there is nothing left to do. */
  settled(): Promise<void>
  /** Leaves what is left; resolves when what was under way is done. */
  stop(): Promise<void>
}

export interface OldIncidentsDeps {
  readonly views: Views
  readonly almanac: Pick<Almanac, 'outages'>
  /** Monotonic milliseconds. */
  readonly ticks: () => Millis
  readonly shelf: Pick<Shelf, 'list' | 'put' | 'remove' | 'note' | 'noted'>
  /** Nobody else is at the shelf meanwhile. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
  /** What could not be written or made: one short note. */
  readonly onFailure: (note: string) => void
}

/** What was made of which incident, from what all of them show. */
const LIST = '.incidents.json'

/** A page every so often: a Pi has other things to do. */
const APART: Millis = 50

/** The list is written after so many pages, and at the end. */
const LISTED_EVERY = 200

/** A disk that refused is asked again after this. */
const AGAIN: Millis = 10 * MINUTE

/**
 * Reads the folder when it first follows, not before. After a disk that refused, ten minutes pass, whatever there is to
 * do.
 */
export function createOldIncidents(deps: OldIncidentsDeps): OldIncidents {
  const { views, shelf, alone, ticks } = deps
  const pace = createPace(APART, ticks)
  /** By id, what the page in the folder was made of. */
  let marks: Map<string, string> | null = null
  /** Ids that have files in the folder. */
  const there = new Set<string>()
  let followed: { readonly incidents: unknown; readonly base: string } | null = null
  let refused: Millis = Number.NEGATIVE_INFINITY
  const follower = createFollower(pace, pass)

  return {
    follow: (picture) => {
      const base = baseOf(picture, views)
      const same = followed?.incidents === picture.incidents && followed.base === base
      if (follower.stopped() || same || ticks() - refused < AGAIN) return
      followed = { incidents: picture.incidents, base }
      follower.follow(picture)
    },
    settled: follower.settled,
    stop: follower.stop,
  }

  async function pass(take: () => Picture): Promise<void> {
    const picture = take()
    try {
      marks ??= await recall(picture)
      await clear(picture, marks)
      await make(picture, marks)
    } catch (error) {
      refused = ticks()
      followed = null
      deps.onFailure(`the pages of incidents: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** What the list says, of those whose pages are really there. */
  async function recall({ hoster }: Picture): Promise<Map<string, string>> {
    const known = readList(await shelf.noted(LIST))
    const lists = await Promise.all(hoster.languages.map((language) => shelf.list(`${language}/incidents`)))
    for (const id of lists.flat()) there.add(id)
    const everywhere = lists.map((ids) => new Set(ids))
    return new Map([...known].filter(([id]) => everywhere.every((ids) => ids.has(id))))
  }

  async function clear({ incidents, hoster }: Picture, known: Map<string, string>): Promise<void> {
    const ids = new Set(incidents.flatMap(addressesOf))
    const gone = [...there].filter((id) => !ids.has(id))
    const silent = LANGUAGES.filter((language) => !hoster.languages.includes(language))
    await alone(async () => {
      await shelf.remove(silent.map((language) => `${language}/incidents`))
      await shelf.remove(
        gone.flatMap((id) => [...LANGUAGES.map((one) => `${one}/incidents/${id}`), ...documentsOf(id)]),
      )
    })
    for (const id of gone) {
      there.delete(id)
      known.delete(id)
    }
    if (gone.length > 0) await list(known)
    for (const id of ids) there.add(id)
  }

  async function make(picture: Picture, known: Map<string, string>): Promise<void> {
    const base = baseOf(picture, views)
    const names = new Map(picture.services.map(({ service }) => [service.id, JSON.stringify(service.name)]))
    let outages: ReturnType<Almanac['outages']> | null = null
    let unlisted = 0
    for (const [at, incident] of picture.incidents.entries()) {
      if (at % 1_000 === 999) await breath()
      if (isRecent(picture, at)) continue
      const mark = markOf(incident, base, names)
      if (known.get(incident.id) === mark) continue
      if (follower.stopped() || follower.waits()) break
      await pace.turn()
      outages ??= deps.almanac.outages()
      const files = new Map<string, string>()
      for (const { path, body } of incidentFiles(picture, incident, outages, views)) {
        files.set(path, body)
        await breath()
      }
      const [mistake] = await alone(() => shelf.put(files))
      if (mistake !== undefined) throw new Error(mistake)
      known.set(incident.id, mark)
      unlisted += 1
      if (unlisted % LISTED_EVERY === 0) await list(known)
    }
    if (unlisted > 0) await list(known)
  }

  async function list(known: ReadonlyMap<string, string>): Promise<void> {
    const [mistake] = await alone(() => shelf.note(LIST, JSON.stringify(Object.fromEntries(known))))
    if (mistake !== undefined) throw new Error(mistake)
  }
}

function documentsOf(id: string): readonly string[] {
  return ['', '.br', '.gz'].map((suffix) => `api/v2/incidents/${id}.json${suffix}`)
}

/** What all these pages have in common. */
function baseOf({ hoster, replica, maintenances }: Picture, views: Views): string {
  const { name, about, contact, languages, timezone, sites } = hoster
  const urls = sites.map(({ url }) => url)
  return digest([name, about, contact, languages, timezone, urls, replica, maintenances.length > 0, views.policy])
}

function markOf(incident: IncidentPicture, base: string, names: ReadonlyMap<string, string>): string {
  const named = incident.services.map((id) => names.get(id) ?? id)
  return digest([base, incident.changed, incident.said, incident.status, say(incident.title, 'fr'), named])
}

function digest(of: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 16)
}

/** Garbage is no list: then all is made anew. */
function readList(text: string | null): ReadonlyMap<string, string> {
  try {
    const read: unknown = JSON.parse(text ?? '{}')
    return new Map(
      Object.entries(read as object).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  } catch {
    return new Map()
  }
}
