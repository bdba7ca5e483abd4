// `vigie run`: the monitor and its page, until it is told to stop.
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import type { App } from '../app.ts'
import { type Configuration, checksOf } from '../core/check.ts'
import { say } from '../core/text.ts'
import { supervisorFrom } from '../process/watchdog.ts'
import type { Call, Command, Host, SoundReading } from './command.ts'
import { listenFault } from './listening.ts'
import { createLog } from './log.ts'
import { countOf, printMistakes, read, readSound } from './reading.ts'
import type { Screen } from './terminal/screen.ts'
import { fold } from './terminal/width.ts'
import { version } from './version.ts'

export const run: Command = {
  words: '',
  about: [
    'Looks at every check on time, decides what that means, remembers it, publishes the page, serves it and mails the admins. It runs in the foreground, says what happens on stderr, and stops on Ctrl-C or SIGTERM.',
    'The configuration is read again on SIGHUP and when a file of it changes; one with mistakes changes nothing.',
    'Exit code 0 after a stop, 1 when it can’t start or another vigie has the data folder, 2 for wrong use or a configuration with mistakes.',
  ],
  options: [],
  examples: [
    { line: 'vigie run', does: 'with checks/ and data/ of this folder' },
    { line: 'vigie run --listen 0.0.0.0:8080', does: 'a page for the whole network' },
    { line: 'VIGIE_DOMAIN=example.org vigie run', does: 'the shipped catalogue for another domain' },
  ],
  run: runSite,
}

const VIEWS = fileURLToPath(new URL('../../views/', import.meta.url))

async function runSite(call: Call, host: Host): Promise<number> {
  staySmall()
  const reading = readSound(call, host)
  if (reading === null) return 2
  const app = await build(reading, call, host)
  if (app === null) return 1
  const stopped = stopOnSignal(app, host)
  try {
    const { url } = await app.start()
    tidyOften()
    printMistakes([], reading.warnings, host.err)
    host.out.write(greeting(reading.configuration, url, call.options.checks, host.out))
  } catch (error) {
    await app.stop()
    const reason = listenFault(error, reading.configuration.listen)
    if (reason === null) throw error
    host.err.write(`vigie run: ${reason}\n`)
    return 1
  }
  host.onSignal('SIGHUP', () => app.reload())
  return stopped
}

/**
 * V8 would take 32 MB for young objects alone: looks leave next to nothing behind, and a Pi has little. And it would
 * optimize what runs a few times a minute, which costs more than it ever wins: ten times its usual budget
 * (`node --v8-options`) is left to what runs all the time.
 */
function staySmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--interrupt-budget=676000')
}

/** V8 would tidy up late. Not while it starts: what is read then stays, and would be gone through again and again. */
function tidyOften(): void {
  setFlagsFromString('--optimize-for-size')
}

async function build(reading: SoundReading, call: Call, host: Host): Promise<App | null> {
  const { checks, data } = call.options
  // Loaded only now: the database is native code, and nobody else needs it.
  const { createApp } = await import('../app.ts')
  const { wall, monotonic, environment } = host
  const options = {
    checks,
    data,
    views: VIEWS,
    reading,
    read: () => read(call, environment),
    wall,
    monotonic,
    log: createLog(host),
    supervisor: supervisorFrom(environment),
    version: version(),
  }
  const app = await createApp(options)
  if (!('heldBy' in app)) return app
  const who = app.heldBy === null ? 'another process' : `the vigie with pid ${app.heldBy}`
  host.err.write(`vigie run: ${who} has ${data}; \`vigie status\` asks it, --data DIR names another folder\n`)
  return null
}

/** Settles with the exit code: the first signal ends it cleanly, a second one at once. */
export function stopOnSignal(
  app: Pick<App, 'stop'>,
  { onSignal, err }: Pick<Host, 'onSignal' | 'err'>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      onSignal(signal, () => {
        if (asked) return resolve(1)
        asked = true
        err.write('Stopping. Once more, and it ends at once.\n')
        app.stop().then(() => resolve(0), reject)
      })
    }
  })
}

function greeting(configuration: Configuration, url: string, checks: string, screen: Screen): string {
  const { name, services, site, replica } = configuration
  const counts = `${countOf(services, 'service')}, ${countOf(checksOf(configuration), 'check')}`
  const lines = [
    `vigie watches ${say(name, 'en')} from site ${site.id}: ${counts}.`,
    `The page: ${screen.paint(url, 'bold')}`,
    ...(replica
      ? [
          'This is a demonstration: a replica of the hoster, on this machine, stands in for the world.',
          `To watch your own services edit ${checks}/; \`vigie config\` shows every mistake.`,
        ]
      : ['`vigie status` tells what it thinks, `vigie check` looks once.']),
  ]
  return `${lines.flatMap((line) => fold(line, screen.columns)).join('\n')}\n`
}
