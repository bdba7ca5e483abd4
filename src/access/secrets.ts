// Secrets that vigie makes and hands out once: it keeps their digests. They are random enough to need no salt.
import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

/** 256 bits in base64url: links, sessions, keys. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 in hex: what is kept, and looked things up by. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Whether both are the same, in a time that tells a guesser nothing. */
export function isSame(secret: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(digestOf(secret)), Buffer.from(digestOf(other)))
}

/** What a form of this session (or guest) carries; whoever knows it can't tell the session's own secret from it. */
export function formToken(secret: string): string {
  return createHmac('sha256', secret).update('vigie form').digest('base64url')
}

/** Without letters and digits that look alike. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const CODE = { groups: 3, letters: 4 }
const CODES = 10

/** Ten recovery codes, `abcd-efgh-jkmn`: 59 bits each. */
export function newRecoveryCodes(): readonly string[] {
  const letter = () => LETTERS[randomInt(LETTERS.length)]!
  const group = () => Array.from({ length: CODE.letters }, letter).join('')
  return Array.from({ length: CODES }, () => Array.from({ length: CODE.groups }, group).join('-'))
}

/** The digest of a recovery code however it was typed; null for what can't be one. */
export function recoveryDigest(typed: string): string | null {
  const bare = typed.toLowerCase().replace(/[^a-z0-9]/g, '')
  return bare.length === CODE.groups * CODE.letters ? digestOf(bare) : null
}
