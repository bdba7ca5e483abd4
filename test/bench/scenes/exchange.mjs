// Two sites of usual size that talk with each other over TLS: what that costs on the line and of a core, while all is
// well, while everything is down, while the line of one is dead, and while the web server of the other is all that is left.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pause, startModule } from '../children.mjs'
import { growth, sample } from '../proc.mjs'
import { configure, startSite } from '../site.mjs'

const { openKey } = await import(new URL('../../../dist/twin/key.js', import.meta.url).href)

const SERVICES = 30
const EVERY = 60
const DAY = 86_400
const WITNESSES = 6
const FAILING = '/s'
/** Four times; all of it is over before the sites, a quarter of an hour after their start, ask for what was measured. */
const LONG = 110
/** After so long looks that fail change nothing any more: one every 20 s, eight of them. */
const SETTLED = EVERY + 8 * 20

/** @param {import('../bench.mjs').Bench} bench */
export async function exchange(bench) {
  const { plain: origins, witnesses, ca, leaf } = bench.target
  const link = startModule('link.mjs')
  const names = ['home', 'offsite']
  const folders = names.map((name) => bench.folder(`exchange-${name}`))
  const ways = [await link.ask('open', leaf), await link.ask('open', leaf)]
  const own = await link.ask('witnesses', WITNESSES)
  const sites = names.map((name, at) => {
    const data = join(folders[at], 'data')
    mkdirSync(data, { recursive: true, mode: 0o700 })
    return `${name}: { url: "https://127.0.0.1:${ways[at].port}", key: "${openKey(data).publicKey}" }`
  })
  const same = { services: SERVICES, checks: SERVICES, every: EVERY, origins, ca }
  for (const [at, folder] of folders.entries())
    configure({ ...same, folder, sites: `{ ${sites.join(', ')} }`, witnesses: at === 0 ? own : witnesses })
  const lone = bench.folder('exchange-alone')
  configure({ ...same, folder: lone, witnesses })
  const running = []
  for (const [at, folder] of folders.entries()) {
    const site = await startSite(folder, { site: names[at] })
    await link.ask('lead', { way: ways[at].way, to: Number(new URL(site.url).port) })
    running.push(site)
  }
  const alone = await startSite(lone)
  await pause(EVERY + 10)

  const quiet = await measure(LONG)
  note('quiet', quiet)
  bench.note('exchange.cpu', quiet.cpu, undefined, `beside the same without a twin, over ${LONG} s`)
  await bench.target.ask('fail', FAILING)
  await pause(SETTLED)
  const outage = await measure(LONG)
  note('outage', outage)
  bench.note('exchange.cpuDown', outage.cpu)
  await bench.target.ask('fail', '')
  await link.ask('lost')
  await pause(EVERY + 40)
  note('blind', await measure(LONG))
  await link.ask('set', { way: ways[1].way, state: 'gone' })
  await pause(EVERY / 2)
  note('gone', await measure(LONG))
  for (const site of [...running, alone]) await site.stop()
  await link.stop()

  function note(figure, { bytes, connections, seconds }) {
    const day = ((bytes / seconds) * DAY) / 1e6
    bench.note(
      `exchange.${figure}`,
      day,
      undefined,
      `${bytes} B, ${connections} new connections in ${Math.round(seconds)} s`,
    )
  }

  /** `cpu`: percent of a core that having a twin costs. */
  async function measure(seconds) {
    await link.ask('counted')
    const before = [sample(running[0].pid), sample(alone.pid)]
    await pause(seconds)
    const counted = await link.ask('counted')
    const [home, single] = [running[0].pid, alone.pid].map((pid, at) => growth(before[at], sample(pid)))
    return { ...counted, seconds: home.seconds, cpu: (100 * (home.cpu - single.cpu)) / home.seconds }
  }
}
