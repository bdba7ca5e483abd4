// An outage at a small hoster: its members all look at the page, which a Pi serves over the uplink of a home.
import { Agent, get } from 'node:http'
import { pause, startModule } from '../children.mjs'
import { quantile } from '../proc.mjs'
import { configure, giveHistory, startSite } from '../site.mjs'
import { scheduleOf } from './schedule.mjs'

const SERVICES = 30
const CHECKS = 60
const EVERY = 20
const BITS_PER_SECOND = 2e6
/** 2,000 in five minutes. */
const PER_SECOND = 2000 / 300
/** Beyond this a member is gone. */
const PATIENCE = 30_000

/** @param {import('../bench.mjs').Bench} bench */
export async function uplink(bench) {
  const seconds = bench.quick ? 60 : 300
  const members = Math.round(seconds * PER_SECOND)
  const folder = bench.folder('uplink')
  const { plain: origins, witnesses } = bench.target
  configure({ folder, services: SERVICES, checks: CHECKS, every: EVERY, origins, witnesses })
  await giveHistory(folder, SERVICES)
  const site = await startSite(folder)
  const line = startModule('uplink.mjs')
  const metronome = startModule('metronome.mjs')
  const port = await line.ask('open', { to: Number(new URL(site.url).port), bitsPerSecond: BITS_PER_SECOND })
  await pause(EVERY + 5)
  await bench.target.ask('forget')
  await line.ask('sent')
  await metronome.ask('begin')
  const began = performance.now()
  const visits = await Promise.all(arrivals(members, seconds).map((at) => visitAt(at, port)))
  const { p99 } = await metronome.ask('end')
  const bits = 8 * (await line.ask('sent'))
  const elapsed = (performance.now() - began) / 1000
  const { error, skipped } = scheduleOf(await bench.target.ask('arrivals'), CHECKS, EVERY, elapsed)
  const { services } = await site.status()
  const disturbed = services.flatMap(({ checks }) => checks).filter(({ state }) => state !== 'up').length
  await site.stop()
  await line.stop()
  await metronome.stop()
  const served = visits.filter((took) => took !== null)
  const busy = `the line ${Math.round((100 * bits) / (BITS_PER_SECOND * elapsed))} % full, the slowest ${Math.max(...served).toFixed(2)} s`
  bench.note('uplink.unserved', members - served.length, undefined, `${members} members in ${seconds} s`)
  bench.note('uplink.visit', quantile(served, 0.99), undefined, busy)
  bench.note('uplink.schedule', error, `bare timer ${p99.toFixed(1)} ms`)
  bench.note('uplink.disturbed', skipped + disturbed)
}

/** Moments in seconds: as people come, not evenly. The same every time. */
function arrivals(count, seconds) {
  let seed = 1
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  return Array.from({ length: count }, () => random() * seconds)
}

/** One member with an empty cache: the page and its script. Seconds until all is there; null: it never was. */
async function visitAt(at, port) {
  await pause(at)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const began = performance.now()
  try {
    for (const path of ['/fr/', '/vigie.js']) await whole(`http://127.0.0.1:${port}${path}`, agent)
    return (performance.now() - began) / 1000
  } catch {
    return null
  } finally {
    agent.destroy()
  }
}

function whole(url, agent) {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: PATIENCE, headers: { 'accept-encoding': 'br' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
      response.on('error', reject).on('end', resolve).resume()
    })
    request.on('error', reject).on('timeout', () => request.destroy(new Error('timeout')))
  })
}
