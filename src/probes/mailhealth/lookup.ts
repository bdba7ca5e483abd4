// Questions to DNS while a domain's mail is examined: each is asked once, and none holds up the rest.
import { familyOf } from '../../net/address.ts'
import { isAbort, outcomeOf } from '../../net/failure.ts'
import type { Look } from '../../net/look.ts'
import { reverseName } from '../../net/reverse.ts'
import { formatRecord } from '../record.ts'
import { askResolver } from '../resolver.ts'

/**
 * The records of a name, as `formatRecord` writes them; empty: there are none. Null: its name servers don't say. Throws
 * only where our own resolver is at fault.
 */
export type LookUp = (name: string, type: string) => Promise<readonly string[] | null>

/** Who doesn't answer by then has nothing to say. */
const PATIENCE = 4_000
/** Answers beyond are left out: nobody has so many of what is asked for here. */
const MOST_RECORDS = 50

/**
 * For one look. A question is asked once, whatever its case; who asks it again shares the answer, or what it threw.
 * Four seconds each.
 */
export function createLookUp(look: Look): LookUp {
  const asked = new Map<string, Promise<readonly string[] | null>>()
  return (name, type) => {
    const key = `${type} ${name.toLowerCase().replace(/\.$/, '')}`
    const known = asked.get(key) ?? ask(look, name, type)
    asked.set(key, known)
    return known
  }
}

async function ask(look: Look, name: string, type: string): Promise<readonly string[] | null> {
  if (!fits(name)) return []
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE)
  try {
    const signal = AbortSignal.any([look.signal(), patience.signal])
    const { rcode, answers } = await askResolver({ ...look, signal: () => signal }, { name, type, recursive: true })
    if (rcode === 'NXDOMAIN') return []
    if (rcode !== 'NOERROR') return null
    return answers
      .filter((answer) => answer.type === type)
      .slice(0, MOST_RECORDS)
      .map(formatRecord)
  } catch (error) {
    if (look.ending.aborted) throw error
    if (isAbort(error) || outcomeOf(error).ok === false) return null
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** What can be asked for at all (RFC 1035, 2.3.4). */
function fits(name: string): boolean {
  const bare = name.replace(/\.$/, '')
  return bare.length <= 253 && bare.split('.').every((label) => /^[\x21-\x7e]{1,63}$/.test(label))
}

/** Both families of a name; null when neither can be found out. */
export async function addressesOf(lookUp: LookUp, host: string): Promise<readonly string[] | null> {
  const [four, six] = await Promise.all([lookUp(host, 'A'), lookUp(host, 'AAAA')])
  return four === null && six === null ? null : [...(four ?? []), ...(six ?? [])]
}

/** The names that an address goes back to. */
export async function namesOf(lookUp: LookUp, address: string): Promise<readonly string[] | null> {
  if (familyOf(address) === null) return []
  const names = await lookUp(reverseName(address), 'PTR')
  return names?.map((name) => name.replace(/\.$/, '').toLowerCase()) ?? null
}
