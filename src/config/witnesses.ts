// `witnesses` and `path`: hosts of somebody else.
import type { Witness } from '../core/check.ts'
import { hostOf } from '../core/verdict/witness.ts'
import { isIPv4, isIPv6, isUnder } from './address.ts'
import type { Fields } from './fields.ts'
import { asHostPort, asUrl } from './places.ts'
import type { Convert } from './reader.ts'
import { asText } from './scalars.ts'
import { asList } from './texts.ts'

const ENOUGH = 5

/** Reads the witnesses and warns where they can't tell what they are there for. */
export function readWitnesses(fields: Fields, domain: string | null): readonly Witness[] {
  const { source } = fields.reader
  const said = fields.entry('witnesses')
  const witnesses = fields.read('witnesses', asList(asWitness(domain)))
  const at = said?.at ?? fields.at
  const remedy = 'list at least five hosts of other people, on several networks'
  if (!said || witnesses?.length === 0) {
    source.warn(
      at,
      'no witnesses: vigie can’t tell its own line’s faults from a service’s, and the page says so',
      remedy,
    )
  } else if (witnesses && witnesses.length < ENOUGH) {
    source.warn(at, `only ${witnesses.length} of at least ${ENOUGH} witnesses`, remedy)
  }
  return witnesses ?? []
}

/** Third parties inside the provider of the hoster. */
export function readPath(fields: Fields, domain: string | null): readonly Witness[] {
  return fields.read('path', asList(asWitness(domain))) ?? []
}

function asWitness(domain: string | null): Convert<Witness> {
  return (reader, entry) => {
    const text = asText(reader, entry)
    if (text === undefined) return undefined
    const witness = /^https?:\/\//.test(text) ? httpsWitness(reader, entry) : portWitness(reader, entry)
    const host = witness && hostOf(witness)
    if (domain !== null && host !== undefined && isUnder(host, domain)) {
      reader.source.warn(entry.at, `${entry.name} is under ${domain}: it falls with what it should vouch for`)
    }
    return witness
  }
}

const httpsWitness: Convert<Witness> = (reader, entry) => {
  const url = asUrl(['https:'])(reader, entry)
  return url && { kind: 'https', url: url.href }
}

const portWitness: Convert<Witness> = (reader, entry) => {
  const found = asHostPort()(reader, entry)
  if (!found) return undefined
  const { host, port } = found
  return port === 53 && (isIPv4(host) || isIPv6(host))
    ? { kind: 'dns', address: host, port }
    : { kind: 'tcp', host, port }
}
