// One map of YAML. Reading a key marks it as known; `close` reports what nobody read.
import { isMap, isScalar, isSeq, type ParsedNode } from 'yaml'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { Convert, Entry, Reader } from './reader.ts'

export interface Fields {
  readonly reader: Reader
  /** Where the map begins. */
  readonly at: number
  /** As written, in order, each once. */
  readonly keys: readonly string[]
  /** The entry of a key, which is known from now on; undefined when it isn't there. */
  entry(key: string): Entry | undefined
  /** Reads a key; undefined when it isn't there or after a complaint. */
  read<T>(key: string, convert: Convert<T>): T | undefined
  /** As `read`, and a key that isn't there is a mistake; one that is misspelt is read as what was meant. */
  need<T>(key: string, convert: Convert<T>): T | undefined
  /** The keys that were asked for, whether they are there or not. */
  readonly known: ReadonlySet<string>
  /** Where a key itself stands; where the map begins when it isn't there. */
  placeOf(key: string): number
  /** Complains of every key that nobody read. `other`: says something better of one, or nothing (null). */
  close(other?: (key: string) => { message: string; hint?: string } | null | undefined): void
}

/** Opens a map; undefined after a complaint that it is none. */
export const asFields: Convert<Fields> = (reader, entry) => open(reader, entry, 'key')

/** The same where what stands left of the colons are names. */
export const asNames: Convert<Fields> = (reader, entry) => open(reader, entry, 'name')

function open(reader: Reader, entry: Entry, what: 'key' | 'name'): Fields | undefined {
  const { source } = reader
  if (!isMap(entry.node)) {
    source.complain(entry.at, `${entry.name} must be a map (key: value), not ${whatIs(entry.node)}`)
    return undefined
  }
  const entries = new Map<string, { at: number; entry: Entry }>()
  const known = new Set<string>()
  for (const pair of entry.node.items) {
    const keyNode = source.resolve(pair.key)
    const keyAt = placeOf(pair.key, entry.at)
    const key = isScalar(keyNode) ? String(keyNode.source ?? keyNode.value ?? '') : undefined
    if (key === undefined) source.complain(keyAt, `a ${what} must be a word`)
    else if (entries.has(key)) source.complain(keyAt, `the ${what} ${quote(key)} is here twice`)
    else entries.set(key, { at: keyAt, entry: entryFor(reader, key, pair.value, keyAt) })
  }
  const fields: Fields = {
    reader,
    at: entry.at,
    keys: [...entries.keys()],
    entry(key) {
      known.add(key)
      return entries.get(key)?.entry
    },
    read(key, convert) {
      const found = fields.entry(key)
      return found && convert(reader, found)
    },
    need(key, convert) {
      if (entries.has(key)) return fields.read(key, convert)
      known.add(key)
      const slip = fields.keys.find((other) => !known.has(other) && nearest(other, [key]) !== null)
      if (slip === undefined) source.complain(entry.at, `${entry.name} needs \`${key}\``)
      else source.complain(fields.placeOf(slip), `unknown key ${quote(slip)}`, `did you mean ${quote(key)}?`)
      return slip === undefined ? undefined : fields.read(slip, convert)
    },
    known,
    placeOf: (key) => entries.get(key)?.at ?? entry.at,
    close(other) {
      for (const [key, { at }] of entries) {
        if (known.has(key)) continue
        const better = other?.(key)
        if (better === null) continue
        const meant = nearest(key, known)
        const hint = meant === null ? null : `did you mean ${quote(meant)}?`
        source.complain(at, better?.message ?? `unknown key ${quote(key)}`, better ? (better.hint ?? null) : hint)
      }
    },
  }
  return fields
}

/** The entries of a list; a single value counts as a list of one when `lone`. Undefined after a complaint. */
export function entriesOf(reader: Reader, entry: Entry, lone = false): Entry[] | undefined {
  const { node } = entry
  if (isSeq(node)) {
    return node.items.map((item, i) => ({
      name: `${entry.name}, entry ${i + 1},`,
      node: reader.source.resolve(item),
      at: placeOf(item, entry.at),
    }))
  }
  if (lone && isScalar(node) && node.value !== null) return [entry]
  reader.source.complain(entry.at, `${entry.name} must be a list, not ${whatIs(node)}`)
  return undefined
}

/** The whole of a file as an entry. */
export function wholeOf(reader: Reader, name: string, root: ParsedNode | null): Entry {
  return { name, at: 0, node: reader.source.resolve(root) }
}

/** True for `[]` and `{}`. */
export function isEmptyList({ node }: Entry): boolean {
  return (isSeq(node) || isMap(node)) && node.items.length === 0
}

/** What a node is, in words. */
export function whatIs(node: ParsedNode | null): string {
  if (isMap(node)) return 'a map'
  if (isSeq(node)) return 'a list'
  if (!isScalar(node) || node.value === null) return 'nothing'
  return typeof node.value === 'boolean' ? 'true or false' : typeof node.value === 'string' ? 'text' : 'a number'
}

function entryFor(reader: Reader, name: string, value: unknown, keyAt: number): Entry {
  const node = reader.source.resolve(value)
  const nothing = node === null || (isScalar(node) && node.value === null && !node.source)
  return { name, node, at: nothing ? keyAt : placeOf(value, keyAt) }
}

function placeOf(node: unknown, otherwise: number): number {
  return (node as ParsedNode | null)?.range?.[0] ?? otherwise
}
