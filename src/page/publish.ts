// From the picture to what is served: memory at once, the folder after it. A disk that fails costs the folder its
// freshness and nobody else anything.
import { createHash } from 'node:crypto'
import type { Picture } from '../core/picture.ts'
import { HOUR, MINUTE, type Millis } from '../core/time.ts'
import { encode, type Served } from './compress.ts'
import { addressOf, renderFiles } from './files.ts'
import { openShelf } from './shelf.ts'
import type { Views } from './views.ts'

export interface Publisher {
  /** What is served, by path (`/fr/`), already compressed. One picture at a time: never the new French and the old English. */
  readonly hot: ReadonlyMap<string, Served>
  /**
   * Shows a picture. Resolves when memory serves it or a newer one; the folder follows by itself. Never rejects.
   * To be called on every change, and once a minute so that "verified at" moves and a failed disk is tried again.
   */
  publish(picture: Picture): Promise<void>
  /** Resolves when the folder has what there was to write, or was refused it. */
  settled(): Promise<void>
  /** For `/healthz`: when memory and folder last moved, and what the folder's last attempt met. */
  state(): PublisherState
}

export interface PublisherState {
  /** Monotonic, as `now` gives it; null: not yet. */
  readonly served: Millis | null
  readonly written: Millis | null
  /** Null: the last attempt was fine. */
  readonly failure: string | null
}

export interface PublisherDeps {
  /** `data/public`; made when it isn't there. */
  readonly dir: string
  readonly views: Views
  /** Monotonic milliseconds. */
  readonly now: () => Millis
  /** The folder could not be written, or a page not be made: one short note, each time it is tried. */
  readonly onFailure: (note: string) => void
}

/** While nothing changes, the folder is written this often and no oftener: cards wear. */
const WRITE_EVERY: Millis = HOUR

/** How long a copy in the folder may stand: until the next writing, and some minutes for a busy machine. */
const COPY_STANDS: Millis = WRITE_EVERY + 5 * MINUTE

export function createPublisher(deps: PublisherDeps): Publisher {
  const { views, now, onFailure } = deps
  const shelf = openShelf(deps.dir)
  const hot = new Map<string, Served>()
  let wanted: Picture | null = null
  let showing: Promise<void> | null = null
  let due: Picture | null = null
  let writing: Promise<void> | null = null
  let meaning = ''
  let served: Millis | null = null
  let written: Millis | null = null
  let failure: string | null = null

  return { hot, publish, settled, state: () => ({ served, written, failure }) }

  function publish(picture: Picture): Promise<void> {
    wanted = picture
    showing ??= show()
    return showing
  }

  async function settled(): Promise<void> {
    while (showing !== null || writing !== null) await (showing ?? writing)
  }

  async function show(): Promise<void> {
    for (let picture = take(); picture !== null; picture = take()) {
      try {
        const files = await encodeAll(picture)
        for (const path of hot.keys()) if (!files.has(path)) hot.delete(path)
        for (const [path, file] of files) hot.set(path, file)
        served = now()
        store(picture)
      } catch (error) {
        fail(`the page could not be made: ${messageOf(error)}`)
      }
    }
    showing = null
  }

  function take(): Picture | null {
    const picture = wanted
    wanted = null
    return picture
  }

  function store(picture: Picture): void {
    const fresh = failure === null && written !== null && now() - written < WRITE_EVERY
    if (fresh && meaningOf(picture) === meaning) return
    due = picture
    writing ??= writeDue()
  }

  async function writeDue(): Promise<void> {
    for (let picture = due; picture !== null; picture = due) {
      due = null
      try {
        const copy = { ...picture, nextBy: Math.max(picture.nextBy, picture.at + COPY_STANDS) }
        const [mistake] = await shelf.keep(await encodeAll(copy, (path) => path))
        if (mistake !== undefined) throw new Error(mistake)
        written = now()
        meaning = meaningOf(picture)
        failure = null
      } catch (error) {
        fail(`the page's files could not be written: ${messageOf(error)}`)
      }
    }
    writing = null
  }

  function fail(note: string): void {
    failure = note
    onFailure(note)
  }

  /** Every file, rendered and compressed, with a pause after each; what memory already has is taken from there. */
  async function encodeAll(picture: Picture, keyOf = addressOf): Promise<Map<string, Served>> {
    const files = new Map<string, Served>()
    for (const { path, type, body } of renderFiles(picture, views)) {
      const there = hot.get(addressOf(path))
      const same = there?.identity.body.equals(Buffer.from(body)) === true
      files.set(keyOf(path), same ? there : await encode(type, body))
      await new Promise((resume) => setImmediate(resume))
    }
    return files
  }
}

/** What creeps from look to look without telling anybody anything new. */
const CREEPING = new Set(['at', 'nextBy', 'changed', 'uptime', 'days', 'took', 'failures', 'suspectSince'])

/** What a picture says, as a digest: equal for two that differ in nothing but moments of looks and creeping figures. */
function meaningOf(picture: Picture): string {
  const text = JSON.stringify(picture, (key, value: unknown) => (CREEPING.has(key) ? undefined : value))
  return createHash('sha256').update(text).digest('base64')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
