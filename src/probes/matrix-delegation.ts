// Where other servers find a Matrix server (server-server API, "Resolving server names"), and as whom it must answer.
import type { HostPort } from '../core/settings.ts'
import { familyOf, hostPort } from '../net/address.ts'
import { type Failure, outcomeOf } from '../net/failure.ts'
import { exchange, type WebAnswer, type WebRequest } from '../net/web.ts'
import { parseJson, textAt } from './json.ts'
import type { Look } from './kind.ts'
import { follow, sendsOn } from './redirect.ts'
import { findService } from './resolver.ts'
import { stage } from './stage.ts'

/** A server name of Matrix: `example.org`, `example.org:8448`, `[2001:db8::1]:8448`. */
export interface ServerName {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string
  readonly port: number | null
}

export interface Delegation {
  /** Where to connect, what to try first at the head. Empty: a service record says that there is none. */
  readonly places: readonly HostPort[]
  /** The name in SNI and certificate. */
  readonly name: string
  /** What the `Host` header says. */
  readonly host: string
  /** Which step of the specification led there, in words. */
  readonly by: string
  /** Why the well-known document didn't count; null when it did, or wasn't asked for. */
  readonly passed: Failure | null
  readonly answers: readonly WebAnswer[]
}

const PORT = 8448
const MAX_BYTES = 51_200
const MOST_REDIRECTS = 5
/** From the newer to the one that is on its way out. */
const SERVICES = ['_matrix-fed._tcp', '_matrix._tcp'] as const

/** Undefined for what is none (appendix "Server Name"). */
export function parseServerName(text: string): ServerName | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Za-z.-]{1,230}))(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  if (host === undefined || (match?.[1] !== undefined && familyOf(host) !== 6)) return undefined
  // `1.2.3.400` looks like a name and is none.
  if (familyOf(host) !== 6 && !URL.canParse(`https://${host}/`)) return undefined
  const port = match?.[3] === undefined ? null : Number(match[3])
  return port !== null && (port < 1 || port > 65_535) ? undefined : { host, port }
}

/** Follows a server name through well-known document and service records. Marks `well-known` and `resolve`. */
export async function delegate(look: Look, server: ServerName): Promise<Delegation> {
  if (isSettled(server)) return { ...settled(server, 'its name'), passed: null, answers: [] }
  const { led, passed, answers } = await askWellKnown(look, server.host)
  if (led !== null && isSettled(led)) return { ...settled(led, 'well-known'), passed, answers }
  const { host } = led ?? server
  for (const service of SERVICES) {
    const places = await findService(look, `${service}.${host}`)
    if (places !== null) return { places: places.slice(0, 4), name: host, host, by: service, passed, answers }
  }
  const by = led === null ? `port ${PORT}` : 'well-known'
  return { places: [{ host, port: PORT }], name: host, host, by, passed, answers }
}

/** An address, or a port that is said, leaves nothing to look up. */
function isSettled({ host, port }: ServerName): boolean {
  return port !== null || familyOf(host) !== null
}

function settled({ host, port }: ServerName, by: string) {
  const shown = port !== null ? hostPort(host, port) : familyOf(host) === 6 ? `[${host}]` : host
  return { places: [{ host, port: port ?? PORT }], name: host, host: shown, by }
}

/** A document that isn't there, or says nothing of use, is passed over as other servers do. */
async function askWellKnown(look: Look, host: string) {
  const answers: WebAnswer[] = []
  let asked: WebRequest = {
    url: new URL(`https://${host}/.well-known/matrix/server`),
    method: 'GET',
    headers: {},
    body: null,
    maxBytes: MAX_BYTES,
  }
  try {
    for (let left = MOST_REDIRECTS; ; left--) {
      const answer = await exchange(stage(look, 'well-known', host), asked)
      answers.push(answer)
      if (!sendsOn(answer.status)) return { ...readWellKnown(answer), answers }
      if (left === 0) return { led: null, passed: without(`more than ${MOST_REDIRECTS} redirects`), answers }
      asked = follow(asked, answer)
    }
  } catch (error) {
    const failure = outcomeOf(error)
    // What is our own fault says nothing about the document.
    if (failure.ok === null || look.ending.aborted) throw error
    return { led: null, passed: failure, answers }
  }
}

function readWellKnown({ status, body, cut }: WebAnswer): { led: ServerName | null; passed: Failure | null } {
  if (status !== 200) return { led: null, passed: without(String(status)) }
  const led = parseServerName(textAt(cut ? undefined : parseJson(body.toString('utf8')), 'm.server') ?? '')
  return led === undefined ? { led: null, passed: without('no m.server in it') } : { led, passed: null }
}

function without(note: string): Failure {
  return { ok: false, reason: 'content', note }
}
