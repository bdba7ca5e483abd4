// From the picture to what is served: memory at once, the folder after it. A disk that fails costs the folder its
// freshness and nobody else anything.
import type { Almanac } from '../../core/history/almanac.ts'
import type { Picture } from '../../core/shown/picture.ts'
import { HOUR, MINUTE, type Millis, SECOND } from '../../core/time/time.ts'
import type { Views } from '../pages/views.ts'
import { digestOf, encode, etagOf, type Packed, type Served } from './compress.ts'
import { addressOf, renderFiles } from './files.ts'
import { pictureDoubts, pictureMeaning } from './meaning.ts'
import { createOldIncidents } from './old-incidents.ts'
import { breath, createPace } from './pace.ts'
import { createPastPages } from './past-pages.ts'
import { type Made, openShelf } from './shelf.ts'

export interface Publisher {
  /**
   * What is served, by path (`/fr/`), already compressed: what tells of now in every encoding, the past packed small. One
   * picture at a time: never the new French and the old English.
   */
  readonly hot: ReadonlyMap<string, Served | Packed>
  /**
   * Shows a picture, painted when its turn comes. Resolves when memory serves it or a newer one; the folder follows by
   * itself. Never rejects. Of pictures that come fast the last is painted and shown, so that a morning when everything
   * changes costs no more than a minute's.
   * To be called on every change, and once a minute so that "verified at" moves and a failed disk is tried again.
   */
  publish(paint: () => Picture): Promise<void>
  /** Resolves when the pages of the past are made, too, and the folder has what there was to write, or was refused it. */
  settled(): Promise<void>
  /** Leaves the pages of the past as they are; resolves when the folder has the rest. */
  stop(): Promise<void>
  /** For `/healthz`: when memory last moved, and what the folder's last attempt met. */
  state(): PublisherState
}

export interface PublisherState {
  /** Monotonic, as `ticks` gives it; null: not yet. */
  readonly served: Millis | null
  /** Null: the last attempt was fine. */
  readonly failure: string | null
}

export interface PublisherDeps {
  /** `data/public`; made when it isn't there. */
  readonly dir: string
  readonly views: Views
  readonly almanac: Almanac
  /** Monotonic milliseconds. */
  readonly ticks: () => Millis
  /** How far copies of the folder elsewhere may be behind it; 0: there are none. */
  readonly copiesLag: () => Millis
  /** The folder could not be written, or a page not be made: one short note, each time it is tried. */
  readonly onFailure: (note: string) => void
}

/** While nothing changes, the folder is written this often and no oftener: cards wear. */
const WRITE_EVERY: Millis = HOUR

/** Memory is made anew no oftener, and the folder written. */
const SHOWS_APART: Millis = 400
const WRITES_APART: Millis = 5 * SECOND

/** How long what lies in the folder may stand: until the next writing, and some minutes for a busy machine. */
const COPY_STANDS: Millis = WRITE_EVERY + 5 * MINUTE

/**
 * One for a folder. Memory is made anew each 400 ms at most, the folder each 5 s; while nothing changes it gets one an
 * hour, in which `next_by` lies that much later, and by as much again as copies of it are behind.
 */
