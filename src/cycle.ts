// THE LINE. Looks come in, a tick decides what they mean, remembers it in one transaction, and only then acts.
//
//   see ─► judge ─► agree ─► decide each service ─► letters ─► remember ─► page and mail
//
// An IMAP probe is in probes/, a retry in schedule.ts, a mail's wording in core/letter/wording.ts.
import type { Board } from './board/board.ts'
import type { Chronicle } from './chronicle.ts'
import type { Observation } from './core/observation.ts'
import type { Instant, Millis } from './core/time/time.ts'
import { agree } from './core/verdict/agreement.ts'
import { mindful } from './core/verdict/attention.ts'
import { blindness, isClosed, trustIn } from './core/verdict/blindness.ts'
import { hearPings } from './core/verdict/hearing.ts'
import { feel, outcomeOf, type Ping } from './core/verdict/heartbeat.ts'
import { eachOpinion, opinionFor, withOpinionFor } from './core/verdict/known.ts'
import { type Letter, recipientsOf } from './core/verdict/letter.ts'
import { followRoads } from './core/verdict/road.ts'
import { followSilences } from './core/verdict/silence.ts'
import { followSpells } from './core/verdict/spell.ts'
import { age, hasMoved, isNews, judge, type Opinion } from './core/verdict/verdict.ts'
import { stirred, voicesNow } from './core/verdict/voices.ts'
import type { Peer } from './core/verdict/word.ts'
import { createKeeper } from './keeper.ts'
import type { Memory } from './memory.ts'
import { createServices } from './services.ts'
import type { Ledger } from './store/ledger.ts'
import type { OutgoingLetter } from './store/outbox.ts'

export interface CycleDeps {
  readonly memory: Memory
  readonly ledger: Pick<Ledger, 'remember' | 'statements' | 'onNews'>
  readonly chronicle: Chronicle
  readonly board: Pick<Board, 'maintained' | 'mutedUntil'>
  /** The other sites and what they said last; none where there is one site. */
  peers(): readonly Peer[]
  /** True: a look at it is under way, or is due and waits at its door. Not said: nobody here looks. */
  coming?(check: string, strand: 4 | 6 | null): boolean
  now(): Instant
  /**
   * Called after a tick was remembered, or refused by the disk: `changed`, the page says something else; `news`, this
   * site says something else to others, who should hear of it at once; `proven`, it is worth a call though others got
   * lost before: our line works again, or we heard what others must know; `letters`, mail is waiting.
   */
  act(happened: {
    readonly changed: boolean
    readonly news: boolean
    readonly proven: boolean
    readonly letters: boolean
    readonly suspects: readonly string[]
  }): void
}

export interface Cycle {
  /** One look came back; it is judged at the next tick. */
  see(observation: Observation): void
  /** A heartbeat was heard. It is remembered before this returns. */
  ping(check: string, ping: Ping): void
  /** The wall clock was set: what was seen and is not judged yet moves with it. */
  jumped(by: Millis): void
  /** Judges what was seen, lets time pass for the rest, remembers, acts. Call it at least every second. */
  tick(): void
  /** Puts a letter of vigie's own into the outbox. */
  write(letter: Letter): void
}

