// Who asks from this very machine: programs on it are trusted with what others need a token for.
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'] as const

/**
 * The connection itself comes by loopback, nobody says that it comes for somebody else, and it is by a name of ours.
 * `own`: the address of this site as configured; null: none.
 */
export function isLocal(request: FastifyRequest, own: string | null): boolean {
  const { remoteAddress: from = '' } = request.raw.socket
  return isLoopback(from) && !isForwarded(request) && isByOurName(request, own)
}

/**
 * As `isLocal`, or from this machine by another address of its own: commands go there where `listen` is no loopback
 * address. For the key in `data/run.json` alone.
 */
export function isFromThisMachine(request: FastifyRequest, own: string | null): boolean {
  const { remoteAddress: from = '', localAddress: to = '' } = request.raw.socket
  return (isLoopback(from) || from === to) && !isForwarded(request) && isByOurName(request, own)
}

/** A proxy passed it on. */
export function isForwarded({ headers }: FastifyRequest): boolean {
  return FORWARDED.some((name) => headers[name] !== undefined)
}

/**
 * By this machine's own name or address, or the site's: a page elsewhere whose name was made to lead here (DNS rebinding)
 * asks by that name.
 */
export function isByOurName({ raw, headers }: FastifyRequest, own: string | null): boolean {
  return isOurs(nameOf(headers.host ?? ''), raw.socket.localAddress ?? '', own)
}

function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\.|^::1$/.test(address)
}

/** The name without its port, without brackets, in lower case. */
function nameOf(host: string): string {
  const [, bracketed, name = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? []
  return bracketed ?? name.replace(/\.$/, '')
}

function isOurs(name: string, to: string, own: string | null): boolean {
  if (isIP(name) !== 0) return isLoopback(name) || name === to.replace(/^::ffff:/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  return own !== null && URL.canParse(own) && name === new URL(own).hostname
}