export function createPublisher(deps: PublisherDeps): Publisher {
  const { views, ticks, copiesLag, onFailure } = deps
  const hot = new Map<string, Served | Packed>()
  const shelf = openShelf(deps.dir, zipped)
  const shows = createPace(SHOWS_APART, ticks)
  const writes = createPace(WRITES_APART, ticks)
  const pastPages = createPastPages({ views, almanac: deps.almanac, ticks, hot, keep: keepPast, onFailure: fail })
  const oldIncidents = createOldIncidents({ views, almanac: deps.almanac, ticks, shelf, alone, onFailure: fail })
  /** Where what tells of now lies in the folder. */
  let current: ReadonlySet<string> = new Set()
  /** One at a time on the shelf. */
  let shelving: Promise<unknown> = Promise.resolve()
  let wanted: (() => Picture) | null = null
  let showing: Promise<void> | null = null
  let due: Picture | null = null
  let writing: Promise<void> | null = null
  let meaning = ''
  /** What the folder holds that is doubted. */
  let doubts = ''
  let served: Millis | null = null
  let written: Millis | null = null
  let failure: string | null = null

  return { hot, publish, settled, stop, state: () => ({ served, failure }) }

  function publish(paint: () => Picture): Promise<void> {
    wanted = paint
    showing ??= show()
    return showing
  }

  async function settled(): Promise<void> {
    const ends = [shows.hurry(), writes.hurry()]
    while (showing !== null || writing !== null) await (showing ?? writing)
    for (const end of ends) end()
    await pastPages.settled()
    await oldIncidents.settled()
  }

  async function stop(): Promise<void> {
    await Promise.all([pastPages.stop(), oldIncidents.stop()])
    await settled()
  }

  async function show(): Promise<void> {
    while (wanted !== null) {
      await shows.turn()
      await breath()
      const paint = wanted
      wanted = null
      try {
        const picture = paint()
        await breath()
        const files = await encodeAll(picture)
        for (const path of current) if (!files.has(path)) hot.delete(addressOf(path))
        for (const [path, file] of files) hot.set(addressOf(path), file)
        current = new Set(files.keys())
        served = ticks()
        await breath()
        store(picture)
        pastPages.follow({ ...picture, nextBy: picture.nextBy + copiesLag() })
        oldIncidents.follow(picture)
      } catch (error) {
        fail(`the page could not be made: ${messageOf(error)}`)
      }
    }
    showing = null
  }

  function store(picture: Picture): void {
    const fresh = failure === null && written !== null && ticks() - written < WRITE_EVERY
    const settles = doubts !== '' && pictureDoubts(picture) !== doubts
    if (fresh && !settles && pictureMeaning(picture) === meaning) return
    due = picture
    writing ??= writeDue()
  }

  async function writeDue(): Promise<void> {
    while (due !== null) {
      await writes.turn()
      const picture = due
      due = null
      try {
        const stands = Math.max(picture.nextBy, picture.at + COPY_STANDS)
        const copy = { ...picture, copied: true, nextBy: stands + copiesLag() }
        const mistake = await keep(await renderAll(copy))
        if (mistake !== null) throw new Error(mistake)
        written = ticks()
        meaning = pictureMeaning(picture)
        doubts = pictureDoubts(picture)
        failure = null
      } catch (error) {
        fail(`the page's files could not be written: ${messageOf(error)}`)
      }
    }
    writing = null
  }

  /** Puts files on the shelf after whatever is being put there; what went wrong, in words, or null. */
  function keep(files: ReadonlyMap<string, string>): Promise<string | null> {
    return alone(async () => {
      const past = pastPages.paths()
      const [mistake] = await shelf.keep(files, past === null ? null : new Set([...current, ...past]))
      return mistake ?? null
    })
  }

  /** What memory serves, for the shelf. */
  function zipped(...[path, digest]: Parameters<Made>): Buffer | undefined {
    const gzip = hot.get(addressOf(path))?.gzip
    return gzip?.etag === etagOf(digest, 'gzip') ? gzip.body : undefined
  }

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const done = shelving.then(work)
    shelving = done.catch(() => undefined)
    return done
  }

  async function keepPast(files: ReadonlyMap<string, string>): Promise<boolean> {
    const mistake = await keep(files)
    if (mistake !== null && failure === null) fail(`the page's files could not be written: ${mistake}`)
    return mistake === null
  }

  function fail(note: string): void {
    failure = note
    onFailure(note)
  }

  /** Every file that tells of now, by path, compressed; what memory already has is taken from there. */
  async function encodeAll(picture: Picture): Promise<Map<string, Served>> {
    const files = new Map<string, Served>()
    for (const { path, type, body } of renderFiles(picture, deps.almanac, views)) {
      const there = hot.get(addressOf(path))
      const digest = digestOf(body)
      const same = there !== undefined && 'br' in there && there.br.etag === etagOf(digest, 'br')
      files.set(path, same ? there : await encode(type, body, digest))
      await breath()
    }
    return files
  }

  async function renderAll(picture: Picture): Promise<Map<string, string>> {
    const files = new Map<string, string>()
    for (const { path, body } of renderFiles(picture, deps.almanac, views)) {
      files.set(path, body)
      await breath()
    }
    return files
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
