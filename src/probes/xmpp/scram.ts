// SCRAM (RFC 5802, RFC 7677), without channel binding: we prove that we know the password, and so must the server.
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Login } from '../../core/settings.ts'

export interface Scram {
  readonly first: string
  /** Our proof, in answer to the server's challenge; undefined: the challenge is none. */
  prove(challenge: string): Promise<string | undefined>
  /** True when the server's last word proves that it knows the password too; only after `prove`. */
  trusts(final: string): boolean
}

/** Salted passwords by hash, salt and count, so that a look each minute does not work them out each minute. */
export type Salted = Map<string, Buffer>

/** More would keep a Raspberry Pi busy for seconds; servers use 4,096 to some 100,000. */
const MOST_ITERATIONS = 1_000_000
const MOST_SALTED = 8

const salt = promisify(pbkdf2)

/** `nonce`: random, in printable ASCII without commas. */
export function createScram(hash: 'sha1' | 'sha256', { user, password }: Login, nonce: string, salted: Salted): Scram {
  const bare = `n=${user.normalize('NFKC').replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  let expected: Buffer | null = null
  return { first: `n,,${bare}`, prove, trusts }

  async function prove(challenge: string): Promise<string | undefined> {
    const [, theirs, salt64, count] =
      /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/=]+),i=(\d{1,7})(?:,|$)/.exec(challenge) ?? []
    const iterations = Number(count)
    if (theirs === undefined || salt64 === undefined || !theirs.startsWith(nonce) || theirs === nonce) return undefined
    if (iterations < 1 || iterations > MOST_ITERATIONS) return undefined
    const key = await saltedPassword(salt64, iterations)
    const withoutProof = `c=${Buffer.from('n,,').toString('base64')},r=${theirs}`
    const signed = `${bare},${challenge},${withoutProof}`
    const clientKey = hmac(key, 'Client Key')
    const signature = hmac(createHash(hash).update(clientKey).digest(), signed)
    expected = hmac(hmac(key, 'Server Key'), signed)
    const proof = Buffer.from(clientKey.map((byte, at) => byte ^ signature[at]!))
    return `${withoutProof},p=${proof.toString('base64')}`
  }

  function trusts(final: string): boolean {
    const proof = Buffer.from(/^v=([A-Za-z0-9+/=]+)(?:,|$)/.exec(final)?.[1] ?? '', 'base64')
    return expected !== null && proof.length === expected.length && timingSafeEqual(proof, expected)
  }

  async function saltedPassword(salt64: string, iterations: number): Promise<Buffer> {
    const key = `${hash} ${salt64} ${iterations}`
    const known = salted.get(key)
    if (known !== undefined) return known
    const length = hash === 'sha1' ? 20 : 32
    // SASLprep (RFC 4013) in the main: what looks the same is the same.
    const made = await salt(password.normalize('NFKC'), Buffer.from(salt64, 'base64'), iterations, length, hash)
    if (salted.size >= MOST_SALTED) salted.clear()
    salted.set(key, made)
    return made
  }

  function hmac(key: Buffer, text: string): Buffer {
    return createHmac(hash, key).update(text).digest()
  }
}
