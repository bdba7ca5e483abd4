// `vigie status`: what the site thinks.
import { type Instant, type Millis, SECOND } from '../core/time/time.ts'
import { readCopies } from '../showing/copying.ts'
import type { Call, Command, Host } from './command.ts'
import { type Heard, hearStatus } from './status/source.ts'
import { copyLines, fittingLines, staleLine, statusLines } from './status/table.ts'
import { fold } from './terminal/width.ts'

const AGAIN_EVERY: Millis = 5 * SECOND

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
    { line: 'vigie status --data /var/lib/vigie', does: 'of the vigie that runs as a service' },
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
    err.write('`vigie run` starts one, `--data DIR` names another folder.\n')
    return 1
  }
  const { document, text, vigie } = heard
  if (vigie !== 'answers') err.write(`${staleLine(document, vigie, wall())}\n`)
  if (options.json) out.write(text.endsWith('\n') ? text : `${text}\n`)
  else out.write(`${[...statusLines(document, out, wall()), ...copiesOf(options.data, out, wall())].join('\n')}\n`)
  return isWell(heard) ? 0 : 1
}

function copiesOf(data: string, out: Host['out'], now: Instant): readonly string[] {
  return copyLines([...readCopies(data).values()], out, now)
}

function isWell({ vigie, document }: Heard): boolean {
  return vigie === 'answers' && document.services.every((service) => FINE.includes(service.status))
}

const FINE: readonly string[] = ['operational', 'degraded_performance', 'under_maintenance']

/** Until Ctrl-C; the exit code is that of what was shown last. */
async function keepOnScreen(call: Call, host: Host): Promise<number> {
  let stop: () => void = () => {}
  const stopped = new Promise<'stopped'>((resolve) => {
    stop = () => resolve('stopped')
  })
  host.onSignal('SIGINT', () => stop())
  host.onSignal('SIGTERM', () => stop())
  const { live } = host.out
  if (live) host.out.write(HIDE_CURSOR + CLEAR)
  let first = true
  for (;;) {
    const heard = await hearStatus(call.options.data)
    const code = live ? drawOnce(heard, call, host) : printOnce(heard, call, host)
    // On a screen it waits for one to start; a script waits for none, only for one that answered before.
    if (!live && heard?.vigie !== 'answers' && (first || heard?.vigie !== 'silent')) return code
    first = false
    let timer: NodeJS.Timeout | undefined
    const again = new Promise<'again'>((resolve) => {
      timer = setTimeout(resolve, AGAIN_EVERY, 'again')
    })
    const next = await Promise.race([stopped, again])
    clearTimeout(timer)
    if (next === 'stopped') {
      if (live) host.out.write(SHOW_CURSOR)
      return code
    }
    if (!live) host.out.write('\n')
  }
}

const HIDE_CURSOR = '\x1b[?25l'
const SHOW_CURSOR = '\x1b[?25h'
const CLEAR = '\x1b[2J'

/** Over what stood there, in one go: nothing flickers. */
function drawOnce(heard: Heard | null, { options }: Call, { out, wall }: Host): number {
  const now = wall()
  const rows = out.rows ?? Number.POSITIVE_INFINITY
  const copies = copiesOf(options.data, out, now)
  const foot = out.paint(`Asked again every ${AGAIN_EVERY / SECOND} s until Ctrl-C.`, 'dim')
  const lines =
    heard === null
      ? fold(`No vigie runs on ${options.data}, and none left a page there.`, out.columns)
      : [
          ...(heard.vigie === 'answers' ? [] : [out.paint(staleLine(heard.document, heard.vigie, now), 'red')]),
          ...fittingLines(heard.document, out, now, rows - 4 - copies.length),
          ...copies,
        ]
  const frame = [...lines, '', foot].map((line) => `${line}\x1b[K\n`).join('')
  out.write(`\x1b[H${frame}\x1b[J`)
  return heard !== null && isWell(heard) ? 0 : 1
}
