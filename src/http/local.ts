// Who asks from this very machine: programs on it are trusted with what others need a token for.
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'

const FORWARDED = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'] as const

/**
 * The connection itself comes from this machine, nobody says that it comes for somebody else, and it was meant for us: a
 * page elsewhere whose name suddenly leads here (DNS rebinding) asks by that name. `own`: the address of this site as
 * configured; null: none.
 */
export function isLocal({ raw, headers }: FastifyRequest, own: string | null): boolean {
  const { remoteAddress: from = '', localAddress: to = '' } = raw.socket
  if (!isLoopback(from) && from !== to) return false
  return FORWARDED.every((name) => headers[name] === undefined) && isOurs(nameOf(headers.host ?? ''), to, own)
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
