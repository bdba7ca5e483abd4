// `Settings` over YAML: what a kind of check reads its keys from (core/settings.ts).
import { isScalar } from 'yaml'
import type { Keys, Settings } from '../core/settings.ts'
import { DAY } from '../core/time/time.ts'
import { asFields, entriesOf, type Fields, whatIs } from './fields.ts'
import { asHost, asHostPort, asLogin, asUrl } from './places.ts'
import type { Convert, Entry, Reader } from './reader.ts'
import { asDuration, asFlag, asInteger, asOneOf, asWritten } from './scalars.ts'
import { asList } from './texts.ts'

type Scalars = readonly (string | number | boolean | null)[]

/** How an observer reads: what asks for a login reads as if none were written, and hears no complaint for that. */
export interface Observer {
  /** A login was there. `within`: in a part of the check, which is nothing without. */
  withheld(within: boolean): void
}

/** Under these keys accounts are written. */
const TOKENS: readonly string[] = ['token']

/** The settings of one check. `target`: the entry of the key that names its kind. */
export function settingsOf(fields: Fields, target: Entry, observer: Observer | null = null): Settings {
  const { reader } = fields
  return {
    ...(observer === null ? keysOf(fields, target) : observing(fields, target, observer, false)),
    target: () => asWritten(reader, target) ?? 'target.invalid',
    targetUrl: () => asUrl()(reader, target) ?? new URL('https://target.invalid/'),
    targetHostPort: () => asHostPort()(reader, target) ?? { host: 'target.invalid', port: 1 },
    targetHost: () => asHost(reader, target) ?? 'target.invalid',
    targetDuration: () => asDuration(1)(reader, target) ?? DAY,
  }
}

/** `whole`: where a mistake of all of them is reported. */
function keysOf(fields: Fields, whole: Entry): Keys {
  const { reader } = fields
  return {
    has: (key) => fields.entry(key) !== undefined,
    text: (key) => fields.read(key, asWritten),
    flag: (key) => fields.read(key, asFlag),
    integer: (key, least, most) => fields.read(key, asInteger(least, most)),
    duration: (key) => fields.read(key, asDuration()),
    oneOf: (key, choices) => fields.read(key, asOneOf(choices)),
    hostPort: (key) => fields.read(key, asHostPort()),
    url: (key, schemes) => fields.read(key, asUrl(schemes)),
    login: (key) => fields.read(key, asLogin),
    texts: (key) => fields.read(key, asList(asScalarText, true)),
    map: (key) => fields.read(key, asMapOf(asScalarText)),
    values: (key) => fields.read(key, asMapOf(asValue)),
    scalars: (key) => fields.read(key, asScalars),
    section: (key, read) => fields.read(key, asSection(read)),
    complain(key, message) {
      const entry = key === null ? whole : fields.entry(key)
      if (entry && standsOnMissing(reader, entry)) return
      reader.source.complain(entry?.at ?? fields.at, redacted(message, reader.secrets))
    },
  }
}

function observing(fields: Fields, whole: Entry, observer: Observer, within: boolean): Keys {
  const keys = keysOf(fields, whole)
  const withhold = (key: string) => {
    if (fields.entry(key) !== undefined) observer.withheld(within)
    return undefined
  }
  return {
    ...keys,
    login: withhold,
    text: (key) => (TOKENS.includes(key) ? withhold(key) : keys.text(key)),
    section: (key, read) =>
      fields.read(
        key,
        asSection(read, (inner, at) => observing(inner, at, observer, true)),
      ),
    complain: () => {},
  }
}

function asSection<T>(read: (keys: Keys) => T, open: typeof keysOf = keysOf): Convert<T> {
  return (reader, entry) => {
    const fields = asFields(reader, entry)
    if (!fields) return undefined
    const found = read(open(fields, entry))
    fields.close()
    return found
  }
}

function asMapOf(convert: Convert<string>): Convert<Readonly<Record<string, string>>> {
  return (reader, entry) => {
    const fields = asFields(reader, entry)
    if (!fields) return undefined
    const pairs = fields.keys.map((key) => [key, fields.read(key, convert)] as const)
    return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined))
  }
}

/** Text; numbers and booleans as they were written. */
const asScalarText: Convert<string> = (reader, entry) => {
  const { node } = entry
  if (isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean'))
    return String(node.source ?? node.value)
  return asWritten(reader, entry)
}

const asValue: Convert<string> = (reader, entry) =>
  isScalar(entry.node) && entry.node.value === null ? 'null' : asScalarText(reader, entry)

const asScalars: Convert<Scalars> = (reader, entry) => {
  const items = isScalar(entry.node) ? [entry] : entriesOf(reader, entry)
  const found: (string | number | boolean | null)[] = []
  for (const item of items ?? []) {
    const value = isScalar(item.node) ? item.node.value : undefined
    if (value === null || typeof value === 'number' || typeof value === 'boolean') found.push(value)
    else if (isScalar(item.node)) {
      const text = asWritten(reader, item)
      if (text !== undefined) found.push(text)
    } else reader.source.complain(item.at, `${item.name} must be a single value, not ${whatIs(item.node)}`)
  }
  return items && found
}

/** True when something in there is a secret that is missing: whatever a kind says of the stand-in is void. */
function standsOnMissing(reader: Reader, { node }: Entry): boolean {
  const names = [...reader.missing]
  if (!isScalar(node)) return names.length > 0
  return names.some((name) => String(node.value).includes(`\${secret:${name}}`))
}

function redacted(message: string, secrets: ReadonlySet<string>): string {
  return [...secrets]
    .flatMap((secret) => formsOf(secret))
    .sort((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '…'), message)
}

/** A secret as it may turn up in words: as it is, and as a URL carries it. */
export function formsOf(secret: string): string[] {
  const encoded = encodeURIComponent(secret.replace(/\p{Cs}/gu, '\uFFFD'))
  return [...new Set([secret, encoded])].filter((form) => form !== '')
}
