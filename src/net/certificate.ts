// What a TLS handshake showed, and what is wrong with it in words.
import { checkServerIdentity, type DetailedPeerCertificate, type PeerCertificate, type TLSSocket } from 'node:tls'
import type { TlsFacts } from '../core/observation.ts'
import { DAY, type Instant } from '../core/time/time.ts'

/** OpenSSL's codes in words; those that say the dates alone are wrong. */
const DATED: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'certificate expired',
  CERT_NOT_YET_VALID: 'certificate not valid yet',
}

const CHAIN: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate of an authority nobody knows',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'an intermediate certificate is missing',
  UNABLE_TO_GET_ISSUER_CERT: 'an intermediate certificate is missing',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate of an unknown authority, or an intermediate is missing',
  CERT_REVOKED: 'certificate revoked',
  CERT_SIGNATURE_FAILURE: 'the signature of the certificate is wrong',
  CERT_UNTRUSTED: 'certificate not trusted',
  CERT_REJECTED: 'certificate rejected',
  INVALID_CA: 'the issuer of the certificate is no authority',
  INVALID_PURPOSE: 'certificate not made for servers',
  PATH_LENGTH_EXCEEDED: 'the chain of certificates is too long',
  CERT_CHAIN_TOO_LONG: 'the chain of certificates is too long',
}

/**
 * Has the certificate of a handshake read once, and without its chain: Node reads all of it for its own check of the
 * name, and decodes each certificate anew. To be called before the handshake ends.
 */
export function readOnce(socket: TLSSocket): void {
  const read = socket.getPeerCertificate.bind(socket, false)
  let leaf: PeerCertificate | null = null
  socket.getPeerCertificate = () => {
    leaf ??= read()
    return leaf as DetailedPeerCertificate
  }
}

/** Version and dates of a finished handshake. A server without a certificate has dates of 1970. */
export function factsOf(socket: TLSSocket): TlsFacts {
  const certificate = socket.getPeerCertificate()
  return {
    version: socket.getProtocol() ?? 'TLS',
    from: Date.parse(certificate.valid_from) || 0,
    expires: Date.parse(certificate.valid_to) || 0,
  }
}

/**
 * What is wrong with the certificate a server showed for a name (or an address), null when nothing is. Chain and name
 * are looked at apart: an expired certificate would hide a wrong name. `dated`: only the dates are wrong.
 */
export function faultOf(
  socket: TLSSocket,
  name: string,
  now: Instant,
): { readonly note: string; readonly dated: boolean } | null {
  const certificate = socket.getPeerCertificate()
  if (Object.keys(certificate).length === 0) return { note: 'no certificate shown', dated: false }
  const error = socket.authorized ? undefined : String(socket.authorizationError ?? 'CERT_UNTRUSTED')
  const wrongName = checkServerIdentity(name, certificate)
    ? `certificate is for ${namesOf(certificate)}, not ${name}`
    : null
  if (error === undefined) return wrongName === null ? null : { note: wrongName, dated: false }
  const dated = DATED[error]
  const chain = dated ?? CHAIN[error] ?? `certificate not good (${error})`
  const words = dated === undefined ? chain : `${chain} ${dateOf(error, certificate, now)}`
  // OpenSSL tells the last error only, and dates come last: one that signed itself is no matter of dates.
  const alone = dated !== undefined && wrongName === null && !signedItself(certificate)
  return { note: wrongName === null ? words : `${words}; ${wrongName}`, dated: alone }
}

/** `TLSv1.3, 93 days left`: what a good handshake is worth telling. */
export function factsNote(facts: TlsFacts, now: Instant): string {
  const days = Math.floor((facts.expires - now) / DAY)
  return `${facts.version}, ${days} ${days === 1 ? 'day' : 'days'} left`
}

function namesOf(certificate: PeerCertificate): string {
  const names = (certificate.subjectaltname ?? '').split(', ').map((entry) => entry.replace(/^(DNS|IP Address):/, ''))
  const shown = names.filter((name) => name !== '')
  const common = certificate.subject?.CN
  if (shown.length === 0) return typeof common === 'string' ? common : 'nobody'
  return shown.length > 3 ? `${shown.slice(0, 3).join(', ')} and ${shown.length - 3} more` : shown.join(', ')
}

/** The leaf's date where it is the leaf's fault: an authority further up has dates too. */
function dateOf(error: string, certificate: PeerCertificate, now: Instant): string {
  const expired = error === 'CERT_HAS_EXPIRED'
  const at = Date.parse(expired ? certificate.valid_to : certificate.valid_from)
  const leafs = expired ? at <= now : at >= now
  return leafs ? `(${new Date(at).toISOString().slice(0, 10)})` : 'further up its chain'
}

function signedItself(certificate: PeerCertificate): boolean {
  return JSON.stringify(certificate.issuer) === JSON.stringify(certificate.subject)
}
