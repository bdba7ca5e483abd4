// What a site vouches for outside of the ledger, so that any other can tell that it was said there.
import { verify } from 'node:crypto'
import { parsePublicKey, type SiteKey } from './key.ts'

/** A signature over `text`, good for that purpose alone: 86 characters of base64url. */
export function vouch(key: SiteKey, purpose: string, text: string): string {
  return Buffer.from(key.sign(bytesOf(purpose, text))).toString('base64url')
}

/** True when the holder of `publicKey` vouched for exactly this. Never throws. */
export function isVouched(publicKey: string, purpose: string, text: string, signature: string): boolean {
  const key = parsePublicKey(publicKey)
  const raw = Buffer.from(signature, 'base64url')
  // Several texts spell the same bytes: one of them counts.
  if (key === undefined || raw.length !== 64 || raw.toString('base64url') !== signature) return false
  return verify(null, bytesOf(purpose, text), key, raw)
}

/** Begins as neither an entry (seal.ts) nor a message (wire.ts) does. */
function bytesOf(purpose: string, text: string): Buffer {
  return Buffer.from(`vigie says 1\n${purpose}\n${text}`)
}
