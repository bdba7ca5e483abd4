// The format of results.db, from the first to today's. Rows that come by the thousand are appended in order and as
// short as they can be; every table's key grows with time.
import type { Opening } from './database.ts'

export const RESULTS: Opening = {
  synchronous: 'NORMAL',
  // Small pages: a minute of thirty looks is 600 bytes.
  page: 1024,
  // A long log: a page that fills up over many commits is folded back once.
  checkpoint: 4000,
  alone: true,
  migrations: [
    {
      version: 1,
      name: 'looks, what they add up to, changes',
      up: `
      -- Who looks at what: a number for each check, family and site. family 0: not apart.
      CREATE TABLE series (
        number INTEGER PRIMARY KEY,
        check_id TEXT NOT NULL,
        family INTEGER NOT NULL,
        site TEXT NOT NULL,
        UNIQUE (check_id, family, site)
      ) STRICT;

      -- One look, about 15 bytes. Its key is the millisecond in which it ended (looks end in order, they don't begin in
      -- order), or the next free one. took: tenths of a millisecond. reason: 0 is ok, else a number of looks.ts.
      CREATE TABLE looks (
        ended INTEGER PRIMARY KEY,
        series INTEGER NOT NULL,
        took INTEGER NOT NULL,
        reason INTEGER NOT NULL
      ) STRICT;

      -- Phases, note and certificate, as JSON: of the last look of each series, and of those worth keeping.
      CREATE TABLE last (series INTEGER PRIMARY KEY, observation TEXT NOT NULL) STRICT;
      CREATE TABLE details (ended INTEGER PRIMARY KEY, series INTEGER NOT NULL, observation TEXT NOT NULL) STRICT;

      -- Looks that ended in one slot (its number since 1970). ok: how many were; others: JSON, how many of each reason;
      -- median, p95: of the good ones, in tenths of a millisecond. day: of the calendar, in the page's time zone.
      CREATE TABLE five_minutes (
        slot INTEGER NOT NULL, series INTEGER NOT NULL, ok INTEGER NOT NULL, others TEXT, median INTEGER, p95 INTEGER,
        PRIMARY KEY (slot, series)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE hours (
        slot INTEGER NOT NULL, series INTEGER NOT NULL, ok INTEGER NOT NULL, others TEXT, median INTEGER, p95 INTEGER,
        PRIMARY KEY (slot, series)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE days (
        slot INTEGER NOT NULL, series INTEGER NOT NULL, ok INTEGER NOT NULL, others TEXT, median INTEGER, p95 INTEGER,
        PRIMARY KEY (slot, series)
      ) STRICT, WITHOUT ROWID;

      -- Every change of opinion, agreement and status, for ever: what vigie explain answers from.
      CREATE TABLE changes (
        number INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        subject TEXT NOT NULL,
        id TEXT NOT NULL,
        since INTEGER NOT NULL,
        state TEXT NOT NULL,
        rule TEXT NOT NULL,
        sites TEXT NOT NULL,
        note TEXT
      ) STRICT;
      CREATE INDEX changes_of ON changes (subject, id, at);

      -- Moments the store itself must know, in milliseconds since 1970: begun_anew, alive, rolled, days_rolled.
      CREATE TABLE moments (name TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `,
    },
    {
      version: 2,
      name: 'what other sites measured',
      up: `
      -- Changes that other sites wrote down and handed over. (Their sums lie beside ours; ours that were lost and came
      -- back are in changes, numbered below nought.)
      CREATE TABLE elsewhere (
        site TEXT NOT NULL, subject TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, since INTEGER NOT NULL,
        state TEXT NOT NULL, rule TEXT NOT NULL, sites TEXT NOT NULL, note TEXT,
        PRIMARY KEY (site, subject, id, at, since, state)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX changes_at ON changes (at);
      -- Of moments, also: made (this file), lived (until when, in a file lost before it), and how far each site handed over what.
    `,
    },
  ],
}
