// The public key that signatures of a domain are checked with (DKIM, RFC 6376, 3.6.1; RFC 8301; RFC 8463).
import { createPublicKey } from 'node:crypto'
import type { LookUp } from './lookup.ts'
import { parseTags } from './tags.ts'

const LEAST_BITS = 1_024

/** What is wrong with a key record, in words after "the key"; null when nothing is. */
export function faultOfKey(text: string): string | null {
  const tags = parseTags(text)
  const key = tags?.get('p')?.replace(/\s+/g, '')
  if (tags === undefined || key === undefined) return 'is not understood'
  if (tags.has('v') && (tags.get('v') !== 'DKIM1' || [...tags.keys()][0] !== 'v')) return 'is of an unknown version'
  if (key === '') return 'is revoked (p= is empty)'
  const type = tags.get('k') ?? 'rsa'
  if (!/^[A-Za-z0-9+/]+=*$/.test(key)) return 'is not understood'
  const bytes = Buffer.from(key, 'base64')
  if (type === 'ed25519') return bytes.length === 32 ? null : 'is not understood'
  if (type !== 'rsa') return `is of an unknown kind (${type.slice(0, 20)})`
  const bits = sizeOf(bytes)
  if (bits === undefined) return 'is not understood'
  return bits < LEAST_BITS ? `has ${bits} bits only: at least ${LEAST_BITS}` : null
}

/** The bits of an RSA key, as SubjectPublicKeyInfo or bare (RFC 6376, 3.6.1 names the one and means the other). */
function sizeOf(der: Buffer): number | undefined {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const { asymmetricKeyDetails, asymmetricKeyType } = createPublicKey({ key: der, format: 'der', type })
      return asymmetricKeyType === 'rsa' ? asymmetricKeyDetails?.modulusLength : undefined
    } catch {
      // The other way to write it, or none.
    }
  }
  return undefined
}

/** What receivers would mind of some selectors; null where a name server says nothing. */
export async function examineDkim(
  domain: string,
  selectors: readonly string[],
  lookUp: LookUp,
): Promise<readonly string[] | null> {
  const findings: (string | null)[] = []
  for (const selector of selectors) {
    const texts = await lookUp(`${selector}._domainkey.${domain}`, 'TXT')
    if (texts === null) return null
    if (texts.length === 0) findings.push(`DKIM: selector ${selector} has no key`)
    else if (texts.length > 1)
      findings.push(`DKIM: selector ${selector} has ${texts.length} records: receivers pick one`)
    else {
      const fault = faultOfKey(texts[0]!)
      findings.push(fault && `DKIM: the key of selector ${selector} ${fault}`)
    }
  }
  return findings.filter((finding) => finding !== null)
}
