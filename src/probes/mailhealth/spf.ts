// Which hosts may send in a domain's name (SPF, RFC 7208).
import { isIPv4, isIPv6 } from 'node:net'
import type { LookUp } from './lookup.ts'

export type SpfMechanism = 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists'

export interface SpfTerm {
  readonly qualifier: '+' | '-' | '~' | '?'
  readonly mechanism: SpfMechanism
  /** The domain or network after the colon; null: none is said. */
  readonly value: string | null
}

export interface SpfRecord {
  readonly terms: readonly SpfTerm[]
  /** Whose record holds where no term fits; null: nobody's (RFC 7208, 6.1). */
  readonly redirect: string | null
}

/** RFC 7208, 4.6.4. */
const MOST_LOOKUPS = 10
const MOST_VOID = 2

/** RFC 7208, 4.5: the version, and then a space or the end. `v=spf10` is another thing. */
export function isSpf(text: string): boolean {
  return /^v=spf1( |$)/i.test(text)
}

/** `wrong`: the first thing that is not understood; receivers then take the whole record for none. */
export function parseSpf(text: string): SpfRecord | { readonly wrong: string } {
  const terms: SpfTerm[] = []
  const redirects: string[] = []
  for (const word of text.split(/ +/).slice(1)) {
    if (word === '') continue
    const modifier = /^([a-z][a-z0-9._-]*)=(.*)$/i.exec(word)
    if (modifier?.[1]?.toLowerCase() === 'redirect') redirects.push(modifier[2] ?? '')
    if (modifier) continue
    const term = parseTerm(word)
    if (term === undefined) return { wrong: word }
    terms.push(term)
  }
  if (redirects.length > 1 || redirects[0] === '') return { wrong: 'redirect' }
  return { terms, redirect: redirects[0] ?? null }
}

function parseTerm(word: string): SpfTerm | undefined {
  const [, sign = '+', name = '', colon, rest = '', cidr = ''] =
    /^([-+~?])?(all|include|a|mx|ptr|ip4|ip6|exists)(?:(:)([^/]*))?((?:\/\d{1,3})?(?:\/\/\d{1,3})?)$/i.exec(word) ?? []
  const mechanism = name.toLowerCase() as SpfMechanism | ''
  if (mechanism === '' || (colon !== undefined && rest === '')) return undefined
  const qualifier = sign as SpfTerm['qualifier']
  const value = colon === undefined ? null : rest
  return isWellFormed(mechanism, value, cidr) ? { qualifier, mechanism, value } : undefined
}

function isWellFormed(mechanism: SpfMechanism, value: string | null, cidr: string): boolean {
  const [, four, six] = /^(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(cidr) ?? []
  const [shortest, longer] = [Number(four ?? 0), Number(six ?? 0)]
  switch (mechanism) {
    case 'all':
      return value === null && cidr === ''
    case 'include':
    case 'exists':
      return value !== null && cidr === ''
    case 'ptr':
      return cidr === ''
    case 'ip4':
      return value !== null && isIPv4(value) && shortest <= 32 && six === undefined
    case 'ip6':
      return value !== null && isIPv6(value) && shortest <= 128 && six === undefined
    default:
      return shortest <= 32 && longer <= 128
  }
}

/** What receivers would mind; null where a name server that must be asked says nothing. */
export async function examineSpf(domain: string, lookUp: LookUp): Promise<readonly string[] | null> {
  let lookups = 0
  let voids = 0
  const findings: string[] = []
  const known = await visit(domain, null)
  return known || findings.length > 0 ? [...new Set(findings)] : null

  /** False: it could not be found out, or there is no need to go on. */
  async function visit(name: string, includer: string | null): Promise<boolean> {
    const texts = await lookUp(name, 'TXT')
    if (texts === null) return false
    const records = texts.filter(isSpf)
    if (records.length !== 1) return stop(wrongNumber(records.length, name, includer))
    const record = parseSpf(records[0]!)
    const whose = includer === null ? '' : ` of ${name}`
    if ('wrong' in record) return stop(`SPF${whose}: "${record.wrong}" is not understood`)
    const end = record.terms.findIndex(({ mechanism }) => mechanism === 'all')
    if (record.terms[end]?.qualifier === '+') findings.push(`SPF${whose} ends in +all: anybody may send in this name`)
    for (const term of end < 0 ? record.terms : record.terms.slice(0, end)) {
      if (!(await spend(term, name))) return false
    }
    if (end >= 0 || record.redirect === null) return true
    return spend({ mechanism: 'include', value: record.redirect }, name)
  }

  async function spend({ mechanism, value }: Pick<SpfTerm, 'mechanism' | 'value'>, name: string): Promise<boolean> {
    if (mechanism === 'ip4' || mechanism === 'ip6') return true
    if (++lookups > MOST_LOOKUPS) return stop(`SPF needs more than ${MOST_LOOKUPS} look-ups: receivers give up`)
    const where = value ?? name
    // Macros (7) depend on the mail.
    if (where.includes('%') || mechanism === 'ptr') return true
    if (mechanism === 'include') return visit(where, name)
    const found =
      mechanism === 'mx' ? [await lookUp(where, 'MX')] : await Promise.all([lookUp(where, 'A'), lookUp(where, 'AAAA')])
    if (found.every((records) => records?.length === 0) && ++voids > MOST_VOID) {
      return stop(`SPF has more than ${MOST_VOID} look-ups that find nothing: receivers give up`)
    }
    return true
  }

  function stop(finding: string): false {
    findings.push(finding)
    return false
  }
}

function wrongNumber(count: number, name: string, includer: string | null): string {
  if (includer !== null) return `SPF of ${includer} leads to ${name}, which has ${count === 0 ? 'none' : `${count}`}`
  return count === 0 ? 'there is no SPF record' : `there are ${count} SPF records: receivers take that for none`
}
