// ledger.db: what sites said, what was sent, and what must change together with a letter. On the disk when a call
// returns; an error of the disk is thrown, because what it refuses did not happen.
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import type { Entry, Sealer } from '../core/ledger/entry.ts'
import { type Statement, statementOf } from '../core/ledger/statement.ts'
import type { Instant } from '../core/time/time.ts'
import { copyDatabase, damageOf, openDatabase, setAside, sync, trouble } from './database.ts'
import { type Entries, prepareEntries } from './entries.ts'
import { LEDGER } from './ledger-format.ts'
import { type Outbox, type OutgoingLetter, prepareOutbox } from './outbox.ts'
import { prepareSessions, type SessionStore } from './sessions.ts'
import { preparePuttingBack, prepareTakingOut, type Unveiling, type Withholding } from './withholding.ts'

export interface LedgerOptions {
  /** This site's id: the origin of what is said here. */
  readonly site: string
  /** `sealer(openKey(dir))` of twin/. */
  readonly sealer: Sealer
  readonly now: () => Instant
}

/** All of it happens, or nothing. */
export interface Decision {
  /** JSON by key, null: gone. What isn't named stays as it is. */
  readonly living: ReadonlyMap<string, string | null>
  /** A letter is ignored for a recipient who has one of that key already, whatever became of it. */
  readonly letters: readonly OutgoingLetter[]
  readonly entries: readonly { readonly type: string; readonly payload: unknown }[]
  /** Keys of letters that these supersede, if they didn't go out yet. */
  readonly withdraw?: readonly string[]
  /** Outages that go by another name: their letters, too. */
  readonly renames?: readonly { readonly from: string; readonly to: string }[]
}

/** ledger.db was broken at the start, or gone (or without a byte) although a copy of it is there. */
export interface Restored {
  readonly at: Instant
  /** Where the broken one is; null: it was gone. */
  readonly aside: string | null
  /** The copy that stands in; null: no good one was found, everything began anew. */
  readonly from: string | null
  /** When that copy was made, as its file says; null: there is none. */
  readonly made: Instant | null
}

export interface Ledger
  extends Withholding,
    Unveiling,
    Outbox,
    SessionStore,
    Omit<Entries, 'append' | 'undone' | 'renew'> {
  /** What must survive, as JSON: `check:mail.smtp`, `service:mail`, `alerts` … */
  living(): ReadonlyMap<string, string>
  /** One transaction, on the disk when it returns. Throws when the disk refuses: then nothing was remembered. */
  remember(decision: Decision): void
  /** Says one thing as this site; it is on the disk when this returns. Throws when the disk refuses: then it is unsaid. */
  say(type: string, payload: unknown): Statement
  /** Calls with whatever is new in the ledger, once it is on the disk; `listener` must not throw. Returns what ends that. */
  onNews(listener: (news: readonly Statement[]) => void): () => void
  /** Calls after what a site had said was taken back and said anew: whoever read it before must read it again. */
  onMended(listener: () => void): () => void
  /** The secret part of a heartbeat's `/push/TOKEN`: 128 random bits, made once. */
  heartbeatToken(check: string): string
  /** A whole copy (for the night: `DIR/ledger.db.copy`, taken when the ledger is broken); the one before stays as `.1`. */
  copy(file?: string): void
  /** Null: it was whole. */
  readonly restored: Restored | null
  close(): void
}

/** Opens `DIR/ledger.db`. For a broken one, set aside, or one that is gone, its last good copy stands in; see `restored`. */
export function openLedger(dir: string, options: LedgerOptions): Ledger {
  const file = join(dir, 'ledger.db')
  const copyFile = `${file}.copy`
  const { db, restored } = openSound(file, [copyFile, `${copyFile}.1`], options.now)
  reserveSpace(db)
  const copy = (target = copyFile) => {
    if (existsSync(target)) renameSync(target, `${target}.1`)
    copyDatabase(db, target)
  }
  const dropCopies = () => {
    for (const name of readdirSync(dir)) if (name.startsWith('ledger.db.')) rmSync(join(dir, name), { force: true })
    sync(dir)
  }
  const { withhold } = prepareTakingOut(db, options.sealer, dropCopies)
  const { renew, ...ledger } = ledgerIn(db, options)
  unlessHindered(renew)
  return {
    ...ledger,
    restored,
    copy,
    withhold: (covered) => {
      if (!withhold(covered)) return false
      copy()
      return true
    },
  }
}

