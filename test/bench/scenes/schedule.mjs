// When looks are made: 50 checks on a quiet machine, and 10,000.
import { pause, startModule } from '../children.mjs'
import { growth, quantile, sample } from '../proc.mjs'
import { configure, startSite } from '../site.mjs'

/** @param {import('../bench.mjs').Bench} bench */
export async function quiet(bench) {
  const { warm, measure } = bench.quick ? { warm: 15, measure: 85 } : { warm: 40, measure: 260 }
  const metronome = startModule('metronome.mjs')
  const run = await watch(bench, { name: 'quiet', services: 5, checks: 50, every: 20 }, warm, measure, metronome)
  const { p99, max } = await metronome.ask('end')
  await metronome.stop()
  bench.note('schedule.error', run.error, `bare timer ${p99.toFixed(1)} ms`, `worst bare timer ${max.toFixed(1)} ms`)
  bench.note('memory.fifty', run.rss, undefined, `after ${warm + measure} s`)
  return run.cpu
}

/** @param {import('../bench.mjs').Bench} bench @param {number | null} ofFifty CPU s per 1,000 of 50 checks */
export async function scale(bench, ofFifty) {
  const { warm, measure } = bench.quick ? { warm: 64, measure: 62 } : { warm: 75, measure: 150 }
  const run = await watch(bench, { name: 'scale', services: 200, checks: 10_000, every: 60 }, warm, measure)
  bench.note('scale.error', run.error)
  bench.note('scale.memory', run.rss)
  bench.note('scale.skipped', run.skipped)
  bench.note('scale.cpu', run.cpu)
  if (ofFifty !== null) bench.note('scale.ratio', run.cpu / ofFifty)
}

async function watch(bench, { name, services, checks, every }, warm, measure, metronome) {
  const folder = bench.folder(name)
  const { plain: origins, witnesses } = bench.target
  configure({ folder, services, checks, every, origins, witnesses })
  const site = await startSite(folder)
  await pause(warm)
  await bench.target.ask('forget')
  await metronome?.ask('begin')
  const before = sample(site.pid)
  await pause(measure)
  const after = sample(site.pid)
  const arrivals = await bench.target.ask('arrivals')
  await site.stop()
  const { seen, error, skipped } = scheduleOf(arrivals, checks, every, measure)
  return { cpu: growth(before, after).cpu / (seen / 1000), rss: after.rss, error, skipped }
}

/**
 * How well a schedule was kept: looks seen, the error of the gaps between them (p99, ms), and looks that did not come.
 * @param {Record<string, readonly number[]>} arrivals @param {number} checks @param {number} every s @param {number} measured s
 */
export function scheduleOf(arrivals, checks, every, measured) {
  const looks = Object.entries(arrivals).filter(([path]) => path.startsWith('/s'))
  const gaps = looks.flatMap(([, moments]) => moments.slice(1).map((at, before) => at - moments[before]))
  const expected = Math.floor(measured / every) * checks
  const seen = looks.reduce((sum, [, moments]) => sum + moments.length, 0)
  const errors = gaps.map((gap) => Math.abs(gap - every * 1000))
  const late = gaps.filter((gap) => gap > every * 1500).length
  return { seen, error: quantile(errors, 0.99), skipped: checks - looks.length + late + Math.max(0, expected - seen) }
}
