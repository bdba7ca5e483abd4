// What goes wrong on a network, and what it means: one table, at one edge.
import type { FailReason, Outcome, UnknownReason } from '../core/observation.ts'

/** An outcome that isn't fine. */
export type Failure = Exclude<Outcome, { readonly ok: true }>

const FAILURE = Symbol('failure')

type Meaning =
  | readonly [ok: false, reason: FailReason, note: string]
  | readonly [ok: null, reason: UnknownReason, note: string]

/** Connections: the system's codes, and Node's. */
const CONNECTION: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: [false, 'refused', 'connection refused'],
  EHOSTUNREACH: [false, 'unreachable', 'no route to the host'],
  EHOSTDOWN: [false, 'unreachable', 'host is down'],
  ETIMEDOUT: [false, 'timeout', 'connection timed out'],
  ECONNRESET: [false, 'reset', 'connection reset'],
  ECONNABORTED: [false, 'reset', 'connection aborted'],
  ENOTCONN: [false, 'reset', 'connection gone'],
  EPIPE: [false, 'reset', 'connection broken while sending'],
  ERR_STREAM_PREMATURE_CLOSE: [false, 'closed', 'connection closed early'],
  ERR_STREAM_DESTROYED: [false, 'closed', 'connection closed early'],
  ERR_STREAM_WRITE_AFTER_END: [false, 'closed', 'connection closed early'],
  ERR_SOCKET_CLOSED: [false, 'closed', 'connection closed early'],
  HPE_HEADER_OVERFLOW: [false, 'protocol', 'the headers are endless'],
  ENETUNREACH: [null, 'offline', 'no network here'],
  ENETDOWN: [null, 'offline', 'no network here'],
  EADDRNOTAVAIL: [null, 'offline', 'no address here to connect from'],
  EAFNOSUPPORT: [null, 'offline', 'no such address family here'],
  EACCES: [null, 'blocked', 'not permitted to connect there'],
  EPERM: [null, 'blocked', 'not permitted to connect there'],
  EMFILE: [null, 'overload', 'too many open files here'],
  ENFILE: [null, 'overload', 'too many open files here'],
  ENOBUFS: [null, 'overload', 'out of network buffers here'],
  ENOMEM: [null, 'overload', 'out of memory here'],
}

/**
 * What routers and firewalls on the way answer to a connection, by what Linux makes of it (icmp(7): `ENETUNREACH` no route
 * or net prohibited, `EACCES` prohibited over IPv6, `ENOPROTOOPT` protocol unreachable). IPv4's others are `EHOSTUNREACH`.
 */
const ON_THE_WAY: Readonly<Record<string, string>> = {
  ENETUNREACH: 'no route to its network, says a router on the way',
  EACCES: 'turned away on the way there',
  ENOPROTOOPT: 'turned away on the way there',
}

/** Questions to our resolver (c-ares). Silence or refusal is the resolver's; an answer, even SERVFAIL, is the zone's. */
const RESOLUTION: Readonly<Record<string, Meaning>> = {
  ENOTFOUND: [false, 'dns', 'no such name'],
  ENODATA: [false, 'dns', 'no address for this name'],
  ESERVFAIL: [false, 'dns', 'the name servers of this name do not answer'],
  EBADNAME: [false, 'dns', 'not a name'],
  ECONNREFUSED: [null, 'resolver', 'our resolver refuses connections'],
  ETIMEOUT: [null, 'resolver', 'our resolver does not answer'],
  EREFUSED: [null, 'resolver', 'our resolver refuses to answer'],
  ECANCELLED: [null, 'resolver', 'our resolver does not answer'],
  EBADRESP: [null, 'resolver', 'our resolver answers garbage'],
  EFORMERR: [null, 'resolver', 'our resolver does not understand the question'],
  ENOTIMP: [null, 'resolver', 'our resolver does not understand the question'],
}

/** An error that carries its meaning, for whoever finds a failure deep inside a dialogue. */
export function failed(failure: Failure): Error {
  return Object.assign(new Error(failure.note), { [FAILURE]: failure })
}

/** Marks an error as our resolver's, whatever said it: `ECONNREFUSED` there is no fault of the target. */
export function ofResolver(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError') return error
  const code = codeOf(error)
  const [ok, reason, note] = RESOLUTION[code] ?? CONNECTION[code] ?? []
  if (reason === undefined || note === undefined) return error
  return failed(ok === false && reason !== 'dns' ? resolverFault(note) : ({ ok, reason, note } as Failure))
}

/**
 * Marks an error of a TCP connection that was being opened as the target's where it was said on the way: a network that is
 * gone is no fault of our line, of which witnesses tell. Node names our own end, `- Local (0.0.0.0:0)`, in what our own
 * system says before anything is sent. Anything else is handed back as it is.
 */
export function ofConnecting(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== 'connect') return error
  const note = ON_THE_WAY[codeOf(error)]
  if (note === undefined || error.message.includes(' - Local (')) return error
  return Object.assign(error, { [FAILURE]: { ok: false, reason: 'unreachable', note } satisfies Failure })
}

/** True for the error of something aborted: at the deadline, or by whoever started it. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/**
 * The outcome an error of the network stands for. Anything that isn't one is thrown on: a bug of ours must never look
 * like an outage.
 */
export function outcomeOf(error: unknown): Failure {
  if (!(error instanceof Error)) throw error
  if (FAILURE in error) return error[FAILURE] as Failure
  if (isAbort(error)) return { ok: false, reason: 'timeout', note: 'no answer in time' }
  const code = codeOf(error)
  if ('syscall' in error && String(error.syscall).startsWith('query')) return outcomeOf(ofResolver(error))
  // Node calls a FIN during the handshake ECONNRESET; a real RST names its system call.
  if (code === 'ECONNRESET' && !('syscall' in error)) {
    return { ok: false, reason: 'closed', note: 'connection closed during the TLS handshake' }
  }
  const known = CONNECTION[code]
  if (known) return { ok: known[0], reason: known[1], note: known[2] } as Failure
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return { ok: false, reason: 'tls', note: `TLS: ${tlsWords(error)}` }
  }
  if (code.startsWith('HPE_')) return { ok: false, reason: 'protocol', note: 'the answer is not HTTP' }
  throw error
}

function resolverFault(note: string): Failure {
  return { ok: null, reason: 'resolver', note: `our resolver: ${note}` }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** OpenSSL's own reason (`wrong version number`), without addresses and file names. */
function tlsWords(error: Error): string {
  if ('reason' in error && typeof error.reason === 'string') return error.reason
  return /:SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1] ?? error.message.split('\n')[0]!
}
