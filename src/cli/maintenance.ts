// `vigie maintenance …`: planned work, from a shell.
import { say, type Text } from '../core/text.ts'
import type { Call, Command, Host } from './command.ts'
import { minuteOf, type Readers, readersOf } from './folder/readers.ts'
import { createSpeaker, fieldsFrom, speak, textFrom } from './folder/speaking.ts'
import { type Row, table } from './terminal/table.ts'

interface Shown {
  readonly id: string
  readonly title: Text
  readonly services: readonly string[]
  readonly repeats: string | null
  readonly cancelled: string | null
  readonly times: readonly {
    readonly status: string
    readonly begins: string
    readonly ends: string
    readonly cancelled: string | null
  }[]
}

const { post, postOn } = createSpeaker('maintenance', (maintenance: Shown, { timezone, language }) => {
  return `${maintenance.id}  ${nextOf(maintenance, timezone, timezone)}\n${say(maintenance.title, language)}`
})

const EXIT =
  'It goes to the vigie that runs, or into its ledger when none does. Exit code 0 when it is on the disk, 1 when it was refused, 2 for wrong use.'
const WORDS = ['title', 'title-fr', 'title-en', 'text', 'text-fr', 'text-en', 'services'] as const
const TIMES = ['begins', 'ends', 'for', 'repeats'] as const

export const plan: Command = {
  words: '',
  about: [
    'Plans work. The page announces it; it begins and ends by itself, shows its services in blue and mutes their mails meanwhile, and is counted apart in uptime. Times are those of the clocks of the site’s timezone, over clock changes too.',
    EXIT,
  ],
  options: [...WORDS, ...TIMES, 'template', 'json'],
  examples: [
    {
      line: 'vigie maintenance plan --title "Mise à jour" --text "Coupure courte." --services files --begins 22:00 --for 2h',
      does: 'the next time clocks show 22:00',
    },
    {
      line: 'vigie maintenance plan … --begins "2026-12-07 22:00" --for 1h --repeats "FREQ=MONTHLY;BYDAY=1MO"',
      does: 'every first Monday',
    },
  ],
  run: (call, host) => post(call, host, 'maintenance plan', { operation: 'planMaintenance', body: bodyOf(call, host) }),
}

export const change: Command = {
  words: 'ID',
  about: ['Changes its words, services or times.', EXIT],
  options: [...WORDS, ...TIMES, 'json'],
  examples: [{ line: 'vigie maintenance change k3v… --begins 23:00', does: 'it takes as long as before' }],
  run: (call, host) =>
    postOn(call, host, 'maintenance change', (id) => ({
      operation: 'changeMaintenance',
      params: { id },
      body: bodyOf(call, host),
    })),
}

export const prolong: Command = {
  words: 'ID',
  about: ['Gives the time that is under way, or the next, or the one of --time, another end.', EXIT],
  options: ['for', 'ends', 'time', 'json'],
  examples: [
    { line: 'vigie maintenance prolong k3v… --for 30m', does: 'half an hour more' },
    { line: 'vigie maintenance prolong k3v… --ends now', does: 'it is done' },
  ],
  run: (call, host) =>
    postOn(call, host, 'maintenance prolong', (id) => {
      return { operation: 'prolongMaintenance', params: { id }, body: fieldsFrom(call, 'for', 'ends', 'time') }
    }),
}

export const cancel: Command = {
  words: 'ID',
  about: ['Calls off all of it that is to come, or the one of --time.', EXIT],
  options: ['time', 'json'],
  examples: [{ line: 'vigie maintenance cancel k3v… --time "2026-12-07 22:00"', does: 'that one only' }],
  run: (call, host) =>
    postOn(call, host, 'maintenance cancel', (id) => {
      return { operation: 'cancelMaintenance', params: { id }, body: fieldsFrom(call, 'time') }
    }),
}

export const update: Command = {
  words: 'ID [TEXT]',
  about: ['Adds news of the work.', EXIT],
  options: ['text', 'text-fr', 'text-en', 'json'],
  examples: [
    { line: 'vigie maintenance update k3v… "La copie prend plus de temps que prévu."', does: 'for those who wait' },
  ],
  run: (call, host) =>
    postOn(call, host, 'maintenance update', (id, words) => {
      return { operation: 'updateMaintenance', params: { id }, body: { text: textFrom(call, host, 'text', words) } }
    }),
}

export const list: Command = {
  words: '',
  about: ['Lists planned work and when it takes place next.', 'Exit code 0, or 1 when nobody could be asked.'],
  options: ['json'],
  examples: [{ line: 'vigie maintenance list', does: 'by the clocks of the site’s timezone; in UTC with --json' }],
  run: async (call, host) => {
    const spoken = await speak(call, host, 'maintenance list', {
      operation: 'listMaintenances',
      query: { limit: '500' },
    })
    if ('code' in spoken) return spoken.code
    const { maintenances } = spoken.done as unknown as { maintenances: readonly Shown[] }
    if (call.options.json) host.out.write(`${JSON.stringify(maintenances, null, 2)}\n`)
    else if (maintenances.length === 0) host.out.write('No maintenance.\n')
    else for (const line of tableOf(maintenances, readersOf(call, host), host)) host.out.write(`${line}\n`)
    return 0
  },
}

function bodyOf(call: Call, host: Host): Record<string, unknown> {
  const texts = { title: textFrom(call, host, 'title'), text: textFrom(call, host, 'text') }
  return { ...texts, ...fieldsFrom(call, 'services', 'template', ...TIMES) }
}

function tableOf(maintenances: readonly Shown[], { timezone, language }: Readers, { out }: Host): readonly string[] {
  const columns = [
    { title: 'ID' },
    { title: `NEXT (${timezone})` },
    { title: 'REPEATS', least: 8 },
    { title: 'SERVICES', least: 10 },
    { title: 'TITLE', least: 16 },
  ]
  const rows = maintenances.map((one): Row => {
    return {
      cells: [one.id, nextOf(one, timezone), one.repeats ?? '', one.services.join(', '), say(one.title, language)],
      whole: true,
    }
  })
  return table(columns, [{ title: null, rows }], out)
}

/** `zone`: said after the time, where nothing else says it. */
function nextOf({ cancelled, times }: Shown, timezone: string, zone = ''): string {
  if (cancelled !== null) return 'called off'
  const next = times.find((time) => time.cancelled === null)
  if (next === undefined) return 'over'
  const minute = (at: string) => `${minuteOf(at, timezone)} ${zone}`.trimEnd()
  return next.status === 'in_progress' ? `until ${minute(next.ends)}` : minute(next.begins)
}
