// Guessing gets slower and slower, for an address as for a name, and nobody is ever locked out: at 3 am somebody who
// mistypes waits seconds, not hours.
import { MINUTE, type Millis, SECOND } from '../core/time/time.ts'

export interface Attempts {
  /**
   * How long an attempt from here must wait before it is looked at. Null: another one from this address is still
   * waiting; one at a time.
   */
  begin(address: string, account: string): Millis | null
  /** It was looked at. */
  end(address: string, account: string, success: boolean): void
}

/** Mistyping this often costs nothing. */
const FREE = 3
const LONGEST: Readonly<Record<'address' | 'account', Millis>> = { address: 8 * SECOND, account: 4 * SECOND }
/** Without a fail for so long it is forgotten. */
const MEMORY: Millis = 30 * MINUTE
/** Of more than this the oldest are forgotten. */
const MOST = 5_000

interface Tried {
  fails: number
  at: Millis
  waiting: boolean
}

/** `ticks`: monotonic milliseconds. */
export function createAttempts(ticks: () => Millis): Attempts {
  const addresses = new Map<string, Tried>()
  const accounts = new Map<string, Tried>()
  return {
    begin: (address, account) => {
      const here = recall(addresses, networkOf(address))
      if (here.waiting) return null
      here.waiting = true
      return Math.max(delay(here.fails, LONGEST.address), delay(recall(accounts, account).fails, LONGEST.account))
    },
    end: (address, account, success) => {
      const here = recall(addresses, networkOf(address))
      const there = recall(accounts, account)
      here.waiting = false
      for (const one of [here, there]) {
        one.fails = success ? 0 : one.fails + 1
        one.at = ticks()
      }
    },
  }

  function recall(map: Map<string, Tried>, key: string): Tried {
    const known = map.get(key)
    const tried = known !== undefined && (known.waiting || ticks() - known.at < MEMORY) ? known : fresh()
    map.delete(key)
    map.set(key, tried)
    if (map.size > MOST) map.delete(map.keys().next().value!)
    return tried
  }

  function fresh(): Tried {
    return { fails: 0, at: ticks(), waiting: false }
  }
}

function delay(fails: number, longest: Millis): Millis {
  return fails < FREE ? 0 : Math.min(longest, SECOND * 2 ** (fails - FREE))
}

/** Whoever has one IPv6 address has 2^64 of them: the first four groups count (RFC 6177). */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped) return mapped[1]!
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = head === '' ? [] : head.split(':')
  const rest = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - groups.length - rest.length }, () => '0')
  return [...groups, ...zeros, ...rest]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
