// Lists of addresses that others take no mail from (DNSBL, RFC 5782).
import { reversed } from '../../net/reverse.ts'
import type { LookUp } from './lookup.ts'

export type Listing = 'listed' | 'refused' | 'clear'

/**
 * What the answer of a list means. `refused`: the list does not answer this resolver (a public one, too many
 * questions), says so by 127.255.255.x, and nothing is known. Other answers are those of a domain that was given up.
 */
export function meaningOf(answers: readonly string[]): Listing {
  if (answers.some((answer) => /^127\.0\.0\.\d{1,3}$/.test(answer))) return 'listed'
  return answers.some((answer) => answer.startsWith('127.255.255.')) ? 'refused' : 'clear'
}

export interface Listings {
  /** Address, list and answer of each: `192.0.2.1 is listed by zen.example (127.0.0.2)`. */
  readonly listed: readonly string[]
  readonly findings: readonly string[]
}

interface Answered {
  readonly zone: string
  readonly address: string
  readonly answers: readonly string[]
}

/** Asks every list about every address. A list that is silent is passed over. */
export async function examineListings(
  addresses: readonly string[],
  zones: readonly string[],
  lookUp: LookUp,
): Promise<Listings> {
  const perZone = await Promise.all(zones.map((zone) => ask(zone, addresses, lookUp)))
  const answered = perZone.flat().map((one) => ({ ...one, meaning: meaningOf(one.answers) }))
  const listed = answered.filter(({ meaning }) => meaning === 'listed')
  const refused = answered.filter(({ meaning }) => meaning === 'refused').map(({ zone }) => zone)
  return {
    listed: listed.map(({ zone, address, answers }) => `${address} is listed by ${zone} (${answers[0]})`),
    findings: [...new Set(refused)].map((zone) => `${zone} does not answer our resolver: use one of your own`),
  }
}

/** One address after the other, until the list is silent: it would keep each of them waiting. */
async function ask(zone: string, addresses: readonly string[], lookUp: LookUp): Promise<readonly Answered[]> {
  const answered: Answered[] = []
  for (const address of addresses) {
    const answers = await lookUp(`${reversed(address)}.${zone}`, 'A')
    if (answers === null) break
    answered.push({ zone, address, answers })
  }
  return answered
}
