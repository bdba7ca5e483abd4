// A process of its own: looks again and again at the built-in replica, one kind at a time, and says what that cost. Both ends
// of each look are in this process, so a figure is more than vigie's half of it.
const dist = (path) => import(new URL(`../../dist/${path}`, import.meta.url).href)
const [{ readConfiguration }, { kinds }, { startReplica }, { createLooker }] = await Promise.all([
  dist('config/read.js'),
  dist('probes/index.js'),
  dist('demo/replica.js'),
  dist('look.js'),
])

let looker = null
let checks = new Map()

async function open(dir) {
  const { configuration, plans, mistakes } = readConfiguration({ dir, data: dir, environment: {}, kinds })
  if (configuration === null) throw new Error(JSON.stringify(mistakes))
  const replica = await startReplica({ configuration, now: Date.now, ping: () => {} })
  checks = new Map(configuration.services.flatMap(({ checks }) => checks).map((check) => [check.id, check]))
  looker = createLooker({
    network: () => replica.network,
    plan: (id) => plans.get(id),
    site: () => configuration.site.id,
    now: Date.now,
    witnessOn: () => false,
    onBug: (error) => process.stderr.write(`${error?.stack ?? error}\n`),
  })
  return [...checks].map(([id, { kind }]) => ({ id, kind }))
}

/** CPU seconds a thousand, after some that warm up; how many were not well, and why the first wasn't. */
async function look({ id, times }) {
  const check = checks.get(id)
  for (let warm = 0; warm < times / 5; warm++) await looker.look(check, null)
  const before = process.cpuUsage()
  let bad = 0
  let why = null
  for (let one = 0; one < times; one++) {
    const { outcome } = await looker.look(check, null)
    if (outcome.ok === true) continue
    bad++
    why ??= `${outcome.reason}: ${outcome.note}`
  }
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / 1e6 / (times / 1000), bad, why }
}

process.on('message', async ({ number, ask, value }) => {
  const said = ask === 'open' ? await open(value) : ask === 'look' ? await look(value) : process.memoryUsage.rss()
  process.send({ number, said })
})
process.on('disconnect', () => process.exit(0))
