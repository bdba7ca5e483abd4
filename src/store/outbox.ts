// Letters on their way: written with the verdict that made them, kept until a relay took them.
import type Sqlite from 'better-sqlite3'
import { subjectsOf } from '../core/letter/correspondence.ts'
import { DAY, HOUR, type Instant, type Millis } from '../core/time/time.ts'
import type { Letter } from '../core/verdict/letter.ts'
import type { Entries } from './entries.ts'

export interface OutgoingLetter {
  readonly letter: Letter
  readonly recipients: readonly string[]
}

export interface QueuedLetter {
  /** In this very ledger; other sites have another. */
  readonly id: number
  readonly letter: Letter
  readonly recipient: string
  /** Tries so far, with whatever relay. */
  readonly attempts: number
  /** The last try ended without an answer: it may have gone out. Sent again, it must carry the same Message-ID. */
  readonly uncertain: boolean
}

export interface SentLetter {
  readonly letter: Letter
  readonly recipient: string
  /** When a relay took it. */
  readonly at: Instant
}

export interface Attempt {
  readonly at: Instant
  /** As `Letter.key`. */
  readonly key: string
  readonly letter: Letter
  readonly recipient: string
  /** As `Relay.name`. */
  readonly relay: string
  /** `begun`: under way, or vigie died meanwhile. `uncertain`: no answer after the whole letter was given. */
  readonly outcome: 'begun' | 'sent' | 'failed' | 'uncertain'
  /** The relay's own words, or what went wrong. */
  readonly note: string
}

export interface Outbox {
  /** Letters to try now, oldest first. */
  due(now: Instant): readonly QueuedLetter[]
  /** When the next letter is to be tried; in the past: now. Null: none is waiting. */
  nextDue(): Instant | null
  /** The wall clock was set: what was put off is due as much later, or sooner. */
  shift(by: Millis): void
  /** Before a relay is spoken to. Says `alert.intent` in the ledger. */
  began(id: number, at: Instant, relay: string): void
  /** A relay took it: over, also for a letter withdrawn meanwhile. Says `alert.sent`. */
  sent(id: number, at: Instant, relay: string, response: string): void
  /**
   * It stays in the outbox and is due `again` (at most an hour from `at`). `uncertain`: the relay had all of it and
   * did not answer. Says `alert.failed`.
   */
  failed(id: number, at: Instant, relay: string, note: string, again: Instant, uncertain: boolean): void
  /** Takes back letters that didn't go out yet, superseded by others; to one recipient only if named. How many they were. */
  withdraw(keys: readonly string[], recipient?: string): number
  /**
   * An outage has another name from now on: the letters about it, and those that wait to be sent with its words. Ids are
   * of lowercase letters, digits and hyphens.
   */
  rename(from: string, to: string): void
  /** Another site sent it: over here, too. */
  sentElsewhere(id: number, at: Instant, site: string): void
  /** What went out of a thread, oldest first. */
  sentOf(thread: string): readonly SentLetter[]
  /**
   * When a relay took the first letter of a thread, or that of its letters which has this key: "the team was told at".
   * Null: none yet.
   */
  toldAt(thread: string, key?: string | null): Instant | null
  /** Letters waiting. */
  unsent(): number
  /** The newest tries first. */
  attempts(limit: number): readonly Attempt[]
  /** Forgets letters done with 90 days ago. On a clock to be trusted only. */
  prune(now: Instant): void
}

const KEPT: Millis = 90 * DAY

/** A letter due later than this was put off by a clock that was wrong: it is due now. */
const FURTHEST: Millis = HOUR

interface LetterRow {
  readonly id: number
  readonly letter: string
  readonly recipient: string
  readonly attempts: number
  readonly uncertain: number
}

