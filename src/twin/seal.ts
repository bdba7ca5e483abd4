// What exactly is signed of a ledger entry, and the chain that entries of one origin make.
//
// Signed are these bytes, in this order; integers are big-endian:
//
//   text  "vigie entry 1"
//   text  origin
//   u64   seq
//   i64   hlc.at           milliseconds since 1970
//   u32   hlc.count
//   u32   number of pairs in `seen`, then of each, ordered by the name's UTF-8 bytes: text name, u64 seq
//   text  type
//   text  prev             hex, empty for the first entry
//   bytes payload          as it is: nothing is parsed or written anew
//
// `text` and `bytes` are a u32 with the length in bytes, then the bytes (text in UTF-8). Every field says its own
// length, so no two entries make the same bytes, and nobody has to agree on a canonical JSON.
//
// The hash of an entry is SHA-256 over those bytes followed by the 64 bytes of the signature, in hex.
import { createHash, verify as verifySignature } from 'node:crypto'
import { type Entry, isWithheld, type Sealer, type Unsealed } from '../core/ledger/entry.ts'
import { parsePublicKey, type SiteKey } from './key.ts'

const CONTEXT = 'vigie entry 1'

/** Signs. Throws a RangeError for fields that no entry can have (a fraction as seq, text that is not Unicode). */
export function seal(fields: Unsealed, key: SiteKey): Entry {
  return { ...fields, signature: key.sign(signedBytes(fields)) }
}

/** A site's voice for its store. */
export function sealer(key: SiteKey): Sealer {
  return { seal: (fields) => seal(fields, key), isOwn: (entry) => verify(entry, key.publicKey), hashOf }
}

/** True when the holder of `publicKey` (`ed25519:BASE64`) signed exactly this. Never throws, whatever it is given. */
export function verify(entry: Entry, publicKey: string): boolean {
  const key = parsePublicKey(publicKey)
  if (key === undefined || entry.signature.length !== 64) return false
  try {
    return verifySignature(null, signedBytes(entry), key, entry.signature)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** SHA-256 in hex over what was signed and the signature; of one that is withheld, what it says. Throws like `seal`. */
export function hashOf(entry: Entry): string {
  if (isWithheld(entry)) return Buffer.from(entry.signature).toString('hex')
  return createHash('sha256').update(signedBytes(entry)).update(entry.signature).digest('hex')
}

function signedBytes(fields: Unsealed): Buffer {
  const pairs = Object.entries(fields.seen)
    .map(([name, seq]) => ({ name: utf8(name), seq }))
    .sort((a, b) => Buffer.compare(a.name, b.name))
  return Buffer.concat([
    sized(utf8(CONTEXT)),
    sized(utf8(fields.origin)),
    u64(fields.seq),
    i64(fields.hlc.at),
    u32(fields.hlc.count),
    u32(pairs.length),
    ...pairs.flatMap(({ name, seq }) => [sized(name), u64(seq)]),
    sized(utf8(fields.type)),
    sized(utf8(fields.prev)),
    sized(fields.payload),
  ])
}

function utf8(text: string): Buffer {
  if (/\p{Cs}/u.test(text)) throw new RangeError('text that is not Unicode')
  return Buffer.from(text, 'utf8')
}

function sized(bytes: Uint8Array): Buffer {
  return Buffer.concat([u32(bytes.length), bytes])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(whole(value))
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(whole(value)))
  return bytes
}

function i64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(whole(value)))
  return bytes
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number`)
  return value
}
