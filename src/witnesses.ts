// Keeps asking hosts of others whether our own line works: two in rotation, and all at once when a look failed.

import type { Policy, Witness } from './core/check.ts'
import { HOUR, type Instant, type Millis, SECOND } from './core/time/time.ts'
import {
  blindness,
  isRare,
  judgeLine,
  type Layer,
  lasts,
  layersOf,
  type Needs,
  needsOf,
  type Testimony,
  unprovenLine,
  usualOf,
  usualSpeed,
  worsens,
} from './core/verdict/blindness.ts'
import { nameOf } from './core/verdict/witness.ts'
import type { Memory } from './memory.ts'

export interface WitnessesDeps {
  /** Where the line is kept: its moments move there when the wall clock is set. */
  readonly memory: Pick<Memory, 'line'>
  now(): Instant
  /** Monotonic milliseconds. */
  ticks(): Millis
  after(delay: Millis, run: () => void): () => void
  /** Asks one witness once; answers within `within`. Never rejects. */
  ask(witness: Witness, within: Millis): Promise<Testimony>
  /** True while a check fails: then the path is asked as steadily as the witnesses, and ports and IPv6 once a minute. */
  troubled(): boolean
  /** How far ahead of ours another site's clock is, as `Carrier` has it. Asked where no witness tells the time. */
  siteClock(): Millis | null
}

export interface Witnesses {
  /** Other witnesses or another pace; what was heard of those that stay still counts. */
  set(witnesses: readonly Witness[], path: readonly Witness[], policy: Policy): void
  /** Asks all of them now; settles when every layer is proven, or all have answered or been silent for long enough. */
  askAll(): Promise<void>
  /** Settles when the first of these rounds is over: before that nobody has testified for our line. */
  ready(): Promise<void>
  stop(): void
}

/** A witness that needs longer than this is silent. */
const PATIENCE: Millis = 5_000

/**
 * Layers that few checks use (a port, IPv6) are asked for once in so many turns; a fail asks anew anyway. What is down
 * already asks nobody: it would stay so where only a port of our line closed meanwhile.
 */
const RARE_TURNS = 20
const RARE_TURNS_TROUBLED = 4

/** A round younger than this answers a second call as well; with a quick pace, one younger than a quarter of it. */
const ROUND_COUNTS: Millis = 1_000

/** It testifies for our clock and nothing else. */
const OTHER_SITE = { witness: 'site', layers: {}, took: null }

interface Post {
  readonly name: string
  readonly witness: Witness
  readonly layers: readonly Layer[]
  asked: Millis
  /** When it last answered or was silent, in ticks. */
  at: Millis
  testimony: Testimony | null
  /** Its answers of the last hour, and how long they usually take. */
  tooks: { readonly at: Millis; readonly took: Millis }[]
  usual: Millis | null
}

/**
 * Asks nobody before `set`, which begins with all of them. Says what it found by setting `memory.line`; `stop` is for
 * good.
 */
