// The keys that a Matrix server signs with, signed by themselves (server-server API, "Publishing Keys").
import { createPublicKey, verify } from 'node:crypto'
import type { Instant } from '../core/time/time.ts'
import { at, isObject, type JsonObject, numberAt, textAt } from './json.ts'

/** A server has one or two. */
const MOST_KEYS = 16
const DEEPEST = 32

/**
 * What is wrong with the answer to `/_matrix/key/v2/server`, null when nothing is. `dated`: only its date is, so a wrong
 * clock of ours could be the cause.
 */
export function keysFault(
  document: JsonObject,
  server: string,
  now: Instant,
): { readonly note: string; readonly dated: boolean } | null {
  const wrong = (note: string) => ({ note, dated: false })
  const owner = textAt(document, 'server_name')
  if (owner !== server) return wrong(`the keys are of ${owner?.slice(0, 80) ?? 'nobody'}, not ${server}`)
  const keys = Object.entries(at(document, 'verify_keys') ?? {}).slice(0, MOST_KEYS)
  const signing = keys.filter(([id]) => id.startsWith('ed25519:'))
  if (signing.length === 0) return wrong('no signing key is published')
  const { signatures: _, unsigned: __, ...signed } = document
  const bytes = canonicalJson(signed)
  if (bytes === null) return wrong('the keys are no canonical JSON')
  for (const [id, entry] of signing) {
    const key = textAt(entry, 'key') ?? ''
    const signature = textAt(document, 'signatures', server, id)
    if (signature === undefined) return wrong(`the keys are not signed with ${id.slice(0, 40)}`)
    if (!isSigned(bytes, key, signature)) return wrong(`the signature of ${id.slice(0, 40)} is wrong`)
  }
  const until = numberAt(document, 'valid_until_ts') ?? 0
  return until > now ? null : { note: `the keys expired (${day(until)})`, dated: true }
}

/** True when the Ed25519 signature (RFC 8032) over the bytes fits the key; both unpadded base64. */
export function isSigned(bytes: Buffer, key: string, signature: string): boolean {
  try {
    const x = Buffer.from(key, 'base64').toString('base64url')
    const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } })
    return verify(null, bytes, publicKey, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

/**
 * The bytes that are signed (Matrix specification, appendix "Canonical JSON"): keys in the order of their code points,
 * no space, whole numbers only. Null for what has none: a fraction, a number beyond 2^53 - 1, too deep.
 */
export function canonicalJson(value: unknown): Buffer | null {
  const text = canonical(value, DEEPEST)
  return text === null ? null : Buffer.from(text)
}

function canonical(value: unknown, deeper: number): string | null {
  if (deeper < 0) return null
  if (typeof value === 'number') return Number.isSafeInteger(value) ? JSON.stringify(value) : null
  if (Array.isArray(value))
    return joined(
      '[',
      value.map((item) => canonical(item, deeper - 1)),
      ']',
    )
  if (!isObject(value)) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  const parts = entries.map(([key, inner]) => {
    const text = canonical(inner, deeper - 1)
    return text === null ? null : `${JSON.stringify(key)}:${text}`
  })
  return joined('{', parts, '}')
}

function joined(begin: string, parts: readonly (string | null)[], end: string): string | null {
  return parts.includes(null) ? null : begin + parts.join(',') + end
}

function day(at: number): string {
  return Math.abs(at) < 8.64e15 ? new Date(at).toISOString().slice(0, 10) : 'never valid'
}