/** The line for one site. `memory` is its only state. */
export function createCycle(deps: CycleDeps): Cycle {
  const { memory } = deps
  const keeper = createKeeper(deps.ledger)
  const services = createServices(deps)
  let gathered: Observation[] = []
  let own: Letter[] = []
  let peers: readonly Peer[] = []
  /** Our line was blind at the last tick. */
  let blind = false
  /** It was when vigie ended, and was not judged since. What is on record of it ended then. */
  let resumed = memory.blind.at(-1)?.to === null
  /** Checks of which our opinion moved in this tick, and those of which others should hear at once. */
  let moved = new Set<string>()
  let news = new Set<string>()
  /** Our line works again, or we heard what others must know; in this tick. */
  let proven = false

  return {
    see: (observation) => {
      gathered.push(observation)
    },
    ping,
    jumped: (by) => {
      gathered = gathered.map((look) => ({ ...look, at: look.at + by }))
    },
    tick,
    write: (letter) => {
      own.push(letter)
    },
  }

  function tick() {
    const now = deps.now()
    const looks = gathered
    gathered = []
    moved = new Set()
    news = new Set()
    const suspects: string[] = []

    for (const look of looks) judgeOne(look, suspects)
    const heard = hearOthers()
    const restless = letTimePass(now)
    const touched = new Set([...moved, ...heard, ...restless])
    const turned = [...touched].filter((id) => agreeOn(id, now))
    const decided = services.decide(touched, peers, keeper.owed(), now)
    const ourLine = followLine(now)
    const { site, policy } = memory.configuration
    const others = followSilences(site.id, memory.silences, peers, memory.blind, policy, now)
    const roads = followRoads(others.silences, peers, memory, memory.configuration.policy, now)
    memory.silences = roads.silences
    const letters = [...own, ...ourLine.letters, ...others.letters, ...roads.letters, ...decided.letters]
    own = []

    // One transaction for all that changed and the letters it caused: nothing is sent before it is on disk.
    let kept = 0
    try {
      const { entries, renames } = decided
      const withdraw = [...ourLine.withdraw, ...others.withdraw, ...decided.withdraw]
      kept = keeper.keep({ living: memory.changed(), entries, renames, letters: letters.map(addressed), withdraw })
    } finally {
      const changed = ourLine.changed || moved.size > 0 || decided.changed || heard.size > 0 || turned.length > 0
      deps.act({ changed, news: proven || ourLine.changed || news.size > 0, proven, letters: kept > 0, suspects })
      proven = false
    }
  }

  /** What one look does to this site's opinion of the check. */
  function judgeOne(look: Observation, suspects: string[]) {
    const check = memory.checkById.get(look.check)
    const before = memory.checks.get(look.check)
    if (check === undefined || before === undefined) return
    const { line, configuration } = memory
    const ours = {
      trust: trustIn(line, look.via, configuration.policy, look.at),
      closed: isClosed(line, look.via.port),
      clock: line.clock,
      usual: line.usual,
      path: line.path,
    }
    const was = opinionFor(before, look.strand)
    const opinion = judge(was, look, check.rule, ours)
    const opinions = withOpinionFor(before, look.strand, opinion)
    const attention = mindful(before.attention, look, check.rule, deps.now())
    memory.know(check.id, { ...before, opinions, attention })
    deps.chronicle.looked(look, opinion.fails, opinion.reason !== was.reason)
    if (opinion.fails === 1 && opinion.state !== 'down') suspects.push(check.id)
    follow(check.id, was, opinion)
  }

  function follow(id: string, before: Opinion, after: Opinion) {
    const { loneFall } = memory.configuration.policy
    if (hasMoved(before, after, loneFall)) moved.add(id)
    if (isNews(before, after)) news.add(id)
  }

  /** What other sites say anew, of which checks, and the pings that they heard. */
  function hearOthers(): ReadonlySet<string> {
    const before = peers
    peers = deps.peers()
    return stirred(before, peers, memory.checks.keys())
  }

  /**
   * What changes an opinion without a look: a blind line, age, a heartbeat that doesn't come. Returns the checks that are
   * to be agreed upon anew although nobody says anything else: a disagreement ends by time alone.
   */
  function letTimePass(now: Instant): readonly string[] {
    const restless: string[] = []
    const { line } = memory
    // What was unknown already is so by our own line from now on, or no longer.
    const wasBlind = blind
    blind = blindness(line) !== null
    proven ||= wasBlind && !blind
    // A line that nobody has testified for yet, at the start, takes nothing away.
    const anyBad =
      line.tested && Object.values(line.layers).some((layer) => layer?.good === false && layer.lastBad !== null)
    for (const [id, known] of memory.checks) {
      const check = memory.checkById.get(id)!
      if (blind !== wasBlind || known.agreement === null || known.agreement.disagreeSince !== null) restless.push(id)
      // Whose word counts may change with a look that is no news by itself.
      if (check.from === 'any' && peers.length > 0) restless.push(id)
      if (check.heartbeat !== null) {
        // Whether that counts depends on who can hear.
        if (known.opinions[0].state === 'down') restless.push(id)
        const after = hearPings(known, check, check.heartbeat, peers, memory, now)
        if (after === known) continue
        memory.know(id, after)
        follow(id, known.opinions[0], after.opinions[0])
        continue
      }
      const opinions = eachOpinion(known.opinions, (opinion, strand) => {
        const bad =
          anyBad && opinion.via !== null && trustIn(line, opinion.via, memory.configuration.policy, now) === 'bad'
        const since = bad ? Math.max(opinion.since, blindness(line)?.since ?? now) : null
        return age(opinion, check.rule, since, now, deps.coming?.(id, strand))
      })
      if (opinions.some((opinion, at) => opinion !== known.opinions[at])) {
        memory.know(id, { ...known, opinions })
        for (const [at, opinion] of opinions.entries()) follow(id, known.opinions[at]!, opinion)
      }
    }
    return restless
  }

  /** The times our own line is blind, and the letter about one that lasts. */
  function followLine(now: Instant): { letters: readonly Letter[]; withdraw: readonly string[]; changed: boolean } {
    const { policy } = memory.configuration
    const { spells, letters, withdraw } = followSpells(memory.blind, memory.line, policy, now, peers)
    const changed = spells !== memory.blind
    const [before, last] = [memory.blind.at(-1), spells.at(-1)]
    memory.blind = spells
    const turned = before?.from !== last?.from || before?.to !== last?.to || before?.layers !== last?.layers
    const cut = blindness(memory.line)
    if (resumed) {
      if (cut !== null && last !== undefined) deps.chronicle.sawAgain({ ...last, from: cut.since }, now)
      resumed = cut === null && !turned
    } else if (turned && last !== undefined) deps.chronicle.sawAgain(last, now)
    return { letters, withdraw, changed }
  }

  /** What the sites agree on of one check; true: it changed. */
  function agreeOn(id: string, now: Instant): boolean {
    const known = memory.checks.get(id)
    const voices = voicesNow(id, memory, peers, now)
    if (known === undefined || voices.length === 0) return false
    const { policy, site } = memory.configuration
    const agreement = agree(known.agreement, voices, policy, now, site.id)
    if (JSON.stringify(agreement) === JSON.stringify(known.agreement)) return false
    memory.know(id, { ...known, agreement })
    deps.chronicle.agreed(id, known.agreement, agreement, voices, known, now)
    return true
  }

  function addressed(letter: Letter): OutgoingLetter {
    return { letter, recipients: recipientsOf(letter, memory.configuration.alerts) }
  }

  function ping(id: string, heard: Ping) {
    const known = memory.checks.get(id)
    const check = memory.checkById.get(id)
    if (known === undefined || check === undefined) return
    const pulse = feel(known.pulse, heard)
    // A site that does not know who heard this one would miss the next; where we are in touch it soon does.
    const isNew = pulse !== known.pulse && known.pulse.by !== undefined
    proven ||= isNew && peers.some((peer) => !peer.heard)
    memory.know(id, { ...known, pulse })
    const outcome = outcomeOf(heard, pulse)
    if (outcome !== null) {
      const took = pulse.ended?.runtime ?? 0
      const via = { dns: false, family: null, port: null }
      const site = memory.configuration.site.id
      const at = heard.at - took
      deps.chronicle.looked({ check: id, strand: null, site, at, took, phases: { run: took }, via, outcome }, 1, false)
    }
    tick()
  }
}
