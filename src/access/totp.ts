// Codes that change every 30 s (RFC 6238), as every authenticator app makes them. The library is loaded when first used.
import type { Instant, Millis } from '../core/time/time.ts'

/** What RFC 6238, 5.2 recommends; some apps know no other. */
export const STEP: Millis = 30_000

/** A fresh secret in base32, 160 bits (RFC 4226, R6). */
export async function newSecret(): Promise<string> {
  const { Secret } = await import('otpauth')
  return new Secret({ size: 20 }).base32
}

/** What an app reads, from a link or a QR code. */
export async function provisioningUri(secret: string, account: string, issuer: string): Promise<string> {
  return (await totp(secret, account, issuer)).toString()
}

/**
 * The step that a code of six digits belongs to, one step early or late allowed; null: to none of them, or to one up
 * to `used`, which nobody may use again (RFC 6238, 5.2).
 */
export async function stepOf(code: string, secret: string, used: number, now: Instant): Promise<number | null> {
  if (!/^\d{6}$/.test(code)) return null
  const delta = (await totp(secret, 'vigie', 'vigie')).validate({ token: code, timestamp: now, window: 1 })
  if (delta === null) return null
  const step = Math.floor(now / STEP) + delta
  return step > used ? step : null
}

async function totp(secret: string, label: string, issuer: string) {
  const { Secret, TOTP } = await import('otpauth')
  return new TOTP({
    secret: Secret.fromBase32(secret),
    label,
    issuer,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP / 1000,
  })
}
