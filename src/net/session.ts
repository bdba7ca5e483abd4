// A conversation in lines, in the clear or in TLS, up to where both know what is offered.
import type { Socket } from 'node:net'
import type { HostPort } from '../core/settings.ts'
import { type Dialect, type Offers, unoffered } from './dialect.ts'
import { failed } from './failure.ts'
import { createLines, type Lines } from './lines.ts'
import type { Look } from './look.ts'

/** TLS after STARTTLS, from the first byte, where offered, or never. */
export const TLS_USES = ['starttls', 'direct', 'optional', 'none'] as const
export type TlsUse = (typeof TLS_USES)[number]

export interface Session<D extends Dialect = Dialect> {
  readonly dialect: D
  readonly lines: Lines
  readonly greeting: string
  readonly offers: Offers
  /** True: TLS began with STARTTLS. */
  readonly upgraded: boolean
  /** The connection: its far end's address is that of the server. */
  readonly socket: Socket
}

/** No answer of a mail server is that long, and no conversation of ours with it. */
const LONGEST_LINE = 16_384
const LONGEST_TALK = 262_144

/**
 * Dials, greets, goes on in TLS and asks what is offered; marks `greeting`, `starttls`, `offers` beside what dialling
 * marks. Throws `certificate` for a bad one, whatever `use` says: nothing is told to a server that isn't known.
 */
export async function openSession<D extends Dialect>(
  look: Look,
  target: HostPort,
  use: TlsUse,
  dialect: D,
): Promise<Session<D>> {
  const socket = await look.dial(target)
  const first = use === 'direct' ? await trusted(look, socket, target.host, dialect) : socket
  const lines = createLines(first, LONGEST_LINE, LONGEST_TALK)
  try {
    look.begin('greeting')
    const greeting = await dialect.greet(lines)
    look.mark('greeting')
    const session = { dialect, greeting, socket }
    if (use === 'none' || use === 'direct') {
      const offers = dialect.toldBy(greeting) ?? (await askOffers(look, dialect, lines, false))
      return { ...session, lines, offers, upgraded: false }
    }
    look.begin('starttls')
    const offers = dialect.toldBy(greeting) ?? (await dialect.offers(lines, false))
    if (!offers.starttls) {
      if (use === 'starttls') throw unoffered()
      look.mark('starttls')
      return { ...session, lines, offers, upgraded: false }
    }
    await dialect.startTls(lines)
    const plain = lines.release()
    look.mark('starttls')
    const secured = createLines(await trusted(look, plain, target.host, dialect), LONGEST_LINE, LONGEST_TALK)
    return { ...session, lines: secured, offers: await askOffers(look, dialect, secured, true), upgraded: true }
  } catch (error) {
    lines.leave(dialect.farewell)
    throw error
  }
}

async function askOffers(look: Look, dialect: Dialect, lines: Lines, secured: boolean): Promise<Offers> {
  look.begin('offers')
  const told = await dialect.offers(lines, secured)
  look.mark('offers')
  return told
}

/** Goes on in TLS. A server whose certificate is bad hears a good-bye and nothing else. */
async function trusted(look: Look, plain: Socket, name: string, { farewell }: Dialect): Promise<Socket> {
  const { socket, fault, facts } = await look.secure(plain, name)
  if (fault === null) return socket
  socket.end(`${farewell}\r\n`)
  throw failed({ ok: false, reason: 'certificate', note: fault.note, dated: fault.dated, tls: facts })
}

/** Takes leave, if anybody still listens; whoever dialled closes. */
export function takeLeave({ lines, dialect }: Session): void {
  lines.leave(dialect.farewell)
}
