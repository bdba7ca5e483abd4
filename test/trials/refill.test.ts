// A site that lost results.db gets thirty days of forty checks back, its own and the other's, while both go on talking.
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openResults } from '../../src/store/results.ts'
import { withSnapshot } from '../../src/store/snapshot.ts'
import { startPair } from './pair.ts'
import { openStage } from './stage.ts'

const stage = openStage()

const CHECKS = 40
const SLOTS = 30 * 288
const FIVE = 5 * 60_000
/** A minute on a machine that does nothing else, four times as long where it is slow or busy. */
const FOUR_MINUTES = 4 * 60_000

/** As the nights leave them: sums of five minutes, and of hours, of both sites. */
function fill(data: string) {
  openResults(data, { now: Date.now }).close()
  const db = new Sqlite(join(data, 'results.db'))
  const series = db.prepare('INSERT INTO series (number, check_id, family, site) VALUES (?, ?, 0, ?)')
  const five = db.prepare('INSERT INTO five_minutes (slot, series, ok, others, median, p95) VALUES (?, ?, 5, ?, ?, ?)')
  const hour = db.prepare('INSERT INTO hours (slot, series, ok, others, median, p95) VALUES (?, ?, 60, NULL, ?, ?)')
  db.transaction(() => {
    const last = Math.floor(Date.now() / FIVE) - 12
    for (let n = 0; n < 2 * CHECKS; n++) series.run(n + 1, `web.c${n % CHECKS}`, n < CHECKS ? 'home' : 'offsite')
    for (let slot = last - SLOTS; slot < last; slot++)
      for (let n = 1; n <= 2 * CHECKS; n++) {
        five.run(slot, n, (slot + n) % 100 === 0 ? '{"timeout":1}' : null, 200 + (slot % 90), 900 + (n % 80))
        if (slot % 12 === 0) hour.run(slot / 12, n, 200, 900)
      }
  })()
  db.close()
}

it('takes thirty days of forty checks back in minutes, and hears the other all the time', async () => {
  const target = await stage.target()
  const checks = Array.from(
    { length: CHECKS },
    (_, n) => `  - http: ${target.url}\n    id: c${n}\n    allow_private: true\n    every: 60s\n`,
  )
  const service = `service: { fr: Site, en: Website }\nchecks:\n${checks.join('')}`
  for (const lost of ['home', 'offsite'] as const) {
    const { [lost]: site, home } = await startPair(stage, {
      services: { 'web.yaml': service },
      hidden: ['home'],
      policy: 'policy: { every: 60s, timeout: 2s, witness_every: 5s }',
      before: (name, data) => {
        if (name !== lost) fill(data)
      },
    })
    const known = () =>
      withSnapshot(join(site.data, 'results.db'), (file) => {
        const db = new Sqlite(file, { readonly: true })
        const rows = db.prepare<[], number>('SELECT count(*) FROM five_minutes').pluck().get()!
        db.close()
        return rows
      }) ?? 0
    const unheard = async () => {
      const { sites } = JSON.parse(await site.get('/api/vigie/status.json')) as {
        sites: Record<string, { line: string }>
      }
      return Object.values(sites).some(({ line }) => line === 'unheard')
    }
    await home.until('heard', async () => !(await unheard()), 60_000)
    let silent = 0
    await home.until(
      'all of it',
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 2_000))
        if (await unheard()) silent++
        return known() >= 2 * CHECKS * SLOTS
      },
      FOUR_MINUTES,
    )
    expect(silent).toBe(0)
  }
}, 600_000)
