// `vigie demo`: a whole hoster on loopback, its page, and a page of controls to break things.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseHostPort } from '../config/address.ts'
import type { Reading } from '../config/read.ts'
import { type Control, isLoopback, openControl } from '../demo/control.ts'
import { QUICK } from '../demo/pace.ts'
import { createStage, type Stage } from '../demo/stage.ts'
import { ICONS } from '../page/icons.ts'
import { openViews } from '../page/views.ts'
import { CONDITIONS } from '../page/words.ts'
import type { Call, Command, Host, SoundReading } from './command.ts'
import { listenFault } from './listening.ts'
import { createLog } from './log.ts'
import { isSound, read, readSound } from './reading.ts'
import { stopOnSignal } from './run.ts'
import { version } from './version.ts'

export const demo: Command = {
  words: '',
  about: [
    'Runs a replica of the hoster in this process, on loopback: its mail, chat and web servers, its name servers, witnesses and relay. The real monitor watches it and publishes the real page. A second page has controls to break, slow, expire and cut things, stories that do so by themselves, and the mails that admins get.',
    'Scripts can break things too, by POST /fault/NAME and /fault/NAME/clear on the controls.',
    'It looks every few seconds, so that an outage shows at once; --real-pace keeps to what checks/ says. Nothing outside of this machine is asked, and nothing is kept: without --data its data folder is gone afterwards.',
    'Exit code 0 after a stop, 1 when it can’t start, 2 for wrong use or a configuration with mistakes.',
  ],
  options: ['control', 'real-pace'],
  examples: [
    { line: 'vigie demo', does: 'the page on port 8080, the controls on 8081' },
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
  const { checks, data, realPace } = call.options
  const { wall, monotonic, environment } = host
  const stage = createStage(realPace ? null : QUICK, wall)
  const configuration = stage.prepare(reading.configuration)
  const control = await openPanel(stage, place, host)
  if (control === null) return 1
  // Loaded only now: the database is native code, and nobody else needs it.
  const { createApp } = await import('../app.ts')
  const app = await createApp({
    checks,
    data,
    views: VIEWS,
    reading: { ...reading, configuration },
    read: () => prepared(read(call, environment), stage),
    wall,
    monotonic,
    log: createLog(host),
    version: version(),
    replicate: stage.start,
  })
  if ('heldBy' in app) {
    await control.close()
    const who = app.heldBy === null ? 'another process' : `the vigie with pid ${app.heldBy}`
    host.err.write(`vigie demo: ${who} has ${data}; --data DIR names another folder\n`)
    return 1
  }
  const end = { stop: () => stopAll(stage, control, app) }
  const stopped = stopOnSignal(end, host)
  try {
    const { url } = await app.start()
    stage.listens(url)
    host.out.write(greeting(url, control.url, call, host))
  } catch (error) {
    await end.stop()
    const fault = listenFault(error, stage.configuration().listen)
    if (fault === null) throw error
    host.err.write(`vigie demo: ${fault}\n`)
    return 1
  }
  return stopped
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

async function stopAll(stage: Stage, control: Control, app: { stop(): Promise<void> }): Promise<void> {
  stage.stop()
  await control.close()
  await app.stop()
}

/** What was read again, as it is to be played. */
function prepared(reading: Reading, stage: Stage): Reading {
  return isSound(reading) ? { ...reading, configuration: stage.prepare(reading.configuration) } : reading
}

/** Where the controls are to be; null after a complaint. */
function controlPlace({ options }: Call, { err }: Host): typeof CONTROL | null {
  const place = options.control === undefined ? CONTROL : parseHostPort(options.control, 0)
  if (place === undefined) err.write('vigie demo: --control must be HOST:PORT\n')
  else if (!isLoopback(place.host)) err.write('vigie demo: the controls break things: --control must be on loopback\n')
  else return place
  return null
}

function greeting(page: string, control: string, { options }: Call, { out }: Host): string {
  const pace = options.realPace
    ? 'It looks as seldom as checks/ says: an outage shows after some minutes.'
    : 'It looks every few seconds: an outage shows at once.'
  const end = options.given.has('data') ? 'Ctrl-C ends it.' : 'Ctrl-C ends it, and nothing is kept.'
  return `The page:      ${out.paint(page, 'bold')}\nThe controls:  ${out.paint(control, 'bold')}\n${pace} ${end}\n`
}
