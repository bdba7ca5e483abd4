// Where senders report that they could not reach a domain by TLS (TLSRPT, RFC 8460).
import type { LookUp } from './lookup.ts'
import { claims, parseTags } from './tags.ts'

/** What senders would mind; null where none is published, or a name server says nothing. */
export async function examineReports(domain: string, lookUp: LookUp): Promise<readonly string[] | null> {
  const texts = await lookUp(`_smtp._tls.${domain}`, 'TXT')
  const records = texts?.filter((text) => claims(text, 'TLSRPTv1')) ?? []
  if (texts === null || texts.length === 0) return null
  if (records.length === 0) return ['TLSRPT: the record is not understood']
  if (records.length > 1) return [`there are ${records.length} TLSRPT records: senders take that for none`]
  const to = parseTags(records[0]!)?.get('rua')
  const good = to?.split(',').every((one) => /^\s*(mailto:[^\s@]+@[^\s@]+|https:\S+)\s*$/i.test(one))
  return good ? [] : ['TLSRPT: rua is no address: write mailto:… or https:…']
}