/** `enqueue` is for use inside a transaction; the others are transactions of their own where they write. */
export function prepareOutbox(
  db: Sqlite.Database,
  append: Entries['append'],
  now: () => Instant,
): Outbox & { enqueue(outgoing: OutgoingLetter): void } {
  const insert = db.prepare(
    `INSERT INTO letters (key, recipient, thread, event, letter, made, due) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key, recipient) DO NOTHING`,
  )
  const due = db.prepare<[number, number], LetterRow>(
    `SELECT id, letter, recipient, attempts, uncertain FROM letters
     WHERE state = 'waiting' AND (due <= ? OR due > ?) ORDER BY made, id`,
  )
  const dues = db.prepare<[], { due: number }>("SELECT due FROM letters WHERE state = 'waiting'")
  const named = db.prepare<[number], { key: string; recipient: string; letter: string }>(
    'SELECT key, recipient, letter FROM letters WHERE id = ?',
  )
  const begin = db.prepare('UPDATE letters SET attempts = attempts + 1, uncertain = 1 WHERE id = ?')
  const finish = db.prepare("UPDATE letters SET state = 'sent', uncertain = 0, sent = ? WHERE id = ?")
  const putOff = db.prepare('UPDATE letters SET due = ?, uncertain = ? WHERE id = ?')
  const shift = db.prepare("UPDATE letters SET due = due + ? WHERE state = 'waiting'")
  const withdraw = db.prepare(
    "UPDATE letters SET state = 'withdrawn' WHERE key = ? AND recipient = coalesce(?, recipient) AND state = 'waiting'",
  )
  const tried = db.prepare("INSERT INTO attempts (letter, at, relay, outcome, note) VALUES (?, ?, ?, 'begun', '')")
  const ended = db.prepare(
    'UPDATE attempts SET outcome = ?, note = ? WHERE id = (SELECT max(id) FROM attempts WHERE letter = ?)',
  )
  const namesake = db.prepare<[string, string], { id: number; key: string; thread: string; letter: string }>(
    "SELECT id, key, thread, letter FROM letters WHERE thread = ? OR (state = 'waiting' AND instr(letter, ?) > 0)",
  )
  const rename = db.prepare('UPDATE OR IGNORE letters SET key = ?, thread = ?, letter = ? WHERE id = ?')
  const triedElsewhere = db.prepare(
    "INSERT INTO attempts (letter, at, relay, outcome, note) VALUES (?, ?, ?, 'sent', ?)",
  )
  const sentOf = db.prepare<[string], { letter: string; recipient: string; at: Instant }>(
    "SELECT letter, recipient, sent AS at FROM letters WHERE thread = ? AND state = 'sent' ORDER BY sent, id",
  )
  const toldAt = db.prepare<[string, string | null], { at: Instant }>(
    "SELECT sent AS at FROM letters WHERE thread = ? AND key = coalesce(?, key) AND state = 'sent' ORDER BY sent LIMIT 1",
  )
  const unsent = db.prepare<[], { count: number }>("SELECT count(*) AS count FROM letters WHERE state = 'waiting'")
  const attempts = db.prepare<[number], Omit<Attempt, 'letter'> & { readonly letter: string }>(
    `SELECT at, key, letters.letter, recipient, relay, outcome, note FROM attempts JOIN letters ON letters.id = attempts.letter
     ORDER BY attempts.id DESC LIMIT ?`,
  )
  const prune = db.prepare("DELETE FROM letters WHERE state <> 'waiting' AND coalesce(sent, made) < ?")

  return {
    enqueue: ({ letter, recipients }) => {
      const text = JSON.stringify(letter)
      // Decided before the clock was set back, and kept only now: it is due all the same.
      const first = Math.min(letter.at, now())
      for (const recipient of recipients) {
        insert.run(letter.key, recipient, letter.thread, letter.event, text, letter.at, first)
      }
    },
    due: (at) => due.all(at, at + FURTHEST).map(queued),
    nextDue: () => {
      const at = now()
      const moments = dues.all().map((row) => (row.due > at + FURTHEST ? at : row.due))
      return moments.length === 0 ? null : Math.min(...moments)
    },
    shift: (by) => void shift.run(by),
    began: db.transaction((id: number, at: Instant, relay: string) => {
      begin.run(id)
      tried.run(id, at, relay)
      append('alert.intent', { ...nameOf(id), relay, at })
    }),
    sent: db.transaction((id: number, at: Instant, relay: string, response: string) => {
      finish.run(at, id)
      ended.run('sent', response, id)
      append('alert.sent', { ...nameOf(id), relay, at, response })
    }),
    failed: db.transaction(
      (id: number, at: Instant, relay: string, note: string, again: Instant, uncertain: boolean) => {
        putOff.run(Math.min(again, at + FURTHEST), uncertain ? 1 : 0, id)
        ended.run(uncertain ? 'uncertain' : 'failed', note, id)
        append('alert.failed', { ...nameOf(id), relay, at, note, uncertain })
      },
    ),
    withdraw: db.transaction((keys: readonly string[], recipient?: string) =>
      keys.reduce((sum, key) => sum + withdraw.run(key, recipient ?? null).changes, 0),
    ),
    rename: (from, to) => {
      // The id alone: `mail-mhx2` is also the end of `webmail-mhx2`, which fell in the same moment.
      const whole = new RegExp(`(?<![a-z0-9-])${from}(?![a-z0-9-])`, 'g')
      const anew = (text: string) => text.replace(whole, to)
      for (const { id, key, thread, letter } of namesake.all(from, `"${from}"`))
        rename.run(anew(key), anew(thread), anew(letter), id)
    },
    sentElsewhere: db.transaction((id: number, at: Instant, site: string) => {
      finish.run(at, id)
      triedElsewhere.run(id, at, site, 'by another site')
    }),
    sentOf: (thread) => sentOf.all(thread).map((row) => ({ ...row, letter: JSON.parse(row.letter) as Letter })),
    toldAt: (thread, key = null) => toldAt.get(thread, key)?.at ?? null,
    unsent: () => unsent.get()?.count ?? 0,
    attempts: (limit) => attempts.all(limit).map((row) => ({ ...row, letter: JSON.parse(row.letter) as Letter })),
    prune: (at) => {
      prune.run(at - KEPT)
    },
  }

  function nameOf(id: number): { letter: string; to: string; about: readonly string[] } {
    const row = named.get(id)
    if (row === undefined) throw new Error(`there is no letter ${id}`)
    return { letter: row.key, to: row.recipient, about: subjectsOf(JSON.parse(row.letter) as Letter) }
  }
}

function queued({ letter, uncertain, ...rest }: LetterRow): QueuedLetter {
  return { ...rest, letter: JSON.parse(letter) as Letter, uncertain: uncertain === 1 }
}
