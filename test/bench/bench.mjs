// `npm run bench [-- --quick] [--only ROW]… [--json]`: what vigie costs on this machine, beside what it may cost.
// Linux only: figures come from /proc. About 35 minutes, with --quick 20; 15 of them for two sites that talk. CPU seconds,
// bytes and ratios compare well; times drift on a machine that does other things.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startModule } from './children.mjs'
import { figuresOf, ROWS, table } from './figures.mjs'
import { exchange } from './scenes/exchange.mjs'
import { kinds } from './scenes/kinds.mjs'
import { paced, pacedOverTls } from './scenes/paced.mjs'
import { page, render } from './scenes/page.mjs'
import { said } from './scenes/said.mjs'
import { quiet, scale } from './scenes/schedule.mjs'
import { freshStart } from './scenes/start.mjs'
import { uplink } from './scenes/uplink.mjs'
import { beginWear } from './scenes/wear.mjs'

const { createAuthority } = await import(new URL('../../dist/demo/certificates.js', import.meta.url).href)

/** @typedef {Awaited<ReturnType<typeof openBench>>} Bench */

const TMPFS = 0x01021994
/** How many hosts the target plays. */
const DOORS = 25

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const unknown = asked.only.filter((row) => !Object.hasOwn(ROWS, row))
if (unknown.length > 0) {
  process.stderr.write(`no such row: ${unknown.join(', ')}. There are: ${Object.keys(ROWS).join(', ')}\n`)
  process.exit(2)
}
process.on('SIGINT', () => process.exit(130)).on('SIGTERM', () => process.exit(143))

const bench = await openBench()
const began = performance.now()
const waited = waitedForCpu()
/** What a clock is held to, with nothing else running. */
const ofFifty = await play([
  [['start'], 'a fresh start', freshStart],
  [['said'], 'a start with 10,000 incidents', said],
  [['schedule', 'memory', 'scale'], '50 checks every 20 s', quiet],
])
const endWear = bench.wants('wear') ? beginWear(bench) : null
await play([
  [['cpu', 'disk', 'memory', 'restart'], '500 checks every 20 s', paced],
  [['tls'], '500 checks every 20 s over TLS', pacedOverTls],
  [['scale'], '10,000 checks every 60 s', (bench) => scale(bench, ofFifty)],
])
if (endWear !== null) {
  bench.say('30 services every 60 s, all day')
  await (await endWear)()
}
await play([
  [['page'], 'the page', page],
  [['kinds'], 'a thousand looks of each kind', kinds],
  [['uplink'], 'members over the uplink of a home', uplink],
  [['exchange'], 'two sites that talk with each other', exchange],
  [['render'], 'a change', render],
])

const figures = figuresOf(bench.measured)
const busy = (waitedForCpu() - waited) / 1e3 / (performance.now() - began)
const pressure = Number.isNaN(busy) ? '' : `, some task waited for a processor ${Math.round(100 * busy)} % of the time`
const machine = `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? process.arch}${pressure}`
process.stdout.write(
  asked.json ? `${JSON.stringify({ machine, figures }, null, 2)}\n` : `${machine}\n\n${table(figures)}`,
)
bench.say(`took ${Math.round((performance.now() - began) / 1000)} s`)
process.exit(0)

/**
 * One after the other; resolves with what the last of them found, or null.
 * @param {readonly (readonly [readonly string[], string, (bench: Bench) => Promise<any>])[]} acts
 */
async function play(acts) {
  let found = null
  for (const [rows, title, scene] of acts) {
    if (!rows.some(bench.wants)) continue
    bench.say(title)
    found = (await scene(bench)) ?? null
  }
  return found
}

async function openBench() {
  const root = mkdtempSync(join(diskFolder(), 'vigie-bench-'))
  process.on('exit', () => {
    if (!asked.keep) rmSync(root, { recursive: true, force: true })
  })
  const authority = createAuthority({ name: 'bench' })
  const target = startModule('target.mjs')
  const leaf = authority.issue({ names: ['127.0.0.1'] })
  const ports = await target.ask('listen', { doors: DOORS, ...leaf })
  const measured = new Map()
  return {
    quick: asked.quick,
    measured,
    target: {
      plain: ports.plain.map((port) => `http://127.0.0.1:${port}`),
      secure: ports.secure.map((port) => `https://127.0.0.1:${port}`),
      witnesses: ports.plain.slice(0, 6),
      ca: authority.certificate,
      leaf: authority.issue({ names: ['127.0.0.1'], intermediate: 'sent' }),
      ask: target.ask,
    },
    wants: (row) => asked.only.length === 0 || asked.only.includes(row),
    folder: (name) => {
      const folder = join(root, name)
      mkdirSync(folder, { recursive: true })
      return folder
    },
    /** @param {string} figure `row.figure` @param {number} ours @param {string} [beside] @param {string} [note] */
    note: (figure, ours, beside, note) => {
      measured.set(figure, {
        ours,
        ...(beside === undefined ? {} : { beside }),
        ...(note === undefined ? {} : { note }),
      })
    },
    say: (words) => process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${words}\n`),
  }
}

/** Microseconds since boot; a quiet machine hardly moves it. NaN where the kernel doesn't say. */
function waitedForCpu() {
  try {
    return Number(/some .*total=(\d+)/.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1])
  } catch {
    return Number.NaN
  }
}

/** Bytes written to a file system in memory are not counted as written. */
function diskFolder() {
  if (statfsSync(tmpdir()).type !== TMPFS) return tmpdir()
  const folder = fileURLToPath(new URL('../../data/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  return folder
}
