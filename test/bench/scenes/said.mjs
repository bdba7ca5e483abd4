// Ten thousand incidents in the ledger: what a start with them costs, the first time and once their pages are there.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pause } from '../children.mjs'
import { growth, sample } from '../proc.mjs'
import { configure, get, giveHistory, startSite } from '../site.mjs'

const INCIDENTS = 10_000
const HOUR = 3_600_000

/** @param {import('../bench.mjs').Bench} bench */
export async function said(bench) {
  const folder = bench.folder('said')
  const { plain: origins, witnesses } = bench.target
  configure({ folder, services: 30, checks: 60, every: 60, origins, witnesses })
  await giveHistory(folder, 30)
  const bare = await startSite(folder)
  await pause(20)
  const without = sample(bare.pid)
  await bare.stop()
  await giveIncidents(join(folder, 'data'))
  const site = await startSite(folder)
  bench.note('said.ready', site.seconds)
  bench.note('said.cpu', site.cpu)
  const first = await get(`${site.url}/`, { 'accept-encoding': 'br' })
  bench.note('said.page', first.body.length)
  await pause(bench.quick ? 30 : 120)
  const settled = sample(site.pid)
  bench.note('said.memory', settled.rss - without.rss, `${without.rss.toFixed(0)} MiB without any`)
  await pause(60)
  const minute = growth(settled, sample(site.pid))
  bench.note('said.making', (100 * minute.cpu) / minute.seconds)
  await site.stop()
}

/** Opened and resolved an hour apart, for ten years back. */
async function giveIncidents(data) {
  const { openLedger } = await import(new URL('../../../dist/store/ledger.js', import.meta.url).href)
  const { openKey } = await import(new URL('../../../dist/twin/key.js', import.meta.url).href)
  const { sealer } = await import(new URL('../../../dist/twin/seal.js', import.meta.url).href)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const now = Date.now()
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: () => now })
  const name = (at, letter) => letter + at.toString(36).padStart(11, '0')
  const entries = Array.from({ length: INCIDENTS }, (_, at) => {
    const started = now - (INCIDENTS - at) * 8 * HOUR
    const by = { id: name(at, 'i'), by: 'alice', key: null }
    const opened = {
      ...by,
      at: started + 5 * 60_000,
      update: name(at, 'u'),
      title: { fr: `Panne numéro ${at}`, en: `Outage number ${at}` },
      text: { fr: 'Nous **regardons** ce qui se passe.', en: 'We are **looking** into it.' },
      status: 'investigating',
      impact: 'major',
      services: [`s${at % 30}`],
      started,
      raises: 'none',
      outages: [],
    }
    const text = { fr: 'Tout est revenu.', en: 'All is back.' }
    const resolved = { ...by, at: started + HOUR, update: name(at, 'r'), text, status: 'resolved' }
    return [
      { type: 'incident.open', payload: opened },
      { type: 'incident.update', payload: resolved },
    ]
  }).flat()
  ledger.remember({ living: new Map(), letters: [], entries })
  ledger.close()
}
