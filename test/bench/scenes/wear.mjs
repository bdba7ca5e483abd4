// A hoster of usual size, all day: 30 services every 60 s. What it writes, how much of a core it takes, how often it
// wakes. Runs beside scenes that no clock is held to: it is busy for a hundredth of the time. On a file system without a
// journal Linux counts the block of a file's inode, too, where no neighbour has written it just then: up to 6 MB a day.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pause } from '../children.mjs'
import { growth, sample } from '../proc.mjs'
import { configure, startSite } from '../site.mjs'

const SERVICES = 30
const DAY = 86_400
const BLOCK = 4096

/** @param {import('../bench.mjs').Bench} bench */
export async function beginWear(bench) {
  const folder = bench.folder('wear')
  const { plain, witnesses } = bench.target
  const origins = plain.map((origin) => `${origin}/wear`)
  configure({ folder, services: SERVICES, checks: SERVICES, every: 60, origins, witnesses })
  const site = await startSite(folder)
  const began = performance.now()
  await firstWritten(join(folder, 'data', 'public'))
  const before = sample(site.pid)
  return async () => {
    const least = bench.quick ? 180 : 600
    await pause(Math.max(0, least - (performance.now() - before.at) / 1000))
    const { seconds, cpu, written, wakeups } = growth(before, sample(site.pid))
    await site.stop()
    const { hourly, daily } = pageBytes(join(folder, 'data', 'public'))
    const { last, looks } = resultsBytes(join(folder, 'data', 'results.db'))
    // The log is folded into the file about once a day.
    const slow = 24 * (hourly + last) + daily + last + looks
    const minutes = Math.round((performance.now() - began) / 60_000)
    const results = ((written / seconds) * DAY) / 1e6
    const note = `${results.toFixed(1)} MB as seen over ${minutes} min, ${(slow / 1e6).toFixed(1)} MB for what comes once an hour or a day`
    bench.note('wear.day', results + slow / 1e6, undefined, note)
    bench.note('wear.cpu', (100 * cpu) / seconds)
    bench.note('wear.wakeups', wakeups / seconds)
  }
}

/** Settles when the first writing is done, which comes once a start and not once a day: 20 s after the last file. */
async function firstWritten(folder) {
  for (let tries = 0; tries < 36; tries++) {
    await pause(5)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const last = Math.max(...files.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0))
    if (Date.now() - last > 20_000) return
  }
}

/** What tells of now is written once an hour, what figures of the past are in once a day; in whole blocks. */
function pageBytes(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const now = /^((fr|en)\/)?index\.html|^api\/vigie\/status\.json/
  const past = /\/(services|method|history)\/.*\.(html|json)(\.|$)/
  const bytes = (pattern) =>
    files
      .filter((name) => pattern.test(name))
      .reduce((sum, name) => sum + Math.ceil(statSync(join(folder, name)).size / BLOCK) * BLOCK, 0)
  return { hourly: bytes(now), daily: bytes(past) }
}

/** In results.db: the last looks, and a day's. */
function resultsBytes(file) {
  const db = new Database(file, { readonly: true })
  const bytes = db.prepare('SELECT sum(pgsize) FROM dbstat WHERE name = ?').pluck()
  const looks = (DAY / 60) * SERVICES * (bytes.get('looks') / db.prepare('SELECT count(*) FROM looks').pluck().get())
  const last = bytes.get('last')
  db.close()
  return { last, looks }
}
