// The format of ledger.db, from the first to today's.
import type { Opening } from './database.ts'

export const LEDGER: Opening = {
  synchronous: 'FULL',
  page: 4096,
  // A short log: its length is kept from the disk for bad days (ledger.ts).
  checkpoint: 64,
  alone: false,
  migrations: [
    {
      version: 1,
      name: 'entries, what lives, letters',
      up: `
      -- What sites said, as signed; exchanged between twins (core/entry.ts).
      CREATE TABLE entries (
        origin TEXT NOT NULL,
        seq INTEGER NOT NULL CHECK (seq > 0),
        at INTEGER NOT NULL,
        count INTEGER NOT NULL,
        seen TEXT NOT NULL,
        type TEXT NOT NULL,
        payload BLOB NOT NULL,
        prev TEXT NOT NULL,
        signature BLOB NOT NULL,
        PRIMARY KEY (origin, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;
      CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;

      -- The last entry of each origin: what the next one continues.
      CREATE TABLE heads (
        origin TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        count INTEGER NOT NULL,
        hash TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Opinions, counts, suspicion, open outages: whatever must change together with a letter. JSON.
      CREATE TABLE living (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

      -- The outbox: a letter to one recipient. Times are milliseconds since 1970.
      CREATE TABLE letters (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL,
        recipient TEXT NOT NULL,
        thread TEXT NOT NULL,
        event TEXT NOT NULL,
        letter TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'withdrawn')),
        made INTEGER NOT NULL,
        due INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        uncertain INTEGER NOT NULL DEFAULT 0,
        sent INTEGER,
        UNIQUE (key, recipient)
      ) STRICT;
      CREATE INDEX letters_waiting ON letters (due) WHERE state = 'waiting';
      CREATE INDEX letters_thread ON letters (thread);
      CREATE INDEX letters_sent ON letters (sent) WHERE state = 'sent';

      -- Every try with every relay. 'begun' and nothing else: we died meanwhile, and it may have gone out.
      CREATE TABLE attempts (
        id INTEGER PRIMARY KEY,
        letter INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        relay TEXT NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN ('begun', 'sent', 'failed', 'uncertain')),
        note TEXT NOT NULL
      ) STRICT;
      CREATE INDEX attempts_letter ON attempts (letter);

      -- What heartbeats without a token of their own are pinged with.
      CREATE TABLE tokens (check_id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE) STRICT, WITHOUT ROWID;

      -- Space kept for a full disk (ledger.ts).
      CREATE TABLE reserve (bytes BLOB NOT NULL) STRICT;
    `,
    },
    {
      version: 2,
      name: 'who is logged in',
      up: `
      -- Sessions of this site, by the digest of what the cookie says. Times are milliseconds since 1970.
      CREATE TABLE sessions (
        digest TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        mark TEXT NOT NULL,
        made INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        until INTEGER NOT NULL,
        device TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
    },
    {
      version: 3,
      name: 'entries by type',
      up: 'CREATE INDEX entries_type ON entries (type)',
    },
  ],
}
