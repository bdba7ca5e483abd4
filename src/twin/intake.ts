// What comes in of ledgers: entries that may, and this site's own past where it lost some of it.
import { foldedBy, LEDGER_BOUND } from '../core/ledger/checkpoint.ts'
import { type Entry, type Head, incarnationOf, isWithheld, siteOf } from '../core/ledger/entry.ts'
import type { PastChoice } from '../core/ledger/past.ts'
import { DAY, type Instant, MINUTE, type Millis } from '../core/time/time.ts'
import { type Admitted, admit } from './admission.ts'
import { type Dialogue, endRests } from './dialogue.ts'
import type { SiteKey } from './key.ts'
import { verify } from './seal.ts'
import { claimOf, type Message, MOST_ORIGINS } from './wire.ts'

/** What the exchange needs of the ledger. */
export interface TwinLedger {
  heads(): ReadonlyMap<string, Head>
  hashAt(origin: string, seq: number): string | null
  entries(origin: string, afterSeq: number, limit: number): readonly Entry[]
  keep(entries: readonly Entry[]): boolean
  /** `folded`: mails and the like that this was time to fold are not said again; null: all are. */
  beginAnew(origin: string, common: number, folded: Instant | null): void
  takenBack(origin: string, common: number): string | null
  settle(origin: string, common: number, rivals: readonly Entry[], folded: Instant | null): void
  pastChoices(site: string): readonly PastChoice[]
  /** The number of the first entry of an origin that was withheld from us; null: none was. */
  withheldFrom(origin: string): number | null
  /** Puts entries in the place of those that were withheld. */
  unveil(entries: readonly Entry[]): void
  /** The origin of what this site says now. */
  origin(): string
  size(): number
  checkpoint(site: string): Entry | null
}

export interface TakenIn {
  /** Entries that are new here. */
  readonly entries: readonly Entry[]
  /** Where this site's own past had to be mended. */
  readonly mended: string | null
  /** Why nothing of it could be kept: what the disk said; null: it could. */
  readonly hindered: string | null
}

/** Entries of an origin that were refused are not asked for again so soon, and those that the disk refused. */
const REST: Millis = 10 * MINUTE
/** Those that its site's key can't prove: as long as that is so, they only cost. */
const UNPROVEN: Millis = DAY
const HINDERED: Millis = 30_000
/** Entries that nobody signed may come in so often, of each site until the next start: it could make them up. */
const MOST_TRUST = 100

