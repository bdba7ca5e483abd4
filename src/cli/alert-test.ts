// `vigie alert test`: does a mail get out?
import type { Attempt } from '../channels/channel.ts'
import { testRelay } from '../deliver.ts'
import { openWorld } from '../world.ts'
import type { Call, Command, Host, SoundReading } from './command.ts'
import { readSound } from './reading.ts'
import { showProgress } from './terminal/progress.ts'
import { type Row, table } from './terminal/table.ts'

export const alertTest: Command = {
  words: '',
  about: [
    'Sends one test mail through each relay of site.yaml, to the first recipient of `alerts`, and prints what each relay said. A relay that took it has only promised: look into the mailbox.',
    'Exit code 0 when every relay took its mail, 1 when one did not, is left out or there is none, 2 for wrong use or a configuration with mistakes.',
  ],
  options: ['json'],
  examples: [{ line: 'vigie alert test', does: 'after every change of `mail` and `alerts`' }],
  run: runTest,
}

interface Tested {
  readonly relay: string
  readonly to: string
  /** Null: it had the whole mail when it fell silent. */
  readonly ok: boolean | null
  readonly note: string
}

async function runTest(call: Call, host: Host): Promise<number> {
  const reading = readSound(call, host)
  if (reading === null) return 2
  const to = reading.configuration.alerts[0]?.email
  const lacking =
    to === undefined
      ? '`alerts` in site.yaml names nobody to write to'
      : reading.configuration.mail === null
        ? NO_RELAY
        : null
  const tested = lacking === null ? await testAll(to!, reading, host) : []
  const leftOut = reading.configuration.mail?.leftOut ?? []
  for (const why of leftOut) host.err.write(`vigie alert test: ${why}\n`)
  if (tested.length === 0) {
    if (leftOut.length === 0) host.err.write(`vigie alert test: ${lacking ?? NO_RELAY}\n`)
    return 1
  }
  if (call.options.json) host.out.write(`${JSON.stringify(tested, null, 2)}\n`)
  else print(tested, reading, host)
  return leftOut.length === 0 && tested.every(({ ok }) => ok === true) ? 0 : 1
}

const NO_RELAY = '`mail` in site.yaml has no relay to send through'

async function testAll(to: string, { configuration }: SoundReading, host: Host): Promise<readonly Tested[]> {
  const world = await openWorld(configuration, host.wall, () => {})
  const progress = showProgress(host.err, world.channels.length, host.monotonic)
  try {
    return await Promise.all(
      world.channels.map(async (channel) => {
        progress.begin(channel.name)
        const attempt = await testRelay(channel, to, configuration, host.wall())
        progress.end(channel.name)
        return { relay: channel.name, to, ...saidBy(attempt) }
      }),
    )
  } finally {
    progress.clear()
    await world.stop()
  }
}

function saidBy(attempt: Attempt): Pick<Tested, 'ok' | 'note'> {
  if (attempt.taken) return { ok: true, note: attempt.response }
  return { ok: attempt.uncertain ? null : false, note: attempt.note }
}

function print(tested: readonly Tested[], { configuration }: SoundReading, { out }: Host): void {
  const columns = [{ title: 'RELAY', least: 16 }, { title: 'RESULT' }, { title: 'ANSWER', least: 16 }]
  const rows = tested.map(({ relay, ok, note }): Row => {
    const result = ok === true ? TAKEN : ok === false ? REFUSED : UNSURE
    return { cells: [relay, result, note], whole: true }
  })
  for (const line of table(columns, [{ title: null, rows }], out)) out.write(`${line}\n`)
  out.write(`\nTo ${tested[0]!.to}, from ${configuration.mail?.from}.\n`)
  if (configuration.replica) out.write('This was the replica’s own relay: it takes everything and sends nothing on.\n')
}

const TAKEN = { text: '✓ taken', style: 'green' } as const
const REFUSED = { text: '✗ not taken', style: 'red' } as const
const UNSURE = { text: '? unsure', style: 'blue' } as const
