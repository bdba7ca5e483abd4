// `vigie demo`: a whole hoster on loopback, two sites that watch it, and a page of controls to break things.
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { App } from '../app.ts'
import { parseHostPort } from '../config/address.ts'
import type { Reading } from '../config/read.ts'
import type { Configuration } from '../core/check.ts'
import { type Control, isLoopback, openControl } from '../demo/control.ts'
import { QUICK, type Seated } from '../demo/pace.ts'
import { SEATS, type Seat } from '../demo/places.ts'
import { createStage, type Stage } from '../demo/stage.ts'
import { ICONS } from '../page/pages/icons.ts'
import { openViews } from '../page/pages/views.ts'
import { CONDITIONS } from '../page/words/words.ts'
import { openKey } from '../twin/key.ts'
import type { Call, Command, Host, SoundReading } from './command.ts'
import { listenFault } from './listening.ts'
import { createLog } from './log.ts'
import { isSound, read, readSound } from './reading.ts'
import { stopOnSignal } from './run.ts'
import { version } from './version.ts'

export const demo: Command = {
  words: '',
  about: [
    'Runs a replica of the hoster in this process, on loopback: its mail, chat and web servers, its name servers, witnesses and relay. Two real sites watch it, home and its twin, and each publishes the real page. A third page has controls to break, slow, expire and cut things, also the lines of both sites and the link between them, stories that do so by themselves, and the mails that admins get.',
    'Scripts can break things too, by POST /fault/NAME and /fault/NAME/clear on the controls.',
    'It looks every few seconds, so that an outage shows at once; --real-pace keeps to what checks/ says. Nothing outside of this machine is asked, and nothing is kept: without --data its data folder is gone afterwards.',
    'Exit code 0 after a stop, 1 when it can’t start, 2 for wrong use or a configuration with mistakes.',
  ],
  options: ['control', 'real-pace'],
  examples: [
    { line: 'vigie demo', does: 'the page on port 8080, its twin’s on 8082, the controls on 8081' },
    { line: 'vigie demo --checks my-checks', does: 'a replica of what your own checks/ look at' },
    { line: 'curl -X POST localhost:8081/fault/line', does: 'breaks something; /faults.json lists what there is' },
  ],
  run: runDemo,
}

const CHECKS = fileURLToPath(new URL('../../checks/', import.meta.url))
const VIEWS = fileURLToPath(new URL('../../views/', import.meta.url))
const CONTROL = { host: '127.0.0.1', port: 8081 }

async function runDemo(call: Call, host: Host): Promise<number> {
  const place = controlPlace(call, host)
  if (place === null) return 2
  const { given } = call.options
  const shipped = !given.has('checks') && !host.environment.VIGIE_CHECKS
  const temporary = given.has('data') ? null : mkdtempSync(join(tmpdir(), 'vigie-demo-'))
  const options = {
    ...call.options,
    ...(shipped ? { checks: CHECKS } : {}),
    ...(temporary === null ? {} : { data: temporary }),
  }
  try {
    const reading = readSound({ ...call, options }, host)
    return reading === null ? 2 : await play({ ...call, options }, reading, place, host)
  } finally {
    if (temporary !== null) rmSync(temporary, { recursive: true, force: true })
  }
}

async function play(call: Call, reading: SoundReading, place: typeof CONTROL, host: Host): Promise<number> {
  const seated = await seat(reading.configuration.listen, call.options.data)
  const stage = createStage(call.options.realPace ? null : QUICK, seated, host.wall)
  for (const one of SEATS) stage.prepare(reading.configuration, one)
  const control = await openPanel(stage, place, host)
  if (control === null) return 1
  const apps: App[] = []
  const end = { stop: () => stopAll(stage, control, apps) }
  for (const one of SEATS) {
    const app = await build(one, seated[one].data, stage, reading, call, host)
    if ('heldBy' in app) {
      await end.stop()
      const who = app.heldBy === null ? 'another process' : `the vigie with pid ${app.heldBy}`
      host.err.write(`vigie demo: ${who} has ${seated[one].data}; --data DIR names another folder\n`)
      return 1
    }
    apps.push(app)
  }
  const stopped = stopOnSignal(end, host)
  // Home calls its twin: it finds somebody at once when it comes last.
  for (const one of [...SEATS].reverse()) {
    try {
      stage.listens(one, (await apps[SEATS.indexOf(one)]!.start()).url)
    } catch (error) {
      await end.stop()
      const fault = listenFault(error, seated[one].listen)
      if (fault === null) throw error
      host.err.write(`vigie demo: ${fault}\n`)
      return 1
    }
  }
  host.out.write(greeting(stage, control.url, call, host))
  return stopped
}

