// Which certificate a mail server shows, said in DNS (DANE, RFC 6698; for mail RFC 7672).
import { createHash, type X509Certificate } from 'node:crypto'

export interface TlsaRecord {
  /** 2: an authority above, 3: the server's own certificate (RFC 6698, 2.1.1). */
  readonly usage: number
  /** 0: all of the certificate, 1: its public key (RFC 6698, 2.1.2). */
  readonly selector: number
  /** 0: the bytes themselves, 1: their SHA-256, 2: SHA-512 (RFC 6698, 2.1.3). */
  readonly matching: number
  /** In hex. */
  readonly data: string
}

/** Reads `3 1 1 hex`; undefined for anything else. */
export function parseTlsa(text: string): TlsaRecord | undefined {
  const match = /^(\d{1,3}) (\d{1,3}) (\d{1,3}) ([0-9a-f]+)$/i.exec(text)
  if (match === null) return undefined
  const [, usage, selector, matching, data] = match
  return { usage: Number(usage), selector: Number(selector), matching: Number(matching), data: data!.toLowerCase() }
}

/** Those that mail servers heed: usages 0 and 1 are for others (RFC 7672, 3.1.3). */
export function usable(records: readonly TlsaRecord[]): readonly TlsaRecord[] {
  return records.filter(
    ({ usage, selector, matching }) => (usage === 2 || usage === 3) && selector <= 1 && matching <= 2,
  )
}

/** `chain`: the leaf first, as shown. True when one record fits the leaf (usage 3) or an authority above it (usage 2). */
export function fits(records: readonly TlsaRecord[], chain: readonly X509Certificate[]): boolean {
  return usable(records).some((record) => {
    const certificates = record.usage === 3 ? chain.slice(0, 1) : chain.slice(1)
    return certificates.some((certificate) => digest(record, certificate) === record.data)
  })
}

function digest({ selector, matching }: TlsaRecord, certificate: X509Certificate): string {
  const bytes = selector === 0 ? certificate.raw : certificate.publicKey.export({ type: 'spki', format: 'der' })
  if (matching === 0) return bytes.toString('hex')
  return createHash(matching === 1 ? 'sha256' : 'sha512')
    .update(bytes)
    .digest('hex')
}
