// Passwords: scrypt (RFC 7914), 32 MiB and a quarter of a second each, so that a stolen ledger is worth little. At most
// two at once: a Pi has other things to do.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import type { PasswordHash } from '../core/said/account.ts'

const COST = { n: 2 ** 15, r: 8, p: 3 } as const
const LENGTH = 32
const MOST_AT_ONCE = 2
/** Further ones are turned away: whoever asks so much guesses. */
const MOST_WAITING = 32

/** Shorter ones are guessed. */
export const SHORTEST_PASSWORD = 12
/** Longer ones are refused when chosen, and cut before they are compared: hostile ones cost no more. */
export const LONGEST_PASSWORD = 256

export interface Passwords {
  /** With a fresh salt. Waits its turn, ahead of those that guess, and may reject with `Busy`, too. */
  hash(password: string): Promise<PasswordHash>
  /**
   * Takes as long whether there is something to compare with or not. `patience`: those with the least go first when
   * many wait. Rejects with `Busy` when too many do.
   */
  matches(password: string, wanted: PasswordHash | null, patience?: number): Promise<boolean>
}

/** Too many passwords wait to be compared. */
export class Busy extends Error {}

/** One for a process: its two at once and its 32 that wait are its own. */
export function createPasswords(): Passwords {
  let running = 0
  const waiting: { readonly patience: number; run(): void }[] = []
  const nobody: PasswordHash = { salt: random(16), hash: random(LENGTH), ...COST }
  return {
    hash: async (password) => {
      const salt = random(16)
      return { salt, hash: await derive(password, { salt, ...COST }, 0), ...COST }
    },
    matches: async (password, wanted, patience = 0) => {
      const { hash, ...made } = wanted ?? nobody
      const found = Buffer.from(await derive(password, made, patience))
      const right = Buffer.from(hash)
      return found.length === right.length && timingSafeEqual(found, right) && wanted !== null
    },
  }

  async function derive(password: string, { salt, n, r, p }: Omit<PasswordHash, 'hash'>, patience: number) {
    await turn(patience)
    try {
      return await work(password, salt, { N: n, r, p, maxmem: 256 * n * r })
    } finally {
      running--
      waiting.shift()?.run()
    }
  }

  function turn(patience: number): Promise<void> | void {
    if (running < MOST_AT_ONCE) {
      running++
      return
    }
    if (waiting.length >= MOST_WAITING) throw new Busy('too many passwords wait to be compared')
    return new Promise((resolve) => {
      const run = () => {
        running++
        resolve()
      }
      const behind = waiting.findIndex((other) => other.patience > patience)
      waiting.splice(behind === -1 ? waiting.length : behind, 0, { patience, run })
    })
  }
}

function work(password: string, salt: string, options: ScryptOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    // The same letters typed on another keyboard may be other code points (NIST SP 800-63B, 3.1.1.2).
    scrypt(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), LENGTH, options, (error, key) =>
      error === null ? resolve(key.toString('base64url')) : reject(error),
    )
  })
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
