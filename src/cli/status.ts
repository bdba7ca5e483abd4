// `vigie status`: what the site thinks.
import type { Millis } from '../core/time.ts'
import type { Call, Command, Host } from './command.ts'
import { type Heard, hearStatus } from './status-source.ts'
import { staleLine, statusLines } from './status-table.ts'

const AGAIN_EVERY: Millis = 5_000

export const status: Command = {
  words: '',
  about: [
    'What the vigie that runs on this data folder thinks of each service, since when, and how sure it is. When none runs, what the last one left, which is said.',
    'Exit code 0 when every service works, if only poorly or under maintenance; 1 when one is down, in part or whole, or unknown, or when no vigie runs; 2 for wrong use.',
  ],
  options: ['json', 'watch'],
  examples: [
    { line: 'vigie status --watch', does: 'keeps it on the screen' },
    { line: 'vigie status --json', does: 'the same as /api/vigie/status.json' },
    { line: 'vigie status --data /var/lib/vigie', does: 'of the vigie that Debian’s package runs' },
  ],
  run: runStatus,
}

async function runStatus(call: Call, host: Host): Promise<number> {
  if (!call.options.watch) return printOnce(await hearStatus(call.options.data), call, host)
  if (call.options.json) {
    host.err.write('vigie status: --watch is for people, --json for programs: one of them\n')
    return 2
  }
  return keepOnScreen(call, host)
}

function printOnce(heard: Heard | null, { options }: Call, { out, err, wall }: Host): number {
  if (heard === null) {
    err.write(`vigie status: no vigie runs on ${options.data}, and none left a page there\n`)
    return 1
  }
  const { document, text, vigie } = heard
  if (vigie !== 'answers') err.write(`${staleLine(document, vigie, wall())}\n`)
  if (options.json) out.write(text.endsWith('\n') ? text : `${text}\n`)
  else out.write(`${statusLines(document, out, wall()).join('\n')}\n`)
  return vigie === 'answers' && document.services.every((service) => FINE.includes(service.status)) ? 0 : 1
}

const FINE: readonly string[] = ['operational', 'degraded_performance', 'under_maintenance']

/** Until Ctrl-C; the exit code is that of what was printed last. */
async function keepOnScreen(call: Call, host: Host): Promise<number> {
  let stop: () => void = () => {}
  const stopped = new Promise<'stopped'>((resolve) => {
    stop = () => resolve('stopped')
  })
  host.onSignal('SIGINT', () => stop())
  host.onSignal('SIGTERM', () => stop())
  for (;;) {
    const heard = await hearStatus(call.options.data)
    host.out.write(host.out.live ? '\x1b[H\x1b[J' : '\n')
    const code = printOnce(heard, call, host)
    let timer: NodeJS.Timeout | undefined
    const again = new Promise<'again'>((resolve) => {
      timer = setTimeout(resolve, AGAIN_EVERY, 'again')
    })
    const next = await Promise.race([stopped, again])
    clearTimeout(timer)
    if (next === 'stopped') return code
  }
}