/** The ledger in a database of its format that is open already. */
export function ledgerIn(
  db: Sqlite.Database,
  { site, sealer, now }: LedgerOptions,
): Omit<Ledger, 'restored' | 'copy' | 'withhold'> & Pick<Entries, 'renew'> {
  const { written, tell, onNews } = createNews(() => undone())
  const mended = new Set<() => void>()
  const { append, undone, ...entries } = prepareEntries(db, site, sealer, now, written)
  const { withheldFrom, unveil } = preparePuttingBack(db, written)
  const { enqueue, ...outbox } = prepareOutbox(db, append, now)
  const living = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM living')
  const keep = db.prepare(
    `INSERT INTO living (key, value) VALUES (?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
  )
  const drop = db.prepare('DELETE FROM living WHERE key = ?')
  const tokenOf = db.prepare<[string], { token: string }>('SELECT token FROM tokens WHERE check_id = ?')
  const addToken = db.prepare('INSERT INTO tokens (check_id, token) VALUES (?, ?)')

  const remember = db.transaction((decision: Decision) => {
    for (const [key, value] of decision.living) {
      if (value === null) drop.run(key)
      else keep.run(key, value)
    }
    for (const { type, payload } of decision.entries) append(type, payload)
    outbox.withdraw(decision.withdraw ?? [])
    for (const letter of decision.letters) enqueue(letter)
    // A letter that was owed has the name of before.
    for (const { from, to } of decision.renames ?? []) outbox.rename(from, to)
  })

  const say = db.transaction((type: string, payload: unknown) => statementOf(append(type, payload)))

  return {
    ...outbox,
    ...entries,
    ...prepareSessions(db),
    began: tell(outbox.began),
    sent: tell(outbox.sent),
    failed: tell(outbox.failed),
    say: tell(say.immediate),
    keep: (found) => {
      const stepped = tell(entries.keep)(found)
      if (stepped) for (const listener of mended) listener()
      return stepped
    },
    beginAnew: (origin, common, folded) => {
      tell(entries.beginAnew)(origin, common, folded)
      for (const listener of mended) listener()
    },
    settle: tell(entries.settle),
    fold: tell(entries.fold),
    withheldFrom,
    unveil: tell(unveil),
    onNews,
    onMended: (listener) => {
      mended.add(listener)
      return () => void mended.delete(listener)
    },
    living: () => new Map(living.all().map(({ key, value }) => [key, value])),
    remember: tell((decision) => {
      if (!isEmpty(decision)) remember.immediate(decision)
    }),
    heartbeatToken: (check) => {
      const known = tokenOf.get(check)
      if (known !== undefined) return known.token
      const token = randomBytes(16).toString('hex')
      addToken.run(check, token)
      return token
    },
    close: () => db.close(),
  }
}

/** Entries are news once their transaction is done; what it threw away never was, and `undone` hears of it. */
function createNews(undone: () => void) {
  const listeners = new Set<(news: readonly Statement[]) => void>()
  let fresh: Entry[] = []
  return {
    written: (entry: Entry) => {
      fresh.push(entry)
    },
    /** The same, and whoever listens hears what it wrote. */
    tell:
      <A extends readonly unknown[], R>(transaction: (...given: A) => R) =>
      (...given: A): R => {
        fresh = []
        const result = whole(transaction, given)
        const news = fresh.map(statementOf)
        fresh = []
        if (news.length > 0) for (const listener of listeners) listener(news)
        return result
      },
    onNews: (listener: (news: readonly Statement[]) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }

  function whole<A extends readonly unknown[], R>(transaction: (...given: A) => R, given: A): R {
    try {
      return transaction(...given)
    } catch (error) {
      undone()
      throw error
    }
  }
}

function isEmpty({ living, letters, entries, withdraw, renames }: Decision): boolean {
  return living.size + letters.length + entries.length + (withdraw?.length ?? 0) + (renames?.length ?? 0) === 0
}

function openSound(
  file: string,
  copies: readonly string[],
  now: () => Instant,
): { db: Sqlite.Database; restored: Restored | null } {
  const gone = isEmptyFile(file) && copies.some((copy) => existsSync(copy))
  if (gone) rmSync(file, { force: true })
  const db = gone ? undefined : tryOpen(file)
  if (db !== undefined) return { db, restored: null }
  const at = now()
  const aside = setAside(file, at)
  for (const copy of copies.filter((one) => !isEmptyFile(one))) {
    copyFileSync(copy, file)
    sync(file)
    sync(dirname(file))
    const copied = tryOpen(file)
    const made = Math.floor(statSync(copy).mtimeMs)
    if (copied !== undefined) return { db: copied, restored: { at, aside: gone ? null : aside, from: copy, made } }
    setAside(file, at + 1)
  }
  return { db: openDatabase(file, LEDGER), restored: { at, aside: gone ? null : aside, from: null, made: null } }
}

/** True also when there is none: after a power cut a name may be left without a byte. */
function isEmptyFile(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0
}

/** Undefined: the file is broken. Anything else that is wrong is thrown. */
function tryOpen(file: string): Sqlite.Database | undefined {
  try {
    const db = openDatabase(file, LEDGER)
    if (damageOf(db) === null) return db
    db.close()
    return undefined
  } catch (error) {
    if (trouble(error) === 'broken' && (error as { code?: string }).code !== 'NEWER') return undefined
    throw error
  }
}

const RESERVE_BYTES = 512 * 1024

/**
 * Takes space from the disk while there is some: what was written and deleted again stays with the file as free
 * pages, and the log keeps its length. With the disk full, letters and verdicts are still written, into that.
 */
function reserveSpace(db: Sqlite.Database): void {
  unlessHindered(() => {
    db.prepare('INSERT INTO reserve (bytes) VALUES (zeroblob(?))').run(RESERVE_BYTES)
    db.exec('DELETE FROM reserve')
  })
}

/** What the disk refuses now is done at the next start. */
function unlessHindered(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (trouble(error) !== 'hindered') throw error
  }
}
