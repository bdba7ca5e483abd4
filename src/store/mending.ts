// A site's past that others know otherwise: what was said again under a new name, what was taken back, what counts.
import type Sqlite from 'better-sqlite3'
import { CHECKPOINT, isFoldable } from '../core/ledger/checkpoint.ts'
import { type Entry, incarnationOf, isWithheld, originOf, type Sealer, siteOf } from '../core/ledger/entry.ts'
import { PAST, type PastChoice, pastChoiceBy } from '../core/ledger/past.ts'
import type { Instant } from '../core/time/time.ts'
import { type EntryRow, entryOf } from './entry-row.ts'
import { isRename, liftRule } from './folding.ts'

export interface Mending {
  /** The origin that the next entry of this site will have. */
  origin(): string
  /**
   * This site's past is older than others know it: what it said under `origin` after `common` is said again under a new
   * incarnation, which everything from now on belongs to, so that its true past can be fetched back. Mails and the like
   * that it was time to fold at `folded` are not (null: all are), nor what it said to be folded: numbers of a past that
   * doesn't count.
   */
  beginAnew(origin: string, common: number, folded: Instant | null): void
  /** The hash of what it took back there, which stands elsewhere now; '' for nothing. Null: it never did. */
  takenBack(origin: string, common: number): string | null
  /**
   * Others know a third past of it: says once that the one that is here counts, and says again what is in the other
   * (`rivals`) alone, with `folded` as above.
   */
  settle(origin: string, common: number, rivals: readonly Entry[], folded: Instant | null): void
  /**
   * With a new key: whoever comes later can't verify what the old one signed, nor then what follows it. So this site goes
   * on as a new incarnation.
   */
  renew(): void
  /** Which of its pasts a site said counts. */
  pastChoices(site: string): readonly PastChoice[]
}

/** The entries among which a past is mended, within a transaction. */
export interface Mended {
  readonly site: string
  readonly sealer: Pick<Sealer, 'isOwn'>
  now(): Instant
  /** The origins that are here. */
  origins(): readonly string[]
  /** In hex; null: it is not here. */
  hashAt(origin: string, seq: number): string | null
  /** All that is here of an origin after a number, in order. */
  after(origin: string, seq: number): readonly Entry[]
  /** Of every origin. */
  ofType(type: string): readonly Entry[]
  /** Says something as this site. */
  append(type: string, payload: Uint8Array): void
  /** Entries went: the last of the origin is this one now; null: none is left. */
  setHead(origin: string, last: Entry | null): void
}

/** Where the incarnation is kept among what lives, and what was taken back when one began. */
const INCARNATION = 'incarnation'
const begun = (origin: string, common: number) => `${INCARNATION}:${origin}:${common}`

/** With `stepBack`, for use inside a transaction: true when a site said that what is here of its past doesn't count. */
export function prepareMending(db: Sqlite.Database, among: Mended): Mending & { stepBack(entry: Entry): boolean } {
  const { site, sealer, now, hashAt, after, append } = among
  const lastOf = db.prepare<[string], EntryRow>('SELECT * FROM entries WHERE origin = ? ORDER BY seq DESC LIMIT 1')
  const firstOf = db.prepare<[string], EntryRow>('SELECT * FROM entries WHERE origin = ? ORDER BY seq LIMIT 1')
  const living = db.prepare<[string], string>('SELECT value FROM living WHERE key = ?').pluck()
  const setLiving = db.prepare(
    'INSERT INTO living (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )

  const beginAnew = db.transaction((origin: string, common: number, folded: Instant | null) => {
    const gone = after(origin, common)
    const taken = hashAt(origin, common + 1)
    cut(origin, common, gone)
    const last = Math.max(current(), ...own().map(incarnationOf))
    setLiving.run(INCARNATION, String(last + 1))
    setLiving.run(begun(origin, common), taken ?? '')
    for (const entry of gone) if (isSaidAgain(entry, folded)) append(entry.type, entry.payload)
  })
  const settle = db.transaction((origin: string, common: number, rivals: readonly Entry[], folded: Instant | null) => {
    const isSaid = pastChoices(site).some((choice) => choice.origin === origin && choice.common === common)
    const next = hashAt(origin, common + 1) ?? ''
    if (!isSaid) append(PAST, Buffer.from(JSON.stringify({ origin, common, next }), 'utf8'))
    const markOf = ({ type, payload }: Entry) => `${type} ${Buffer.from(payload).toString('base64')}`
    const known = new Set(own().flatMap((one) => after(one, 0).map(markOf)))
    for (const rival of rivals)
      if (!known.has(markOf(rival)) && isSaidAgain(rival, folded)) append(rival.type, rival.payload)
  })
  return {
    origin,
    beginAnew: (origin, common, folded) => beginAnew.immediate(origin, common, folded),
    takenBack: (origin, common) => living.get(begun(origin, common)) ?? null,
    settle: (origin, common, rivals, folded) => settle.immediate(origin, common, rivals, folded),
    renew,
    pastChoices,
    stepBack,
  }

  function origin(): string {
    return originOf(site, current())
  }

  function renew() {
    const [last] = lastOf.all(origin()).map(entryOf)
    // Where the disk refused this at an earlier start, the last may be signed with the new key already.
    const ends = [...firstOf.all(origin()).map(entryOf), ...(last === undefined ? [] : [last])]
    const isOld = ends.some((entry) => !isWithheld(entry) && !sealer.isOwn(entry))
    if (last !== undefined && isOld) beginAnew.immediate(last.origin, last.seq, null)
  }

  function current(): number {
    return Number(living.get(INCARNATION) ?? 1)
  }

  function own(): readonly string[] {
    return among.origins().filter((origin) => siteOf(origin) === site)
  }

  function pastChoices(of: string): readonly PastChoice[] {
    return among
      .ofType(PAST)
      .filter(({ origin }) => siteOf(origin) === of)
      .flatMap((entry) => pastChoiceBy(entry) ?? [])
  }

  function isSaidAgain(entry: Entry, folded: Instant | null): boolean {
    if (entry.type === CHECKPOINT) return false
    return folded === null || !isFoldable(entry.type, entry.hlc.at, Math.min(now(), folded)) || isRename(entry)
  }

  function stepBack(entry: Entry): boolean {
    const choice = siteOf(entry.origin) === site ? null : pastChoiceBy(entry)
    if (choice === null) return false
    const { origin, common, next } = choice
    const ours = hashAt(origin, common + 1)
    if (ours === null || ours === next) return false
    cut(origin, common, after(origin, common))
    return true
  }

  /** Entries remain, but for this: the rule is lifted within the transaction that needs it. */
  function cut(origin: string, common: number, gone: readonly Entry[]) {
    if (gone.length === 0) return
    liftRule(db, 'entries_remain', () => {
      db.prepare('DELETE FROM entries WHERE origin = ? AND seq > ?').run(origin, common)
    })
    among.setHead(origin, lastOf.all(origin).map(entryOf)[0] ?? null)
  }
}