export function createWitnesses(deps: WitnessesDeps): Witnesses {
  const { memory } = deps
  let posts: Post[] = []
  let path: Post[] = []
  /** When the road into the hoster's provider was last bad, in ticks. */
  let roadBad: Millis = Number.NEGATIVE_INFINITY
  let taint: Millis = 0
  let needs: Needs = new Map()
  let every: Millis = 15_000
  let turn = 0
  let round: { readonly started: Millis; readonly done: Promise<void> } | null = null
  /** Rounds of asking all that are under way. */
  let asking = 0
  /** Answers from before this moment no longer count: all were asked since. */
  let since: Millis = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | null = null
  let stopped = false
  /** Our clock was good until another site doubted it. */
  let bySite = false

  return { set, askAll, ready, stop }

  function set(witnesses: readonly Witness[], roads: readonly Witness[], policy: Policy) {
    const known = new Map([...posts, ...path].map((post) => [post.name, post]))
    const postOf = (witness: Witness): Post => {
      const name = nameOf(witness)
      return (
        known.get(name) ?? {
          name,
          witness,
          layers: layersOf(witness),
          asked: -Infinity,
          at: -Infinity,
          testimony: null,
          tooks: [],
          usual: null,
        }
      )
    }
    posts = witnesses.map(postOf)
    path = roads.map(postOf)
    needs = needsOf(witnesses)
    every = policy.witnessEvery
    taint = policy.taint
    round = null
    // What was proven holds until the new round is over: reading the configuration again makes nobody blind.
    const same = needs.size === 0 ? !memory.line.tested : since > Number.NEGATIVE_INFINITY
    if (!same) memory.line = unprovenLine(needs, deps.now())
    // A road that nobody can testify for is never to blame.
    if (path.length === 0) memory.line = { ...memory.line, path: true, pathSince: Number.NEGATIVE_INFINITY }
    cancel?.()
    if (posts.length + path.length === 0) return
    void askAll()
    cancel = deps.after(every, nextTurn)
  }

  function stop() {
    stopped = true
    cancel?.()
  }

  function nextTurn() {
    if (stopped) return
    cancel = deps.after(every, nextTurn)
    turn++
    const asked = [...chosen()]
    const road = deps.troubled() ? oldest(path) : undefined
    if (road !== undefined) asked.push(road)
    for (const post of asked) void ask(post).then(() => judge())
    judge()
  }

  /**
   * Two a turn, those that were asked longest ago, at least one of them by name; rare layers now and then, as many as it
   * takes. Who was silent when it was asked last is asked beside another, not instead: one that is gone proves nothing.
   */
  function chosen(): ReadonlySet<Post> {
    const chosen = new Set<Post>()
    const pick = (among: readonly Post[]) => {
      const from = among.filter((post) => !chosen.has(post))
      const first = oldest(from)
      if (first === undefined) return
      chosen.add(first)
      const other = isSilent(first) ? oldest(from.filter((post) => !isSilent(post))) : undefined
      if (other !== undefined) chosen.add(other)
    }
    const daily = posts.filter((post) => !post.layers.some((layer) => isRare(layer)))
    const common = daily.length > 0 ? daily : posts
    pick(common.filter((post) => post.layers.includes('dns')))
    pick(common)
    const rare = [...needs.keys()].filter(isRare)
    const turns = deps.troubled() ? RARE_TURNS_TROUBLED : RARE_TURNS
    for (const [index, layer] of rare.entries()) {
      if ((turn + index) % turns !== 0) continue
      for (let asked = 0; asked < needs.get(layer)!; asked++) pick(posts.filter((post) => post.layers.includes(layer)))
    }
    return chosen
  }

  async function ask(post: Post): Promise<void> {
    post.asked = deps.ticks()
    const testimony = await deps.ask(post.witness, Math.min(PATIENCE, 2 * every))
    post.at = deps.ticks()
    post.testimony = testimony
    if (testimony.took === null) return
    post.tooks.push({ at: post.at, took: testimony.took })
    post.tooks = post.tooks.filter(({ at }) => post.at - at < HOUR)
    post.usual = usualOf(post.tooks.map(({ took }) => took))
  }

  function askAll(): Promise<void> {
    if (stopped || posts.length + path.length === 0) return Promise.resolve()
    const ticks = deps.ticks()
    if (round !== null && ticks - round.started < Math.min(ROUND_COUNTS, every / 4)) return round.done
    const done = wholeRound(ticks)
    round = { started: ticks, done }
    return done
  }

  function ready(): Promise<void> {
    return since > Number.NEGATIVE_INFINITY ? Promise.resolve() : (round?.done ?? askAll())
  }

  /** Ends early once everything is proven anew; else when the last one has answered or been silent. */
  async function wholeRound(started: Millis): Promise<void> {
    asking++
    await new Promise<void>((resolve) => {
      const all = [...posts, ...path]
      let open = all.length
      for (const post of all) {
        void ask(post).then(() => {
          open--
          if (stopped || open === 0 || proven(started)) resolve()
        })
      }
    })
    asking--
    since = Math.max(since, started)
    judge('all')
  }

  function proven(started: Millis): boolean {
    const answered = (post: Post) => post.asked >= started && post.at >= post.asked
    for (const [layer, need] of needs) {
      if (isRare(layer) && posts.some((post) => post.layers.includes(layer) && !answered(post))) return false
      if (isRare(layer)) continue
      if (posts.filter((post) => answered(post) && post.testimony?.layers[layer] === true).length < need) return false
    }
    return path.length === 0 || path.some((post) => answered(post) && isAnswer(post)) || path.every(answered)
  }

  /**
   * Says what the line is now, from the answers that still count. Whose turn it was may be gone: before a good layer is
   * called bad, all are asked (`by`), and what they say holds.
   */
  function judge(by: 'turns' | 'all' = 'turns') {
    if (stopped || since === Number.NEGATIVE_INFINITY) return
    const ticks = deps.ticks()
    const fresh = (post: Post, rare: boolean) =>
      post.at >= since && ticks - post.at <= (rare ? RARE_TURNS + 2 : 2) * every + PATIENCE / 2
    const heard = posts.flatMap((post) => {
      if (post.testimony === null || !fresh(post, true)) return []
      if (fresh(post, false)) return [post.testimony]
      const rare = Object.entries(post.testimony.layers).filter(([layer]) => lasts(layer as Layer))
      return [{ ...post.testimony, layers: Object.fromEntries(rare) }]
    })
    const roads = path.filter((post) => post.testimony !== null && post.at >= since && wasSought(post))
    if (roads.length > 0 && !roads.some(isAnswer)) roadBad = ticks
    // What fails a moment after the road came back began to be looked at while it was bad.
    const good = path.length === 0 || ticks - roadBad >= taint
    const timed = heard.some((testimony) => testimony.offset !== null)
    const offset = timed ? null : deps.siteClock()
    if (offset !== null) heard.push({ ...OTHER_SITE, at: deps.now(), offset })
    // What a site alone doubts is doubted as long as it says so.
    const before = offset === null && !timed && bySite ? { ...memory.line, clock: true } : memory.line
    const line = judgeLine(before, heard, good, needs, usual(ticks), deps.now())
    if (by === 'turns' && worsens(before, line)) {
      if (asking === 0) void askAll()
      return
    }
    memory.line = line
    bySite = offset !== null && (bySite || before.clock)
    // The line is back: what is asked for rarely, a port or IPv6, is not left unknown until its turn.
    if (blindness(before) !== null && blindness(line) === null) void askAll()
  }

  /** False: its name was not found, nor any other that moment: that is our resolver, and says nothing of a road. */
  function wasSought(road: Post): boolean {
    if (road.testimony?.layers.dns !== false || !needs.has('dns')) return true
    const answered = [road, ...posts].filter(({ asked, at }) => Math.abs(asked - road.asked) < SECOND && at >= asked)
    return answered.includes(road) && answered.some(({ testimony }) => testimony?.layers.dns)
  }

  function usual(ticks: Millis): boolean {
    return usualSpeed(
      posts.flatMap(({ tooks, usual: its }) => {
        const last = tooks.at(-1)
        return last === undefined || ticks - last.at > 2 * every ? [] : [{ took: last.took, usual: its }]
      }),
    )
  }
}

function isAnswer(post: Post): boolean {
  return post.testimony !== null && post.testimony.took !== null
}

function isSilent(post: Post): boolean {
  return post.testimony !== null && post.testimony.took === null
}

/** Who was asked longest ago; undefined of nobody. */
function oldest(posts: readonly Post[]): Post | undefined {
  return posts.reduce<Post | undefined>((first, post) => (first && first.asked <= post.asked ? first : post), undefined)
}
