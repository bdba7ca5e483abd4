// A certificate authority in memory (X.509 v3, RFC 5280), so that the replica and tests speak real TLS.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import type { Instant } from '../core/time/time.ts'
import { bits, element, integer, octets, oid, pem, sequence, setOf, tagged, time, utf8, yes } from './der.ts'

/** What a TLS server of Node takes as `key` and `cert`, both PEM. */
export interface Issued {
  readonly key: string
  /** The leaf, followed by its intermediate where there is one to send. */
  readonly certificate: string
}

export interface Validity {
  readonly from?: Instant
  readonly until?: Instant
}

export interface Authority {
  /** The root, PEM: what a client must trust. */
  readonly certificate: string
  /**
   * A server certificate for DNS names (`*.` allowed) and IP addresses, valid as long as the authority when not said.
   * `intermediate: 'sent'` puts one between root and leaf; `'missing'` too, but keeps it from the chain.
   */
  issue(wanted: { readonly names: readonly string[]; readonly intermediate?: 'sent' | 'missing' } & Validity): Issued
}

const FROM: Instant = Date.UTC(2020, 0, 1)
const UNTIL: Instant = Date.UTC(2099, 11, 31)

const SIGNED_WITH = sequence(oid('1.2.840.10045.4.3.2')) // ecdsa-with-SHA256, RFC 5758 3.2

interface Holder {
  readonly name: Buffer
  readonly keyId: Buffer
  readonly privateKey: KeyObject
}

/** A new authority with a key of its own (ECDSA P-256). Nobody trusts it until told to. */
export function createAuthority({
  name = 'vigie replica',
  from = FROM,
  until = UNTIL,
}: { readonly name?: string } & Validity = {}): Authority {
  const root = newHolder(name)
  let between: { readonly holder: Holder; readonly certificate: string } | undefined

  return {
    certificate: certify(root, root, [basicConstraints(true), usage(CA_USAGE)], { from, until }),
    issue,
  }

  function issue({ names, intermediate, ...validity }: Parameters<Authority['issue']>[0]): Issued {
    const issuer = intermediate ? intermediary() : undefined
    const leaf = server(names, issuer?.holder ?? root, { from, until, ...validity })
    return intermediate === 'sent' ? { ...leaf, certificate: leaf.certificate + issuer!.certificate } : leaf
  }

  function intermediary() {
    if (between) return between
    const holder = newHolder(`${name} intermediate`)
    const certificate = certify(holder, root, [basicConstraints(true), usage(CA_USAGE)], { from, until })
    between = { holder, certificate }
    return between
  }
}

/** A server certificate that vouches for itself. */
export function selfSigned(names: readonly string[], validity: Validity = {}): Issued {
  return server(names, undefined, { from: FROM, until: UNTIL, ...validity })
}

function server(names: readonly string[], issuer: Holder | undefined, validity: Required<Validity>): Issued {
  const leaf = newHolder(names[0] ?? '')
  const extensions = [
    basicConstraints(false),
    usage(SERVER_USAGE),
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))), // serverAuth
    extension('2.5.29.17', sequence(...names.map(generalName))),
  ]
  return {
    key: leaf.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: certify(leaf, issuer ?? leaf, extensions, validity),
  }
}

type Subject = Holder & { readonly publicKey: Buffer }

function newHolder(commonName: string): Subject {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  const point = spki.subarray(-65) // uncompressed, the bit string's own bytes
  return {
    name: sequence(setOf(sequence(oid('2.5.4.3'), utf8(commonName.slice(0, 64))))), // ub-common-name
    keyId: createHash('sha1').update(point).digest(), // RFC 5280, 4.2.1.2 (1)
    publicKey: spki,
    privateKey,
  }
}

function certify(
  subject: Subject,
  issuer: Holder,
  extensions: readonly Buffer[],
  validity: Required<Validity>,
): string {
  const body = sequence(
    tagged(0, integer(Buffer.from([2]))), // v3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    SIGNED_WITH,
    issuer.name,
    sequence(time(validity.from), time(validity.until)),
    subject.name,
    subject.publicKey,
    tagged(
      3,
      sequence(
        ...extensions,
        extension('2.5.29.14', octets(subject.keyId)),
        extension('2.5.29.35', sequence(element(0x80, issuer.keyId))),
      ),
    ),
  )
  return pem('CERTIFICATE', sequence(body, SIGNED_WITH, bits(sign('sha256', body, issuer.privateKey))))
}

/** RFC 5280, 4.2: whoever can't read a critical one must refuse the certificate. */
function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [yes()] : []), octets(value))
}

const basicConstraints = (authority: boolean) => extension('2.5.29.19', sequence(...(authority ? [yes()] : [])), true)

// RFC 5280, 4.2.1.3, bits from the left: 0 digitalSignature, 5 keyCertSign, 6 cRLSign.
const CA_USAGE = bits(Buffer.from([0b0000_0110]), 1)
const SERVER_USAGE = bits(Buffer.from([0b1000_0000]), 7)

const usage = (of: Buffer) => extension('2.5.29.15', of, true)

/** RFC 5280, 4.2.1.6: an address as its bytes, anything else as a DNS name. */
function generalName(name: string): Buffer {
  const family = isIP(name)
  if (family === 4) return element(0x87, Buffer.from(name.split('.').map(Number)))
  if (family === 6) return element(0x87, bytesOf6(name))
  return element(0x82, Buffer.from(name, 'latin1'))
}

function bytesOf6(address: string): Buffer {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const pair = (high = '0', low = '0') => (Number(high) * 256 + Number(low)).toString(16)
  const hex = dotted
    ? `${address.slice(0, dotted.index)}${pair(dotted[1], dotted[2])}:${pair(dotted[3], dotted[4])}`
    : address
  const [head = [], tail] = hex.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const groups = tail ? [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail] : head
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
