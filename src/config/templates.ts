// `templates/` in the folder: words prepared for incidents and planned work, one file each.
import { existsSync } from 'node:fs'
import { isLine, isProse, LONGEST_TITLE } from '../core/ledger/payload.ts'
import { IMPACTS, INCIDENT_STATUSES } from '../core/said/incident.ts'
import { BLANKS, strangeBlanks, type Template } from '../core/said/template.ts'
import type { Text } from '../core/text.ts'
import { asFields, type Fields, wholeOf } from './fields.ts'
import { type Folder, readFolder } from './folder.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { Meanings } from './placeholders.ts'
import { type Convert, createReader } from './reader.ts'
import { asOneOf, asText } from './scalars.ts'
import type { Whole } from './site.ts'
import { asList, asPeople } from './texts.ts'

export interface ReadTemplates extends Folder {
  readonly templates: readonly Template[]
}

/** Reads the folder; one that isn't there holds none. Never throws. `services`: the ids there are. */
export function readTemplates(
  dir: string,
  whole: Whole,
  secret: Meanings['secret'],
  services: readonly string[],
): ReadTemplates {
  const folder = `${dir.replace(/\/+$/, '')}/templates`
  if (!existsSync(folder)) return { sources: new Map(), mistakes: [], templates: [] }
  const { sources, mistakes } = readFolder(folder)
  const templates = [...sources].flatMap(([file, source]) => {
    if (!source.readable) return []
    const reader = createReader(source, { domain: whole.domain, secret })
    const fields = source.root === null ? undefined : asFields(reader, wholeOf(reader, 'a template', source.root))
    if (source.root === null) source.complain(0, 'the file is empty: it needs `title` and `text`')
    return fields === undefined ? [] : (readTemplate(file.slice(0, -'.yaml'.length), fields, whole, services) ?? [])
  })
  return { sources, mistakes, templates }
}

function readTemplate(id: string, fields: Fields, whole: Whole, services: readonly string[]): Template | undefined {
  const people = asPeople(whole.languages)
  const title = fields.need(
    'title',
    worded(people, (text) => isLine(text, LONGEST_TITLE), 'one line of at most 200 characters'),
  )
  const text = fields.need('text', worded(people, isProse, 'at most 20,000 characters'))
  const read = {
    status: fields.read('status', asOneOf(INCIDENT_STATUSES)) ?? null,
    impact: fields.read('impact', asOneOf(IMPACTS)) ?? null,
    services: fields.read('services', asList(asService(services), true)) ?? [],
  }
  fields.close()
  return title === undefined || text === undefined ? undefined : { id, title, text, ...read }
}

/** Texts with blanks that there are, of a kind that an incident can have. */
function worded(people: Convert<Text>, good: (text: string) => boolean, wanted: string): Convert<Text> {
  return (reader, entry) => {
    const read = people(reader, entry)
    if (read === undefined) return undefined
    const texts = Object.entries(read).map(([language, text]) => [language, text.trimEnd()] as const)
    for (const [, text] of texts) {
      if (!good(text)) reader.source.complain(entry.at, `${entry.name} must be ${wanted}`)
      for (const blank of strangeBlanks(text)) {
        const meant = nearest(blank, BLANKS)
        const hint =
          meant === null ? `there are ${BLANKS.map((one) => `{${one}}`).join(', ')}` : `did you mean {${meant}}?`
        reader.source.complain(entry.at, `${entry.name}: unknown blank ${quote(`{${blank}}`)}`, hint)
      }
    }
    return Object.fromEntries(texts)
  }
}

function asService(services: readonly string[]): Convert<string> {
  return (reader, entry) => {
    const id = asText(reader, entry)
    if (id === undefined || services.includes(id)) return id
    const meant = nearest(id, services)
    const message = `there is no service ${quote(id)}`
    // A service file that was deleted, as a newcomer is told to, takes no template with it.
    if (meant === null) reader.source.warn(entry.at, `${message}: the template goes on without it`)
    else reader.source.complain(entry.at, message, `did you mean ${quote(meant)}?`)
    return undefined
  }
}
