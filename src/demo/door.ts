// Listeners of the replica and the talk behind them. Whoever comes in is a stranger: number, time, length and what
// waits to be sent are bounded.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { TLSSocket, type TLSSocketOptions } from 'node:tls'

export const LOOPBACK = '127.0.0.1'

/** A listener on loopback, on a port of its own. */
export interface Door {
  readonly port: number
  /** Ends what is open and waits until the port is free. */
  close(): Promise<void>
}

/** What a server shows of itself: a context for those who name nobody, and one for each name asked for. */
export type Identity = Required<Pick<TLSSocketOptions, 'secureContext' | 'SNICallback'>>

/** What a server says, and what it does after that. */
export interface Reply {
  readonly say: string
  readonly next?: 'tls' | 'close'
}

/** One side of a conversation. `hear` gets each piece without its end; undefined: nothing to say yet. */
export interface Session {
  readonly greeting: string
  hear(piece: string): Reply | undefined
}

export interface Dialogue {
  /** What ends a piece: a line in mail, a tag in XMPP. */
  readonly end: '\n' | '>'
  /** What it says instead of its greeting when it can't serve. */
  readonly excuse: string
  /** A new session: on a plain line, in TLS from the first byte, or in TLS after a STARTTLS. */
  begin(stage: Stage): Session
}

export type Stage = 'plain' | 'direct' | 'upgraded'

const MOST_GUESTS = 256
const PATIENCE = 30_000
const LONGEST_PIECE = 16_384
const MOST_UNSENT = 65_536

/** Listens on loopback. Connections that are silent for 30 s, and those above 256, are dropped. */
export async function openDoor(welcome: (socket: Socket) => void): Promise<Door> {
  const guests = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    guests.add(socket)
    socket.on('close', () => guests.delete(socket))
    bound(socket)
    welcome(socket)
  })
  server.maxConnections = MOST_GUESTS
  server.listen(0, LOOPBACK)
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const guest of guests) guest.destroy()
      await closed
    },
  }
}

/** Serves TLS on a connection: from its beginning, or from where a STARTTLS left it. */
export function secure(socket: Socket, identity: Identity): TLSSocket {
  socket.setTimeout(0)
  const secured = new TLSSocket(socket, { isServer: true, ...identity })
  bound(secured)
  return secured
}

/** Holds a dialogue on a new connection, in TLS from its first byte or until a STARTTLS without. */
export function converse(socket: Socket, dialogue: Dialogue, identity: Identity, stage: 'plain' | 'direct'): void {
  if (stage === 'direct') talk(secure(socket, identity), stage, nothingMore)
  else talk(socket, stage, upgrade)

  function talk(line: Socket, at: Stage, starttls: () => void): void {
    const session = dialogue.begin(at)
    let heard = ''
    line.on('data', hear)
    line.write(session.greeting)

    function hear(chunk: Buffer): void {
      heard += chunk.toString('latin1')
      for (let end = heard.indexOf(dialogue.end); end !== -1; end = heard.indexOf(dialogue.end)) {
        const piece = heard.slice(0, end)
        heard = heard.slice(end + 1)
        const reply = session.hear(piece)
        if (!reply) continue
        line.write(reply.say)
        if (reply.next) line.off('data', hear)
        if (reply.next === 'tls') starttls()
        if (reply.next === 'close') line.resume().end()
        if (reply.next) return
      }
      if (heard.length > LONGEST_PIECE || line.writableLength > MOST_UNSENT) line.destroy()
    }
  }

  /** What was said beyond the STARTTLS went with the session before: it was not said in TLS. */
  function upgrade(): void {
    talk(secure(socket, identity), 'upgraded', nothingMore)
  }

  function nothingMore(): void {
    socket.destroy()
  }
}

function bound(socket: Socket): void {
  socket.on('error', () => socket.destroy())
  socket.setTimeout(PATIENCE, () => socket.destroy())
}
