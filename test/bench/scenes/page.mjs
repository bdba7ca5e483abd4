// The page of thirty services with ninety days behind them: how many it serves, what a visit weighs, what a change
// costs and how soon it shows.
import { connect } from 'node:net'
import { join } from 'node:path'
import { pause } from '../children.mjs'
import { growth, quantile, sample } from '../proc.mjs'
import { hammer, hasWrk, startNginx } from '../references.mjs'
import { configure, get, giveHistory, startSite, tokenOf } from '../site.mjs'

const SERVICES = 30

/** @param {import('../bench.mjs').Bench} bench */
export async function page(bench) {
  const { site, folder } = await thirtyServices(bench, 'page')
  const first = await weigh(site.url, { 'accept-encoding': 'br' })
  const again = await weigh(site.url, { 'accept-encoding': 'br', 'if-none-match': first.etag })
  bench.note('page.first', first.bytes)
  bench.note('page.again', again.status === 304 ? again.bytes : Number.NaN)
  if (hasWrk()) await rate(bench, site, folder)
  await site.stop()
}

/**
 * One service after the other fails (its job says so, which is down at once): what that costs, up to the page's files.
 * @param {import('../bench.mjs').Bench} bench
 */
export async function render(bench) {
  const { site } = await thirtyServices(bench, 'change')
  await get(`${site.url}/`)
  const before = sample(site.pid)
  await pause(5)
  const idle = growth(before, sample(site.pid))
  const half = SERVICES / 2
  const start = sample(site.pid)
  const shown = []
  for (let service = 0; service < half; service++) shown.push(await fall(site, service))
  const spent = growth(start, sample(site.pid))
  const quiet = await longestWait(site, async () => {})
  const waits = []
  for (let service = half; service < SERVICES; service++) {
    waits.push(await longestWait(site, () => get(`${site.url}/push/${tokenOf(service)}/fail`)))
  }
  await site.stop()
  bench.note('render.cpu', (1000 * (spent.cpu - (idle.cpu / idle.seconds) * spent.seconds)) / half)
  const note = `an answer's longest wait; the worst of ${half} was ${Math.max(...waits).toFixed(1)} ms`
  bench.note('render.slice', quantile(waits, 0.5), `${quiet.toFixed(1)} ms with no change`, note)
  bench.note('render.served', Math.max(...shown))
}

async function thirtyServices(bench, name) {
  const folder = bench.folder(name)
  const { plain: origins, witnesses } = bench.target
  configure({ folder, services: SERVICES, checks: 2 * SERVICES, every: 60, origins, witnesses, heartbeats: true })
  await giveHistory(folder, SERVICES)
  const site = await startSite(folder)
  for (let service = 0; service < SERVICES; service++) await get(`${site.url}/push/${tokenOf(service)}`)
  await pause(bench.quick ? 12 : 20)
  return { site, folder }
}

/** Seconds until the page says it. Asks seldom: what that costs counts, too. */
async function fall(site, service) {
  const began = performance.now()
  await get(`${site.url}/push/${tokenOf(service)}/fail`)
  for (;;) {
    await pause(0.05)
    const { services } = await site.status()
    if (services.find(({ id }) => id === `s${service}`).status !== 'operational') break
  }
  const seconds = (performance.now() - began) / 1000
  await pause(Math.max(0, 1.5 - seconds))
  return seconds
}

/** The longest that a small answer took within a second of something that happens, in ms. */
async function longestWait(site, happen) {
  await happen()
  const began = performance.now()
  let longest = 0
  while (performance.now() - began < 1000) {
    const asked = performance.now()
    await get(`${site.url}/api/v2/status.json`)
    longest = Math.max(longest, performance.now() - asked)
  }
  return longest
}

async function rate(bench, site, folder) {
  const seconds = bench.quick ? 5 : 10
  await hammer({ ...site, url: `${site.url}/`, seconds: 2 })
  const ours = await hammer({ ...site, url: `${site.url}/`, seconds })
  const nginx = await startNginx(join(folder, 'nginx'), join(folder, 'data', 'public'))
  const theirs = nginx === null ? null : await hammer({ ...nginx, seconds })
  await nginx?.stop()
  bench.note('page.rate', ours.perSecond, theirs === null ? undefined : `nginx ${Math.round(theirs.perSecond)}`)
  bench.note('page.cpu', ours.cpuMs, theirs === null ? undefined : `nginx ${theirs.cpuMs.toFixed(3)} ms`)
}

/**
 * Bytes on the wire of one answer, head and body.
 * @param {string} url @param {Record<string, string>} headers
 * @returns {Promise<{ bytes: number, status: number, etag: string }>}
 */
function weigh(url, headers) {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    const lines = Object.entries({ host: hostname, connection: 'close', ...headers })
    socket.end(`GET / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    const chunks = []
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', reject)
    socket.on('end', () => {
      const head = Buffer.concat(chunks).toString('latin1')
      const etag = /^etag: (.*)\r$/im.exec(head)?.[1] ?? ''
      resolve({ bytes: socket.bytesRead, status: Number(head.slice(9, 12)), etag })
    })
  })
}
