// Keys of site.yaml that belong to things this version doesn't do: checked as they will be read, and said to be idle.
import { SECOND } from '../core/time.ts'
import { asFields, type Fields, isEmptyList } from './fields.ts'
import type { Convert } from './reader.ts'
import { asDuration, asText } from './scalars.ts'
import { asList } from './texts.ts'

const IDLE: Readonly<Record<string, Convert<unknown>>> = {
  publish: asList(asMapOf({ to: asDestination, every: asDuration(SECOND) }, ['to'])),
}

/** Reads them, complains of mistakes in them, and warns where one asks for something. */
export function readIdle(fields: Fields): void {
  for (const [key, convert] of Object.entries(IDLE)) {
    const entry = fields.entry(key)
    if (!entry) continue
    fields.read(key, convert)
    if (!isEmptyList(entry)) fields.reader.source.warn(fields.placeOf(key), `this version does nothing with ${key}`)
  }
}

function asMapOf(keys: Readonly<Record<string, Convert<unknown>>>, needed: readonly string[] = []): Convert<true> {
  return (reader, entry) => {
    const fields = asFields(reader, entry)
    for (const [key, convert] of Object.entries(keys)) {
      if (needed.includes(key)) fields?.need(key, convert)
      else fields?.read(key, convert)
    }
    fields?.close()
    return true
  }
}

function asDestination(...[reader, entry]: Parameters<Convert<string>>): string | undefined {
  const text = asText(reader, entry)
  if (text === undefined || /^(?:rsync|git\+ssh):\/\/[^/\s]+|^\//.test(text)) return text
  reader.source.complain(entry.at, `${entry.name} must be rsync://…, git+ssh://… or a folder from /`)
  return undefined
}
