// A TCP server on loopback that does to each connection what it is told, and ends with all of them.
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Issued } from '../../src/demo/certificates.ts'

export interface Door {
  readonly port: number
  /** Connections taken so far. */
  readonly taken: () => number
  /** Resolves once all who came have left: what they said, to the last word, is heard. */
  left(): Promise<void>
  close(): Promise<void>
}

/** Opens a door. With a certificate it speaks TLS from the first byte. */
export async function openDoor(serve: (socket: Socket) => void, certificate?: Issued): Promise<Door> {
  const sockets = new Set<Socket>()
  let taken = 0
  const take = (socket: Socket) => {
    taken++
    socket.on('error', () => {})
    serve(socket)
  }
  const server = certificate
    ? createTlsServer({ key: certificate.key, cert: certificate.certificate }, take)
    : createServer(take)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a door without a port')
  return {
    port: address.port,
    taken: () => taken,
    left: async () => {
      for (const socket of sockets) await new Promise((gone) => socket.once('close', gone))
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** Writes again and again as fast as the peer reads, until it leaves. */
export function flood(socket: Socket, chunk: Buffer | string): void {
  const pour = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', pour)
  pour()
}

/** One byte now and then, for ever. */
export function drip(socket: Socket, text: string, rest: string, pause = 20): void {
  let at = 0
  const timer = setInterval(() => {
    socket.write(text[at] ?? rest)
    at++
  }, pause)
  socket.once('close', () => clearInterval(timer))
}

/** Opens a door for as long as the work at it takes. */
export async function atDoor<T>(
  serve: (socket: Socket) => void,
  work: (door: Door) => Promise<T>,
  certificate?: Issued,
): Promise<T> {
  const door = await openDoor(serve, certificate)
  try {
    return await work(door)
  } finally {
    await door.close()
  }
}

/** Takes what comes and says nothing. */
export function silent(socket: Socket): void {
  socket.resume()
}
