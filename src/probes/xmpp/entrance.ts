// The way in to a domain's XMPP server: where it is, TCP, TLS with a certificate for the domain, and the stream.
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { domainToUnicode } from 'node:url'
import type { TlsFacts } from '../../core/observation.ts'
import type { HostPort } from '../../core/settings.ts'
import { SECOND } from '../../core/time/time.ts'
import { hostPort } from '../../net/address.ts'
import { failed, outcomeOf } from '../../net/failure.ts'
import type { Look } from '../../net/look.ts'
import { startTls } from '../../net/starttls.ts'
import { findService } from '../resolver.ts'
import { streamOver } from './socket.ts'
import type { Stream } from './stream.ts'

export type Role = 'client' | 'server'
export type Manner = 'starttls' | 'direct'

/** Which server is wanted. */
export interface Wanted {
  readonly domain: string
  readonly role: Role
  /** Null: as the domain says, STARTTLS where it offers both. */
  readonly manner: Manner | null
  /** Goes there and asks no SRV. */
  readonly connect: HostPort | null
}

export interface Entrance {
  readonly stream: Stream
  readonly tls: TlsFacts
  /** Who answered: `xmpp.example.org:5222`. */
  readonly at: string
  /** Places that come first and can't be reached, each with why. */
  readonly missed: readonly string[]
}

/** RFC 6120, 14.7; XEP-0368 leaves the port of direct TLS to the SRV record, these are the usual ones. */
const PORTS = { client: { starttls: 5222, direct: 5223 }, server: { starttls: 5269, direct: 5270 } } as const
/** A place that takes longer to accept is passed over where there is another. */
const PATIENCE = 3 * SECOND
const MOST_PLACES = 4

/**
 * Goes in as a program would, to the first place that accepts (RFC 6120, 3.2). A bad certificate is thrown: nothing is
 * said over such a line. Marks what dialling marks, and `greeting`, `starttls`, `tls`.
 */
export async function enter(look: Look, wanted: Wanted): Promise<Entrance> {
  const { domain, role } = wanted
  const { places, manner } = await findPlaces(look, wanted)
  const { socket: plain, place, missed } = await reach(look, places)
  const name = domainToUnicode(domain)
  const direct = manner === 'direct'
  // The STARTTLS dialogue knows by the port which of the two it holds.
  const ready = direct ? plain : await startTls('xmpp', plain, look, name, PORTS[role].starttls)
  const { socket, facts, fault } = await look.secure(ready, domain, direct ? [`xmpp-${role}`] : undefined)
  if (fault) throw failed({ ok: false, reason: 'certificate', ...fault, tls: facts })
  // Openfire loses what comes in one packet with the end of the handshake.
  await setImmediate()
  const { host, port } = wanted.connect ?? place
  const at = hostPort(host, port)
  return { stream: streamOver(socket, { domain: name, role }), tls: facts, at, missed }
}

async function findPlaces(
  look: Look,
  { domain, role, manner, connect }: Wanted,
): Promise<{ readonly places: readonly HostPort[]; readonly manner: Manner }> {
  if (connect !== null) {
    const known = manner ?? (connect.port === PORTS[role].direct ? 'direct' : 'starttls')
    // A check's `connect` leads `dial` there from whatever is asked for first; that of an account is asked for itself.
    const asked = connect === look.connect ? { host: domain, port: PORTS[role][known] } : connect
    return { places: [asked], manner: known }
  }
  const starttls = manner === 'direct' ? null : await findService(look, `_xmpp-${role}._tcp.${domain}`)
  if (starttls?.length) return { places: starttls, manner: 'starttls' }
  const direct = manner === 'starttls' ? null : await findService(look, `_xmpps-${role}._tcp.${domain}`)
  if (direct?.length) return { places: direct, manner: 'direct' }
  if (starttls !== null || (manner === 'direct' && direct !== null)) {
    throw missing(`${domain} says that it has no XMPP server for ${role}s (SRV ".")`)
  }
  if (manner === 'direct') throw missing(`there is no SRV record _xmpps-${role}._tcp.${domain}`)
  // RFC 6120, 3.2.2.
  return { places: [{ host: domain, port: PORTS[role].starttls }], manner: 'starttls' }
}

async function reach(
  look: Look,
  places: readonly HostPort[],
): Promise<{ readonly socket: Socket; readonly place: HostPort; readonly missed: readonly string[] }> {
  const missed: string[] = []
  const [...others] = places.slice(0, MOST_PLACES)
  const last = others.pop()!
  for (const place of others) {
    try {
      return { socket: await dialFor(PATIENCE, look, place), place, missed }
    } catch (error) {
      const { ok, note } = outcomeOf(error)
      if (ok === null || look.ending.aborted) throw error
      missed.push(`${hostPort(place.host, place.port)}: ${note}`)
    }
  }
  return { socket: await look.dial(last), place: last, missed }
}

async function dialFor(patience: number, look: Look, place: HostPort): Promise<Socket> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(failed({ ok: false, reason: 'timeout', note: 'no connection' })), patience)
  })
  const dialled = look.dial(place)
  // Nobody waits any more for one that comes late; the look closes it.
  dialled.catch(() => {})
  try {
    return await Promise.race([dialled, late])
  } finally {
    clearTimeout(timer)
  }
}

function missing(note: string): Error {
  return failed({ ok: false, reason: 'dns', note })
}
