// /etc/hosts, which c-ares' `resolve` doesn't read.
import { readFileSync, statSync } from 'node:fs'
import { familyOf } from './address.ts'

/** Addresses that the machine itself knows for a name; undefined: it doesn't know that name. */
export type Hosts = (name: string, family: 4 | 6) => readonly string[] | undefined

/** No hosts file is that long; a longer one is read as far as this. */
const LONGEST = 1 << 20

/** Reads a hosts file, and reads it anew when its time or size changed (looked at once a second at most). */
export function createHosts(path: string, elapsed: () => number = () => performance.now()): Hosts {
  let entries: ReadonlyMap<string, readonly string[]> = new Map()
  let version = ''
  let lookedAt = Number.NEGATIVE_INFINITY

  return (name, family) => {
    refresh()
    return entries.get(name)?.filter((address) => familyOf(address) === family)
  }

  function refresh() {
    if (elapsed() - lookedAt < 1_000) return
    lookedAt = elapsed()
    const stat = statSync(path, { throwIfNoEntry: false })
    const current = stat ? `${stat.mtimeMs} ${stat.size}` : ''
    if (current === version) return
    entries = stat ? parseHosts(readFileSync(path, 'utf8').slice(0, LONGEST)) : new Map()
    version = current
  }
}

/** Names in lower case to their addresses, in order (hosts(5)). Lines that are none are passed over. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const entries = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (address === undefined || familyOf(address) === null) continue
    for (const name of names) {
      const known = entries.get(name.toLowerCase()) ?? []
      entries.set(name.toLowerCase(), [...known, address])
    }
  }
  return entries
}
