// A fresh start: from nothing, until the page answers.
import { quantile } from '../proc.mjs'
import { configure, startSite } from '../site.mjs'

/** @param {import('../bench.mjs').Bench} bench */
export async function freshStart(bench) {
  const runs = []
  for (let run = 0; run < (bench.quick ? 3 : 5); run++) {
    const folder = bench.folder(`start-${run}`)
    const { plain: origins, witnesses } = bench.target
    configure({ folder, services: 30, checks: 60, every: 60, origins, witnesses })
    const site = await startSite(folder)
    runs.push(site)
    await site.stop()
  }
  bench.note(
    'start.ready',
    quantile(
      runs.map(({ seconds }) => seconds),
      0.5,
    ),
  )
  bench.note(
    'start.cpu',
    quantile(
      runs.map(({ cpu }) => cpu),
      0.5,
    ),
  )
}
