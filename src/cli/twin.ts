// `vigie twin key`, `vigie twin status`: what another site must know of this one, and what this one knows of the others.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { judgeTwin, type TwinStatus } from '../core/shown/twin-status.ts'
import { type Millis, SECOND } from '../core/time/time.ts'
import { layerNames } from '../page/words/words.ts'
import { findRunning } from '../process/running.ts'
import { makeFolder } from '../store/folder.ts'
import { openKey } from '../twin/key.ts'
import type { Call, Command, Host } from './command.ts'
import type { Style } from './terminal/screen.ts'
import { fold, pad } from './terminal/width.ts'
import { version } from './version.ts'

const PATIENCE: Millis = 5 * SECOND

export const twinKey: Command = {
  words: '',
  about: [
    'Prints the public key of this site, made at the first call. It is the `key` of this site under `sites` of site.yaml, the same file on every site; the secret half stays in the data folder.',
    'Adding a twin: run this on both machines, put both keys into site.yaml, take `replica: true` out, and bring `checks/` to both.',
    'Exit code 0; 2 for wrong use.',
  ],
  options: ['json'],
  examples: [{ line: 'vigie twin key', does: 'the key of this site, for site.yaml' }],
  run: async ({ options }, { out, err }) => {
    const { data } = options
    const made = !existsSync(join(data, 'keys'))
    makeFolder(data)
    const { publicKey: key } = openKey(data)
    if (made) err.write(`Made now, for the vigie that will run on ${data}. Another folder is --data DIR.\n`)
    out.write(options.json ? `${JSON.stringify({ key })}\n` : `${key}\n`)
    return 0
  },
}

export const twinStatus: Command = {
  words: '',
  about: [
    'What the vigie that runs on this data folder knows of the other sites: whether they are heard and which way, their line, version and configuration, and whether they have all that is in the ledger.',
    'Exit code 0 when every site is heard, 1 when one is not or no vigie runs, 2 for wrong use.',
  ],
  options: ['json'],
  examples: [{ line: 'vigie twin status', does: 'after adding a site' }],
  run: runStatus,
}

async function runStatus({ options }: Call, host: Host): Promise<number> {
  const statuses = await hearTwins(options.data)
  if (statuses === null) {
    host.err.write(`vigie twin status: no vigie runs on ${options.data}\n`)
    return 1
  }
  if (options.json) host.out.write(`${JSON.stringify(statuses, null, 2)}\n`)
  else if (statuses.length === 0) host.out.write('This is the only site; `sites` in site.yaml names no other.\n')
  else for (const status of statuses) for (const line of linesOf(status, host)) host.out.write(`${line}\n`)
  return statuses.every(({ heard }) => heard) ? 0 : 1
}

/** Asks the vigie that runs on a data folder; null: none answers. */
export async function hearTwins(data: string): Promise<readonly TwinStatus[] | null> {
  const running = findRunning(data)
  if (running === null || running.token === null) return null
  try {
    const answer = await fetch(new URL('/twin/v1/status', running.url), {
      headers: { authorization: `Bearer ${running.token}` },
      signal: AbortSignal.timeout(PATIENCE),
      redirect: 'error',
    })
    return answer.ok ? ((await answer.json()) as readonly TwinStatus[]) : null
  } catch {
    return null
  }
}

/** Parts of a line by names that admin pages give them, too. */
export function namesOfLayers(layers: readonly string[]): string {
  return layerNames(layers, 'en')
}

const CONFIGURATIONS = { same: 'the same as here', newer: 'newer than here', older: 'older than here' } as const

const STYLES: Readonly<Record<string, Style>> = { ok: 'green', warn: 'yellow', fail: 'red' }

function linesOf(status: TwinStatus, { out, wall }: Host): readonly string[] {
  const found = judgeTwin(status, { version: version(), layers: namesOfLayers }, wall())
  const facts = [
    ['calls from', status.address ?? (status.heard ? 'it does not call: we do' : 'unknown')],
    ['sees us at', status.seen_at ?? (status.reached === null && status.heard ? 'we do not call: it does' : 'unknown')],
    ['version', status.version ?? 'unknown'],
    ['checks/', status.configuration === null ? 'unknown' : CONFIGURATIONS[status.configuration]],
    ['ledger', ledgerOf(status)],
  ] as const
  const room = out.columns - 4
  return [
    ...found.flatMap(({ level, says, remedy }, at) => [
      `${at === 0 ? out.paint(status.site, 'bold') : ' '.repeat(status.site.length)}  ${out.paint(says, STYLES[level] ?? 'dim')}`,
      ...(remedy === null ? [] : fold(remedy, room).map((line) => `    ${line}`)),
    ]),
    // Of one that is silent only what is known is worth a line.
    ...facts
      .filter(([, value]) => status.heard || value !== 'unknown')
      .map(([name, value]) => `  ${out.paint(pad(name, 12), 'dim')}${value}`),
  ]
}

/** Of one that was never heard nobody knows what it has. */
function ledgerOf({ version: theirs, complete }: TwinStatus): string {
  if (theirs === null) return 'unknown'
  return complete ? 'it has all of ours' : 'it lacks some of ours'
}
