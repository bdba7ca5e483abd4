// Sites that exchange in memory: real keys, real ledgers, clocks of their own, and a wire that a test holds in its hands.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SECOND } from '../../src/core/time/time.ts'
import type { Word } from '../../src/core/verdict/word.ts'
import { type Ledger, openLedger } from '../../src/store/ledger.ts'
import type { Rejection } from '../../src/twin/dialogue.ts'
import { createExchange, type Exchange, type Taken } from '../../src/twin/exchange.ts'
import { openKey, type SiteKey } from '../../src/twin/key.ts'
import { type Measures, NOTHING } from '../../src/twin/lane.ts'
import { sealer } from '../../src/twin/seal.ts'
import type { Envelope } from '../../src/twin/wire.ts'

export const NOON = Date.UTC(2026, 10, 23, 12)

export interface Side {
  readonly site: string
  readonly key: SiteKey
  ledger: Ledger
  exchange: Exchange
  readonly words: Map<string, Word>
  configuration: string
  measures: Measures
  /** Its wall clock minus the true time. */
  off: number
  say(...texts: readonly string[]): void
  /** An entry of a type of its own. */
  state(type: string, payload: object): void
  /** Starts anew, with the same data unless an image of it is given. */
  restart(image?: string): void
  /** A copy of its ledger as it is now. */
  image(): string
}

let ticks = 0

/** Monotonic milliseconds, the same for everybody. */
export function ticksNow(): number {
  return ticks
}

/** Time passes for everybody. */
export function pass(millis: number): void {
  ticks += millis
}

export function word(more: Partial<Word> = {}): Word {
  return {
    state: 'up',
    since: NOON,
    fails: 0,
    suspectSince: null,
    reason: null,
    path: true,
    line: true,
    definition: 'd1',
    at: NOON,
    pulse: null,
    ...more,
  }
}

/** A site whose name begins with `observer` is one. */
export function createSides(...names: readonly string[]): { readonly sides: readonly Side[]; close(): void } {
  const folders: string[] = []
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'vigie-side-'))
    folders.push(made)
    return made
  }
  const sides = names.map((site): Side => {
    const dir = folder()
    const key = openKey(dir)
    const now = () => NOON + ticks + side.off
    let random = 0
    const start = (data: string) => openLedger(data, { site, sealer: sealer(key), now })
    const exchangeOf = (ledger: Ledger) =>
      createExchange({
        site,
        key,
        keyOf: (other) => sides.find((one) => one.site === other && one.site !== site)?.key.publicKey ?? null,
        isObserver: (other) => other.startsWith('observer'),
        isOnlyFull: (other) => names.every((name) => name === other || name.startsWith('observer')),
        ledger,
        measures: {
          wants: (other) => side.measures.wants(other),
          offer: (want) => side.measures.offer(want),
          keep: (other, piece) => side.measures.keep(other, piece),
        },
        own: () => ({
          condition: { blind: null, mails: true, version: '1.0', configuration: side.configuration, configured: NOON },
          words: side.words,
        }),
        now,
        ticks: () => ticks,
        random: () => `${site}-${++random}-${ticks}`,
        fresh: () => 45 * SECOND,
      })
    const ledger = start(dir)
    const side: Side = {
      site,
      key,
      ledger,
      exchange: undefined as unknown as Exchange,
      words: new Map(),
      configuration: 'c1',
      measures: NOTHING,
      off: 0,
      say: (...texts) => {
        const entries = texts.map((text) => ({ type: 'incident.update', payload: { text } }))
        side.ledger.remember({ living: new Map(), letters: [], entries })
      },
      state: (type, payload) => void side.ledger.say(type, payload),
      restart(image) {
        side.ledger.close()
        if (image !== undefined) {
          for (const end of ['-wal', '-shm']) rmSync(join(dir, `ledger.db${end}`), { force: true })
          copyFileSync(image, join(dir, 'ledger.db'))
        }
        side.ledger = start(dir)
        side.exchange = exchangeOf(side.ledger)
      },
      image() {
        const file = join(folder(), 'ledger.db')
        side.ledger.copy(file)
        return file
      },
    }
    side.exchange = exchangeOf(ledger)
    return side
  })
  const close = () => {
    for (const { ledger } of sides) ledger.close()
    for (const made of folders) rmSync(made, { recursive: true, force: true })
  }
  return { sides, close }
}

export interface Call {
  readonly question: Envelope
  readonly taken: Taken | Rejection
  readonly answer: Envelope
  readonly answered: Taken | Rejection
}

/** One call and its answer, both of which arrive. */
export function call(from: Side, to: Side): Call {
  const question = from.exchange.say(to.site, {})
  const taken = to.exchange.hear(question, 'question')
  const answer = to.exchange.say(from.site, { answers: taken as Taken })
  return { question, taken, answer, answered: from.exchange.hear(answer, 'answer') }
}

/** As sites do that did not hear each other lately: the first call proves that the second is fresh. */
export function meet(from: Side, to: Side): Call {
  call(from, to)
  return call(from, to)
}

/** Calls until neither lacks anything; how many calls that took. */
export function settle(from: Side, to: Side): number {
  for (let calls = 1; calls < 50; calls++) {
    call(from, to)
    pass(100)
    if (JSON.stringify(sorted(from)) === JSON.stringify(sorted(to))) return calls
  }
  throw new Error(`not settled: ${JSON.stringify([sorted(from), sorted(to)])}`)
}

function sorted({ ledger }: Side): unknown {
  return [...ledger.heads()].map(([origin, { seq, hash }]) => [origin, seq, hash]).sort()
}

/** Everything that was said, by anybody, as bytes. */
export function everything({ ledger }: Side): readonly string[] {
  return [...ledger.heads().keys()]
    .sort()
    .flatMap((origin) => ledger.entries(origin, 0, 10_000))
    .map(({ origin, seq, payload }) => `${origin} ${seq} ${Buffer.from(payload).toString('latin1')}`)
}

/** The texts that were said, each once. */
export function texts(side: Side): readonly string[] {
  const all = everything(side).map((line) => /"text":"([^"]*)"/.exec(line)?.[1] ?? '')
  return [...new Set(all)].sort()
}
