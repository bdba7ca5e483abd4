// What a site measured: the statements of results.db in memory, which outlives the process and may be lost.
import Sqlite from 'better-sqlite3'
import type { Sum } from '../../src/core/history/measure.ts'
import type { Observation } from '../../src/core/observation.ts'
import type { Instant } from '../../src/core/time/time.ts'
import { FIVE_MINUTES } from '../../src/store/digest.ts'
import { prepareLooks, rowOf } from '../../src/store/looks.ts'
import { type Parties, prepareMeasures } from '../../src/store/measures.ts'
import type { Results } from '../../src/store/results.ts'
import { RESULTS } from '../../src/store/results-format.ts'
import { prepareRollUp } from '../../src/store/rollup.ts'

export interface Measured extends Pick<Results, 'wants' | 'offer' | 'keep'> {
  look(observation: Observation): void
  /** The five minutes of a site, as they are known here. */
  sumsOf(site: string): readonly Sum[]
  /** It is gone, and begins anew. */
  lose(): void
  close(): void
}

export function createMeasured(own: string, now: () => Instant): Measured {
  let file = open()
  return {
    look: (observation) => file.looks.write([rowOf(observation)]),
    wants: (parties: Parties) => file.measures.wants(parties, now()),
    offer: (want, site) => file.measures.offer(want, site, now()),
    keep: (piece, parties) => file.measures.keep(piece, parties, now()),
    sumsOf,
    lose: () => {
      file.db.close()
      file = open()
    },
    close: () => file.db.close(),
  }

  function sumsOf(site: string): readonly Sum[] {
    const sums: Sum[] = []
    for (let [from, more] = [0, true]; more; ) {
      const piece = file.measures.offer({ stream: 'five_minutes', site, from }, own, now())
      sums.push(...piece.sums)
      ;({ next: from, more } = piece)
    }
    return sums
  }

  function open() {
    const db = new Sqlite(':memory:')
    for (const { up } of RESULTS.migrations) db.exec(up)
    db.prepare('INSERT INTO moments (name, at) VALUES (?, ?)').run('made', now())
    const looks = prepareLooks(db)
    return { db, looks, measures: prepareMeasures(db, looks, prepareRollUp(db)) }
  }
}

/**
 * Five minutes that ended by `until` and that a site measured otherwise than another knows. `doubtful`: those of a site
 * in which it lost what nobody else had yet.
 */
export function differences(
  sites: ReadonlyMap<string, Measured>,
  until: Instant,
  doubtful: (site: string, from: Instant, to: Instant) => boolean,
): readonly string[] {
  const textsOf = (by: Measured, site: string) =>
    new Set(
      by
        .sumsOf(site)
        .filter(({ slot }) => (slot + 1) * FIVE_MINUTES <= until)
        .filter(({ slot }) => !doubtful(site, slot * FIVE_MINUTES, (slot + 1) * FIVE_MINUTES))
        .map((sum) => JSON.stringify(sum)),
    )
  return [...sites].flatMap(([site, measured]) => {
    const own = textsOf(measured, site)
    return [...sites].flatMap(([other, elsewhere]) => {
      const known = textsOf(elsewhere, site)
      const missing = [...own].find((text) => !known.has(text)) ?? [...known].find((text) => !own.has(text))
      return missing === undefined ? [] : [`${other} knows what ${site} measured otherwise: ${missing}`]
    })
  })
}
