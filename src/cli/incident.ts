// `vigie incident …`: what the admin pages do, from a shell.
import { say, type Text } from '../core/text.ts'
import type { Call, Command, Host } from './command.ts'
import { minuteOf, type Readers, readersOf } from './folder/readers.ts'
import { createSpeaker, fieldsFrom, speak, textFrom } from './folder/speaking.ts'
import { type Row, table } from './terminal/table.ts'

interface Shown {
  readonly id: string
  readonly title: Text
  readonly status: string
  readonly impact: string
  readonly services: readonly string[]
  readonly started: string
  readonly updates: readonly { readonly id: string }[]
  readonly retracted: boolean
}

const { post, postOn } = createSpeaker('incident', (incident: Shown, { timezone, language }) => {
  const { id, status, impact, title, started, retracted } = incident
  const state = retracted ? 'taken back' : `${status}, impact ${impact}`
  return `${id}  ${state}, since ${minuteOf(started, timezone)} ${timezone}\n${say(title, language)}`
})

const EXIT =
  'It goes to the vigie that runs, or into its ledger when none does. Exit code 0 when it is on the disk, 1 when it was refused, 2 for wrong use.'
const TEXTS = ['text', 'text-fr', 'text-en'] as const
const TITLES = ['title', 'title-fr', 'title-en'] as const

export const open: Command = {
  words: '',
  about: [
    'Opens an incident: it is on the page, in the feeds and the API within a second. Without a status it is `investigating`, without an impact `minor`, and it began now unless you say when.',
    EXIT,
  ],
  options: [...TITLES, ...TEXTS, 'services', 'status', 'impact', 'started', 'raises', 'template', 'draft', 'json'],
  examples: [
    {
      line: 'vigie incident open --title "Courriel en panne" --text "Nous regardons." --services mail',
      does: 'in the first language of the page',
    },
    {
      line: 'vigie incident open --title-fr … --title-en … --text-fr … --text-en …',
      does: 'in both',
    },
  ],
  run: (call, host) => {
    const body = {
      title: textFrom(call, host, 'title'),
      text: textFrom(call, host, 'text'),
      ...fieldsFrom(call, 'services', 'status', 'impact', 'started', 'raises', 'template', 'draft'),
    }
    return post(call, host, 'incident open', { operation: 'openIncident', body })
  },
}

export const update: Command = {
  words: 'ID [TEXT]',
  about: ['Adds an update. With another status, it has that from now on; `resolved` ends it.', EXIT],
  options: [...TEXTS, 'status', 'json'],
  examples: [
    {
      line: 'vigie incident update k3v… "Un disque est mort, nous le changeons." --status identified',
      does: 'and says how far you are',
    },
  ],
  run: (call, host) => posted(call, host, 'incident update', {}),
}

export const resolve: Command = {
  words: 'ID [TEXT]',
  about: ['Ends an incident. Without a text, the page says in both languages that it is over.', EXIT],
  options: [...TEXTS, 'json'],
  examples: [{ line: 'vigie incident resolve k3v…', does: 'with ready words' }],
  run: (call, host) => posted(call, host, 'incident resolve', { status: 'resolved' }),
}

export const reopen: Command = {
  words: 'ID [TEXT]',
  about: ['Opens an incident again that was called resolved too soon.', EXIT],
  options: [...TEXTS, 'status', 'json'],
  examples: [{ line: 'vigie incident reopen k3v… "Cela recommence."', does: 'as `investigating`' }],
  run: (call, host) => posted(call, host, 'incident reopen', { status: 'investigating' }),
}

export const correct: Command = {
  words: 'ID',
  about: [
    'Corrects title, services, impact, beginning or what it raises the status to; with --update, the text of that update.',
    EXIT,
  ],
  options: [...TITLES, ...TEXTS, 'services', 'impact', 'started', 'raises', 'update', 'json'],
  examples: [{ line: 'vigie incident correct k3v… --impact major --services mail,webmail', does: 'what was wrong' }],
  run: (call, host) =>
    postOn(call, host, 'incident correct', (id) => {
      const changed = call.options.given.get('update')
      if (changed !== undefined)
        return {
          operation: 'rewordUpdate',
          params: { id, update: changed },
          body: { text: textFrom(call, host, 'text') },
        }
      const fields = fieldsFrom(call, 'services', 'impact', 'started', 'raises')
      return { operation: 'correctIncident', params: { id }, body: { title: textFrom(call, host, 'title'), ...fields } }
    }),
}

export const retract: Command = {
  words: 'ID',
  about: ['Takes an incident back as if it had never been said, or one update of it.', EXIT],
  options: ['update', 'json'],
  examples: [{ line: 'vigie incident retract k3v…', does: 'all of it' }],
  run: (call, host) =>
    postOn(call, host, 'incident retract', (id) => {
      const one = call.options.given.get('update')
      if (one === undefined) return { operation: 'retractIncident', params: { id } }
      return { operation: 'retractUpdate', params: { id, update: one } }
    }),
}

export const postmortem: Command = {
  words: 'ID [TEXT]',
  about: [
    'Writes what there is to say afterwards, in place of what was said before. Without a text that is taken back.',
    EXIT,
  ],
  options: [...TEXTS, 'json'],
  examples: [{ line: 'vigie incident postmortem k3v… "$(cat postmortem.md)"', does: 'from a file' }],
  run: (call, host) =>
    postOn(call, host, 'incident postmortem', (id, words) => {
      return { operation: 'writePostmortem', params: { id }, body: { text: textFrom(call, host, 'text', words) } }
    }),
}

export const list: Command = {
  words: '',
  about: ['Lists incidents, the one that began last first.', 'Exit code 0, or 1 when nobody could be asked.'],
  options: ['open', 'json'],
  examples: [{ line: 'vigie incident list --open', does: 'those that are not resolved; times in UTC with --json' }],
  run: async (call, host) => {
    const query = { limit: '500', ...(call.options.given.has('open') ? { open: 'true' } : {}) }
    const spoken = await speak(call, host, 'incident list', { operation: 'listIncidents', query })
    if ('code' in spoken) return spoken.code
    const { incidents } = spoken.done as unknown as { incidents: readonly Shown[] }
    if (call.options.json) host.out.write(`${JSON.stringify(incidents, null, 2)}\n`)
    else if (incidents.length === 0) host.out.write('No incident.\n')
    else for (const line of tableOf(incidents, readersOf(call, host), host)) host.out.write(`${line}\n`)
    return 0
  },
}

function tableOf(incidents: readonly Shown[], { timezone, language }: Readers, { out }: Host): readonly string[] {
  const columns = [
    { title: 'ID' },
    { title: 'STATUS' },
    { title: 'IMPACT' },
    { title: `BEGAN (${timezone})` },
    { title: 'SERVICES', least: 10 },
    { title: 'TITLE', least: 16 },
  ]
  const rows = incidents.map(({ id, status, impact, started, services, title }): Row => {
    const state = { text: status, style: status === 'resolved' ? 'green' : 'red' } as const
    return {
      cells: [id, state, impact, minuteOf(started, timezone), services.join(', '), say(title, language)],
      whole: true,
    }
  })
  return table(columns, [{ title: null, rows }], out)
}

function posted(call: Call, host: Host, name: string, fixed: Readonly<Record<string, string>>): Promise<number> {
  return postOn(call, host, name, (id, words) => {
    const body = { ...fixed, ...fieldsFrom(call, 'status'), text: textFrom(call, host, 'text', words) }
    return { operation: 'updateIncident', params: { id }, body }
  })
}
