// Reads a chain of entries as somebody would who trusts nobody.
import { type Entry, isAfter } from '../../src/core/ledger/entry.ts'
import { hashOf, verify } from '../../src/twin/seal.ts'

/**
 * What is wrong with the entries of one origin, given in order from its first: a gap, a broken link, a bad signature,
 * a clock that runs backwards. Null: nothing.
 */
export function faultInChain(entries: Iterable<Entry>, publicKey: string): string | null {
  let before: Entry | null = null
  for (const entry of entries) {
    const wanted: number = before === null ? 1 : before.seq + 1
    if (entry.seq !== wanted) return `entry ${wanted} is missing, ${entry.seq} is there instead`
    if (entry.prev !== (before === null ? '' : hashOf(before)))
      return `entry ${entry.seq} does not follow the one before`
    if (before !== null && !isAfter(entry.hlc, before.hlc)) return `the clock of entry ${entry.seq} runs backwards`
    if (!verify(entry, publicKey)) return `the signature of entry ${entry.seq} is not good`
    before = entry
  }
  return null
}