/** Takes what a message says of ledgers. It never throws: a disk that refuses must not keep sites from hearing each other. */
export function createIntake(deps: {
  readonly site: string
  readonly key: SiteKey
  /** The public key of a site of ours; null: it is none. */
  keyOf(site: string): string | null
  isObserver(site: string): boolean
  /** Every other site is an observer. */
  isOnlyFull(site: string): boolean
  readonly ledger: TwinLedger
  /** Monotonic milliseconds. */
  ticks(): Millis
}): (dialogue: Dialogue, message: Message) => TakenIn {
  const { site: self, key, ledger, ticks, isObserver } = deps
  return take

  function take(dialogue: Dialogue, message: Message): TakenIn {
    comparePast(dialogue, message)
    endRests(dialogue, ticks(), deps.keyOf)
    const wanted = message.entries.filter(({ origin }) => !dialogue.unwanted.has(origin))
    const admitted = admit(wanted, {
      site: self,
      observer: isObserver(self),
      alone: deps.isOnlyFull(self),
      trust: MOST_TRUST - dialogue.trusted,
      keyOf,
      foldedOf: (site) => {
        const word = checkpointOf(site, message)
        return word === null ? null : foldedBy(word)
      },
      agreedOn: (origin) => agreedOn(dialogue, origin),
      headOf: (origin) => ledger.heads().get(origin) ?? null,
      originsOf: (site) => [...ledger.heads().keys()].filter((origin) => siteOf(origin) === site),
      hashAt: ledger.hashAt,
      pastChoicesOf: ledger.pastChoices,
      takenBack: ledger.takenBack,
      isWithheldHere: (origin, seq) => isWithheldIn(ledger, origin, seq),
      room: LEDGER_BOUND - ledger.size(),
    })
    for (const [why, times] of admitted.refused) dialogue.refused.set(why, (dialogue.refused.get(why) ?? 0) + times)
    for (const [origin, why] of admitted.unwanted) {
      const unproven = why === 'foreign' || why === 'altered'
      // Our own past is mended by what is refused of it, but not by what an old key of ours signed.
      if (unproven || siteOf(origin) !== self) letRest(dialogue, origin, unproven ? UNPROVEN : REST)
    }
    try {
      return { entries: admitted.entries, mended: keep(dialogue, message, admitted), hindered: null }
    } catch (error) {
      for (const { origin } of admitted.entries) letRest(dialogue, origin, HINDERED)
      return { entries: [], mended: null, hindered: error instanceof Error ? error.message : String(error) }
    }
  }

  function keyOf(site: string): string | null {
    return site === self ? key.publicKey : deps.keyOf(site)
  }

  /** What a site said last of what it took out of its past: as the message has it, else as it is here. */
  function checkpointOf(site: string, { checkpoints }: Message): Entry | null {
    const said = checkpoints.find((one) => siteOf(one.origin) === site && verify(one, keyOf(site) ?? ''))
    return said ?? ledger.checkpoint(site)
  }

  /** What was taken back since counts no longer. */
  function agreedOn({ agreed }: Dialogue, origin: string): number {
    const last = agreed.get(origin)
    return last !== undefined && ledger.hashAt(origin, last.seq) === last.hash ? last.seq : 0
  }

  /** Of no more than a message has room for: anybody can make up names. */
  function letRest({ unwanted }: Dialogue, origin: string, length: Millis) {
    if (unwanted.size >= MOST_ORIGINS && !unwanted.has(origin)) return
    unwanted.set(origin, { until: ticks() + length, key: deps.keyOf(siteOf(origin)) })
  }

  /** Throws what the disk throws. Returns where our own past had to be mended. */
  function keep(dialogue: Dialogue, message: Message, admitted: Admitted): string | null {
    dialogue.trusted += admitted.trusted
    const mended = mend(dialogue, message, admitted)
    ledger.unveil(admitted.unveiled)
    if (admitted.entries.length > 0) ledger.keep(admitted.entries)
    // What this site said before it lost its memory is back: what it says from now on must not take those numbers again.
    const said = incarnationOf(ledger.origin())
    const own = admitted.entries.find(({ origin }) => siteOf(origin) === self && incarnationOf(origin) >= said)
    if (own !== undefined) ledger.beginAnew(own.origin, ledger.heads().get(own.origin)!.seq, null)
    return mended ?? own?.origin ?? null
  }

  /** What the sender has of us must be what we said; when it isn't, we step back until both agree. */
  function comparePast(dialogue: Dialogue, { have }: Message) {
    for (const [origin, [seq, hash]] of Object.entries(have)) {
      if (siteOf(origin) !== self || seq === 0) continue
      const ours = ledger.heads().get(origin)?.seq ?? 0
      const known = ledger.hashAt(origin, seq)
      if (seq > ours || dialogue.doubt.has(origin) || known === null || claimOf(known) === claimOf(hash)) continue
      dialogue.doubt.set(origin, seq - 1)
    }
  }

  /** Goes on from where both pasts part; until that is found, says to have less. */
  function mend(dialogue: Dialogue, message: Message, { past, entries, same }: Admitted): string | null {
    for (const { origin } of entries) dialogue.doubt.delete(origin)
    for (const [origin, seq] of same) {
      if (dialogue.doubt.has(origin)) dialogue.doubt.set(origin, seq)
      if (seq > agreedOn(dialogue, origin)) dialogue.agreed.set(origin, { seq, hash: ledger.hashAt(origin, seq) ?? '' })
    }
    if (past === null) return null
    const { origin, common } = past
    const folded = checkpointOf(self, message)?.hlc.at ?? null
    if (common !== null) {
      dialogue.doubt.delete(origin)
      if (ledger.takenBack(origin, common) !== null) {
        // Another site knows yet another past: to take that one would mean to go to and fro between the two for ever.
        const isRival = (entry: Entry) => entry.origin === origin && entry.seq > common && verify(entry, key.publicKey)
        ledger.settle(origin, common, message.entries.filter(isRival), folded)
        return null
      }
      ledger.beginAnew(origin, common, folded)
      return origin
    }
    const last = ledger.heads().get(origin)?.seq ?? 0
    const claimed = dialogue.doubt.get(origin) ?? last
    // Twice as far back each time: a long past is compared in a few messages.
    dialogue.doubt.set(origin, Math.max(0, claimed - Math.max(1, last - claimed)))
    return null
  }
}

function isWithheldIn(ledger: TwinLedger, origin: string, seq: number): boolean {
  const first = ledger.withheldFrom(origin)
  if (first === null || seq < first) return false
  const [entry] = ledger.entries(origin, seq - 1, 1)
  return entry !== undefined && entry.seq === seq && isWithheld(entry)
}
