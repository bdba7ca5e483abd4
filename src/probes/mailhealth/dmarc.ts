// What receivers should do with mail that only claims to be from a domain (DMARC, RFC 7489).
import type { LookUp } from './lookup.ts'
import { claims, parseTags } from './tags.ts'

/** Parents asked at most: no name is under so many. */
const MOST_PARENTS = 8

/** What is wrong with a record, in words after "DMARC:"; null when nothing is. */
export function faultOfDmarc(text: string): string | null {
  const tags = parseTags(text)
  if (tags === undefined) return 'the record is not understood'
  const policy = tags.get('p')?.toLowerCase()
  if (policy === undefined) return 'the record says no policy (p=)'
  if (!['none', 'quarantine', 'reject'].includes(policy)) return `there is no policy "${policy.slice(0, 20)}"`
  for (const tag of ['rua', 'ruf']) {
    const wrong = tags
      .get(tag)
      ?.split(',')
      .some((one) => !/^\s*(mailto:[^\s@]+@[^\s@]+|https?:\S+)\s*$/i.test(one))
    if (wrong) return `${tag} is no address: write mailto:…`
  }
  return null
}

/** What receivers would mind; null where a name server says nothing. */
export async function examineDmarc(domain: string, lookUp: LookUp): Promise<readonly string[] | null> {
  // The record of a parent holds where there is none of its own (6.6.3).
  const labels = domain.split('.')
  for (let at = 0; at <= Math.max(0, Math.min(labels.length - 2, MOST_PARENTS)); at++) {
    const texts = await lookUp(`_dmarc.${labels.slice(at).join('.')}`, 'TXT')
    if (texts === null) return null
    const records = texts.filter((text) => claims(text, 'DMARC1'))
    if (records.length > 1) return [`there are ${records.length} DMARC records: receivers take that for none`]
    if (records.length === 1) {
      const fault = faultOfDmarc(records[0]!)
      return fault === null ? [] : [`DMARC: ${fault}`]
    }
  }
  return ['there is no DMARC record']
}
