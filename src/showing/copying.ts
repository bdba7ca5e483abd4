// Keeps copies of the page elsewhere: each at its own pace and with its own log, never two runs at once, and a failure told
// once.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CopyKind } from '../copies/kind.ts'
import type { Configuration } from '../core/check.ts'
import { type CopyState, madeBy, tried } from '../core/shown/copy.ts'
import { type Instant, iso, MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import type { Peer } from '../core/verdict/word.ts'
import type { Troubles } from '../troubles.ts'

export interface CopyingDeps {
  configuration(): Pick<Configuration, 'publish' | 'replica' | 'sites' | 'site' | 'policy'>
  /** Our own line is good: what we can't reach is not our fault. */
  sees(): boolean
  peers(): readonly Pick<Peer, 'site' | 'heard' | 'since'>[]
  kindOf(to: string): Pick<CopyKind, 'put' | 'shared'> | undefined
  /** `data/public`, and the data folder. */
  readonly from: string
  readonly data: string
  readonly troubles: Troubles
  now(): Instant
  /** Monotonic milliseconds. */
  ticks(): Millis
  after(delay: Millis, run: () => void): () => void
}

const NOTES = 'copies.json'

/** How copies stand, by where they go, as `data/copies.json` has it; empty where nothing was written. */
export function readCopies(data: string): ReadonlyMap<string, CopyState> {
  try {
    const states = JSON.parse(readFileSync(join(data, NOTES), 'utf8')) as readonly CopyState[]
    return new Map(states.map((state) => [state.to, { ...state, log: state.log ?? [] }]))
  } catch {
    return new Map()
  }
}

type Publish = Configuration['publish']

const LOOK_EVERY: Millis = 5 * SECOND
/** The folder has its first page by then. */
const FIRST: Millis = 10 * SECOND
const LONGEST: Millis = 5 * MINUTE

/** How far the slowest of its copies may be behind the folder; 0: there are none. */
export function lagOf({ publish, replica }: Pick<Configuration, 'publish' | 'replica'>): Millis {
  return publish.length === 0 || replica ? 0 : Math.max(...publish.map(({ every }) => every)) + LOOK_EVERY + LONGEST
}

/**
 * A copy that is due is made ten seconds after the start, and may take five minutes; how often one is made, a restart
 * doesn't change. Never rejects. After `stop` none begins; one under way ends by itself.
 */
export function startCopying(deps: CopyingDeps): { stop(): void } {
  const { ticks, troubles } = deps
  const states = new Map(readCopies(deps.data))
  const due = new Map<string, Millis>()
  const busy = new Set<string>()
  let cancel = deps.after(FIRST, look)
  return { stop: () => cancel() }

  function look() {
    cancel = deps.after(LOOK_EVERY, look)
    const publish = wanted()
    for (const to of [...states.keys()].filter((one) => !publish.some((copy) => copy.to === one))) {
      states.delete(to)
      troubles.end(causeOf(to))
      note()
    }
    for (const copy of publish) {
      const { to, every } = copy
      const maker = makerOf(copy)
      if (maker.id !== deps.configuration().site.id) {
        leave(to, maker)
        continue
      }
      if (isShared(to) && !deps.sees()) continue
      if (busy.has(to) || ticks() < (due.get(to) ?? dueAfterStart(to, every))) continue
      due.set(to, ticks() + every)
      busy.add(to)
      void make(to).finally(() => busy.delete(to))
    }
  }

  /** In a replica nothing leaves the machine. */
  function wanted(): Publish {
    const { publish, replica } = deps.configuration()
    return replica ? [] : publish
  }

  /**
   * Which site makes it, and whether that one is there; empty: none may. A place of its own each site fills itself. One
   * that all share gets it from the first that is there, in their order or that of `from`; an observer has no key for
   * it, unless named. Sites that don't hear each other each make it.
   */
  function makerOf({ to, from }: Publish[number]): { readonly id: string; readonly there: boolean } {
    const { sites, site, policy } = deps.configuration()
    const shared = isShared(to)
    const full = sites.filter(({ role }) => !shared || role === 'full').map(({ id }) => id)
    const may = from ?? full
    const isThere = (id: string) => {
      const peer = deps.peers().find((one) => one.site === id)
      return id === site.id || (peer !== undefined && (peer.heard || deps.now() - peer.since < policy.takeover))
    }
    const found = may.find(shared ? isThere : (id) => id === site.id)
    return { id: found ?? may[0] ?? '', there: found !== undefined || (may[0] !== undefined && isThere(may[0])) }
  }

  function leave(to: string, maker: ReturnType<typeof makerOf>) {
    const before = states.get(to)
    const state = madeBy(maker.id, maker.there, to, before)
    if (before !== undefined && before.by === state.by && before.there === state.there) return
    due.delete(to)
    states.set(to, state)
    note()
  }

  function isShared(to: string): boolean {
    return deps.kindOf(to)?.shared(to) === true
  }

  function isOurs(to: string): boolean {
    const copy = wanted().find((one) => one.to === to)
    return copy !== undefined && makerOf(copy).id === deps.configuration().site.id
  }

  /** Reckoned anew until it comes: a clock set right meanwhile counts. */
  function dueAfterStart(to: string, every: Millis): Millis {
    const since = deps.now() - Date.parse(states.get(to)?.at ?? '')
    return since >= 0 && since < every ? ticks() + every - since : 0
  }

  async function make(to: string): Promise<void> {
    const began = ticks()
    const fault = await Promise.resolve(deps.kindOf(to)?.put(deps.from, to, LONGEST)).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    // Another site makes it by now, or nobody.
    if (!isOurs(to)) return
    const took_ms = Math.round(ticks() - began)
    states.set(to, tried(states.get(to), { to, at: iso(deps.now()), fault, took_ms }))
    note()
    if (fault === null) troubles.end(causeOf(to))
    else if (!isShared(to) || deps.sees())
      troubles.begin(
        'copy',
        causeOf(to),
        `the copy at ${to}: ${fault}`,
        'The page itself is served all the same. `vigie doctor` says how copies stand.',
      )
  }

  function note() {
    try {
      writeFileSync(join(deps.data, NOTES), `${JSON.stringify([...states.values()], null, 2)}\n`)
    } catch {
      // A full disk is told of elsewhere.
    }
  }
}

function causeOf(to: string): string {
  return `copy:${to}`
}