/** Where both sites are: the twin's page two ports above home's, its data in a folder of home's. */
async function seat(
  listen: Configuration['listen'],
  data: string,
): Promise<Record<Seat, Seated & { readonly data: string }>> {
  const ports = listen.port === 0 ? await freePorts(listen.host) : [listen.port, listen.port + 2]
  const [home, twin] = [data, join(data, 'twin')].map((folder, at) => ({
    listen: { ...listen, port: ports[at]! },
    data: folder,
    key: openKey(folder).publicKey,
  }))
  return { home: home!, twin: twin! }
}

/** Each site must know where the other is before either listens. */
async function freePorts(host: string): Promise<readonly number[]> {
  const servers = SEATS.map(() => createServer().listen(0, host))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
  return ports
}

async function build(one: Seat, data: string, stage: Stage, reading: SoundReading, call: Call, host: Host) {
  // Loaded only now: the database is native code, and nobody else needs it.
  const { createApp } = await import('../app.ts')
  const log = createLog(host)
  return createApp({
    checks: call.options.checks,
    data,
    views: VIEWS,
    reading: { ...reading, configuration: stage.prepare(reading.configuration, one) },
    read: () => prepared(read(call, host.environment), stage, one),
    wall: host.wall,
    monotonic: host.monotonic,
    log: (level, message) => {
      // Before both listen, that one doesn't hear the other is no news.
      if (stage.sites().every(({ url }) => url !== null)) log(level, one === 'home' ? message : `(twin) ${message}`)
    },
    version: version(),
    replicate: stage.start(one),
  })
}

async function openPanel(stage: Stage, place: typeof CONTROL, host: Host): Promise<Control | null> {
  const { render } = openViews(VIEWS)
  const look = { icons: ICONS, words: CONDITIONS }
  const style = readFileSync(join(VIEWS, 'demo.css'), 'utf8')
  try {
    return await openControl({ ...place, stage, render, style, look, now: host.wall })
  } catch (error) {
    const fault = listenFault(error, place, '--control')
    if (fault === null) throw error
    host.err.write(`vigie demo: ${fault}\n`)
    return null
  }
}

async function stopAll(stage: Stage, control: Control, apps: readonly App[]): Promise<void> {
  stage.stop()
  await control.close()
  await Promise.all(apps.map((app) => app.stop()))
}

/** What was read again, as it is to be played. */
function prepared(reading: Reading, stage: Stage, one: Seat): Reading {
  return isSound(reading) ? { ...reading, configuration: stage.prepare(reading.configuration, one) } : reading
}

/** Where the controls are to be; null after a complaint. */
function controlPlace({ options }: Call, { err }: Host): typeof CONTROL | null {
  const place = options.control === undefined ? CONTROL : parseHostPort(options.control, 0)
  if (place === undefined) err.write('vigie demo: --control must be HOST:PORT\n')
  else if (!isLoopback(place.host)) err.write('vigie demo: the controls break things: --control must be on loopback\n')
  else return place
  return null
}

function greeting(stage: Stage, control: string, { options }: Call, { out }: Host): string {
  const [home, twin] = stage.sites().map(({ url }) => out.paint(url ?? '', 'bold'))
  const pace = options.realPace
    ? 'It looks as seldom as checks/ says: an outage shows after some minutes.'
    : 'It looks every few seconds: an outage shows at once.'
  const end = options.given.has('data') ? 'Ctrl-C ends it.' : 'Ctrl-C ends it, and nothing is kept.'
  const lines = [
    `The page:      ${home}`,
    `Its twin’s:    ${twin}`,
    `The controls:  ${out.paint(control, 'bold')}`,
    `For commands:  --data ${options.data}`,
    `${pace} ${end}`,
  ]
  return `${lines.join('\n')}\n`
}
