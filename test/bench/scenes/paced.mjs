// 500 checks every 20 s, that is 25 a second: what a check costs, what it writes, what stays in memory, and what a
// restart does.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pause } from '../children.mjs'
import { growth, sample } from '../proc.mjs'
import { startBlackbox } from '../references.mjs'
import { configure, startSite } from '../site.mjs'

const CHECKS = 500
const EVERY = 20
const PER_SECOND = CHECKS / EVERY

/** @param {import('../bench.mjs').Bench} bench */
export async function paced(bench) {
  const { warm, measure } = bench.quick ? { warm: 20, measure: 55 } : { warm: 40, measure: 260 }
  const run = await startPair(bench, 'paced', bench.target.plain)
  const { cpu, beside, written, wchar, rss } = await measurePair(bench, run, warm, measure)
  bench.note('cpu.plain', cpu, beside)
  bench.note('disk.written', written)
  bench.note('disk.handed', wchar)
  bench.note('memory.fiveHundred', rss, undefined, `after ${warm + measure} s`)
  await run.blackbox?.stop()
  if (bench.wants('restart')) await restart(bench, run)
  await run.site.stop()
  bench.note('disk.growth', bytesPerLook(join(run.folder, 'data', 'results.db')))
}

/** @param {import('../bench.mjs').Bench} bench */
export async function pacedOverTls(bench) {
  const { warm, measure } = bench.quick ? { warm: 15, measure: 40 } : { warm: 30, measure: 120 }
  const run = await startPair(bench, 'tls', bench.target.secure)
  const { cpu, beside } = await measurePair(bench, run, warm, measure)
  bench.note('tls.fresh', cpu, beside)
  await run.blackbox?.stop()
  await run.site.stop()
}

async function startPair(bench, name, origins) {
  const folder = bench.folder(name)
  const { witnesses, ca } = bench.target
  configure({ folder, services: CHECKS / 10, checks: CHECKS, every: EVERY, origins, witnesses, ca })
  const targets = Array.from({ length: CHECKS }, (_, at) => `${origins[at % origins.length]}/blackbox/${at}`)
  const blackbox = await startBlackbox({ folder: join(folder, 'blackbox'), targets, perSecond: PER_SECOND, ca })
  return { folder, blackbox, site: await startSite(folder) }
}

async function measurePair(bench, { site, blackbox }, warm, measure) {
  await pause(warm)
  await bench.target.ask('forget')
  const before = [sample(site.pid), blackbox && sample(blackbox.pid), await blackbox?.count()]
  await pause(measure)
  const after = [sample(site.pid), blackbox && sample(blackbox.pid), await blackbox?.count()]
  const arrivals = await bench.target.ask('arrivals')
  const paths = Object.keys(arrivals).filter((path) => path.startsWith('/s'))
  const thousands = paths.reduce((sum, path) => sum + arrivals[path].length, 0) / 1000
  const spent = growth(before[0], after[0])
  return {
    cpu: spent.cpu / thousands,
    written: spent.written / 1e6 / thousands,
    wchar: spent.wchar / 1e6 / thousands,
    rss: after[0].rss,
    beside: blackbox === null ? undefined : besideOf(before, after),
  }
}

function besideOf(before, after) {
  const { scraped, failed } = { scraped: after[2].scraped - before[2].scraped, failed: after[2].failed }
  const cpu = growth(before[1], after[1]).cpu / (scraped / 1000)
  return `blackbox ${cpu.toFixed(2)} s${failed > 0 ? ` (${failed} failed)` : ''}`
}

async function restart(bench, run) {
  await run.site.stop()
  await bench.target.ask('forget')
  const began = performance.timeOrigin + performance.now()
  run.site = await startSite(run.folder)
  const { services } = await run.site.status()
  const kept = services.flatMap(({ checks }) => checks).filter(({ state }) => state === 'up').length
  await pause(EVERY + 4)
  const arrivals = await bench.target.ask('arrivals')
  const firsts = Object.entries(arrivals).flatMap(([path, [first]]) => (path.startsWith('/s') ? [first - began] : []))
  const bySecond = groupBySecond(firsts)
  const missing = CHECKS - firsts.length
  bench.note(
    'restart.all',
    missing > 0 ? Number.NaN : Math.max(...firsts) / 1000 - run.site.seconds,
    undefined,
    missing > 0 ? `${missing} were not looked at` : undefined,
  )
  bench.note('restart.spread', Math.max(...[...bySecond.values()].map((all) => all.length)))
  bench.note('restart.kept', kept)
}

function groupBySecond(moments) {
  const groups = new Map()
  for (const at of moments) groups.set(Math.floor(at / 1000), [...(groups.get(Math.floor(at / 1000)) ?? []), at])
  return groups
}

/** Of the table of raw looks; what is kept of the last look of each check does not grow. */
function bytesPerLook(file) {
  const db = new Database(file, { readonly: true })
  const bytes = db.prepare("SELECT sum(pgsize) FROM dbstat WHERE name = 'looks'").pluck().get()
  const looks = db.prepare('SELECT count(*) FROM looks').pluck().get()
  db.close()
  return bytes / looks
}
