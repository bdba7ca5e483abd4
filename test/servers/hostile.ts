// Servers that mean no good: each is a way in which a probe could hang, burn or burst.
import type { Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { DAY } from '../../src/core/time/time.ts'
import type { Authority } from '../../src/demo/certificates.ts'
import { type Issued, selfSigned } from '../../src/demo/certificates.ts'
import { drip, flood } from './door.ts'
import { upgrading } from './upgrade.ts'

export interface Hostile {
  readonly serve: (socket: Socket) => void
  /** It speaks TLS with this. */
  readonly certificate?: Issued
  readonly kind?: 'http' | 'tls' | 'tcp'
  readonly keys?: object
  /** Reasons a look may come to; null: it may be fine. */
  readonly reasons: readonly (string | null)[]
}

const OK = 'HTTP/1.1 200 OK\r\n'
const ENDLESS = `${OK}content-length: 10000000000\r\n\r\n`
const packed = (coding: string, bytes: Buffer) => (socket: Socket) => {
  socket.write(`${OK}content-encoding: ${coding}\r\ncontent-length: ${bytes.length}\r\n\r\n`)
  socket.write(bytes)
}
const say = (text: string | Buffer) => (socket: Socket) => {
  socket.write(text)
}
const heard = (answer: (socket: Socket) => void) => (socket: Socket) => socket.once('data', () => answer(socket))
const silent = (socket: Socket) => {
  socket.resume()
}

/** More than thirty of them, by what they do. */
export function hostileServers(authority: Authority, bombSize = 64_000_000): Readonly<Record<string, Hostile>> {
  const names = ['web.test']
  const good = authority.issue({ names })
  const zeros = Buffer.alloc(bombSize)
  const gzip = gzipSync(zeros)
  return {
    'is silent': { serve: silent, reasons: ['timeout'] },
    'drips its head for ever': { serve: (socket) => drip(socket, OK, 'x-a: b\r\n', 5), reasons: ['timeout'] },
    'drips its body for ever': { serve: heard((socket) => drip(socket, ENDLESS, 'x', 1)), reasons: ['timeout'] },
    'drips chunks for ever': {
      serve: heard((socket) => drip(socket, `${OK}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n', 1)),
      reasons: ['timeout'],
    },
    'resets at once': { serve: (socket) => socket.resetAndDestroy(), reasons: ['reset', 'closed'] },
    'resets when asked': { serve: heard((socket) => socket.resetAndDestroy()), reasons: ['reset'] },
    'resets within its body': {
      serve: heard((socket) => {
        socket.write(`${ENDLESS}abc`)
        setTimeout(() => socket.resetAndDestroy(), 20)
      }),
      reasons: ['reset'],
    },
    'ends at once': { serve: (socket) => socket.end(), reasons: ['closed', 'reset'] },
    'ends when asked': { serve: heard((socket) => socket.end()), reasons: ['closed'] },
    'ends within its head': { serve: heard((socket) => socket.end(`${OK}x-a: `)), reasons: ['closed', 'protocol'] },
    'ends within its body': { serve: heard((socket) => socket.end(`${ENDLESS}abc`)), reasons: ['closed'] },
    'ends within a chunk': {
      serve: heard((socket) => socket.end(`${OK}transfer-encoding: chunked\r\n\r\nff\r\nabc`)),
      reasons: ['closed'],
    },
    'speaks garbage': {
      serve: heard(say(Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7) & 255)))),
      reasons: ['protocol'],
    },
    'speaks NUL': { serve: heard((socket) => flood(socket, '\0'.repeat(10_000))), reasons: ['protocol'] },
    'speaks before it is asked': { serve: say('220 mx.test ESMTP\r\n'), reasons: ['protocol', 'closed'] },
    'has endless headers': {
      serve: heard((socket) => {
        socket.write(OK)
        flood(socket, 'x-header: value\r\n'.repeat(100))
      }),
      reasons: ['protocol'],
    },
    'has an endless header': {
      serve: heard((socket) => {
        socket.write(`${OK}x-a: `)
        flood(socket, 'a'.repeat(10_000))
      }),
      reasons: ['protocol'],
    },
    'has an endless status line': {
      serve: heard((socket) => {
        socket.write('HTTP/1.1 200 ')
        flood(socket, 'a'.repeat(10_000))
      }),
      reasons: ['protocol'],
    },
    'has endless answers before the answer': {
      serve: heard((socket) => flood(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100))),
      reasons: ['protocol'],
    },
    'has endless chunk extensions': {
      serve: heard((socket) => {
        socket.write(`${OK}transfer-encoding: chunked\r\n\r\n1;`)
        flood(socket, 'a'.repeat(10_000))
      }),
      reasons: ['protocol'],
    },
    'has endless trailers': {
      serve: heard((socket) => {
        socket.write(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`)
        flood(socket, 'x-a: b\r\n'.repeat(1_000))
      }),
      reasons: ['protocol'],
    },
    'has a body of 10 GB': {
      serve: heard((socket) => {
        socket.write(ENDLESS)
        flood(socket, 'x'.repeat(100_000))
      }),
      reasons: [null],
    },
    'is a gzip bomb': { serve: heard(packed('gzip', gzip)), reasons: [null] },
    'is a gzip bomb in a gzip bomb': { serve: heard(packed('gzip, gzip', gzipSync(gzip))), reasons: ['protocol'] },
    'is a brotli bomb': { serve: heard(packed('br', brotliCompressSync(zeros))), reasons: [null] },
    'is a gzip without an end': {
      serve: heard((socket) => {
        socket.write(`${OK}content-encoding: gzip\r\n\r\n`)
        socket.write(Buffer.from('1f8b0808000000000003', 'hex'))
        flood(socket, 'name'.repeat(1_000))
      }),
      reasons: [null, 'protocol'],
    },
    'redirects for ever': {
      serve: heard((socket) => socket.end('HTTP/1.1 302 Found\r\nlocation: /again\r\ncontent-length: 0\r\n\r\n')),
      keys: { redirects: 10 },
      reasons: ['status'],
    },
    'switches protocols': {
      serve: heard(say('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')),
      reasons: ['closed', 'protocol', 'timeout'],
    },
    'has two lengths': {
      serve: heard((socket) => socket.end(`${OK}content-length: 3\r\ncontent-length: 5\r\n\r\nabcde`)),
      reasons: ['protocol', 'closed'],
    },
    'never shakes hands': { serve: silent, kind: 'tls', reasons: ['timeout'] },
    'floods instead of shaking hands': {
      serve: (socket) => flood(socket, '\0'.repeat(10_000)),
      kind: 'tls',
      reasons: ['tls'],
    },
    'drips a handshake': {
      serve: (socket) => drip(socket, '\x16\x03\x03\x40\x00', 'x', 5),
      kind: 'tls',
      reasons: ['timeout', 'tls'],
    },
    'is expired': {
      serve: silent,
      certificate: authority.issue({ names, until: Date.UTC(2021, 0, 1) }),
      kind: 'tls',
      reasons: ['certificate'],
    },
    'is not yet valid': {
      serve: silent,
      certificate: authority.issue({ names, from: Date.now() + DAY }),
      kind: 'tls',
      reasons: ['certificate'],
    },
    'has the wrong name': {
      serve: silent,
      certificate: authority.issue({ names: ['other.test'] }),
      kind: 'tls',
      reasons: ['certificate'],
    },
    'signed itself': { serve: silent, certificate: selfSigned(names), kind: 'tls', reasons: ['certificate'] },
    'keeps its intermediate to itself': {
      serve: silent,
      certificate: authority.issue({ names, intermediate: 'missing' }),
      kind: 'tls',
      reasons: ['certificate'],
    },
    'injects after STARTTLS': {
      serve: upgrading('smtp', good, undefined, '250 hello\r\n'),
      kind: 'tls',
      keys: { starttls: 'smtp' },
      reasons: ['protocol'],
    },
    'greets with an endless line': {
      serve: (socket) => flood(socket, 'x'.repeat(10_000)),
      kind: 'tls',
      keys: { starttls: 'imap' },
      reasons: ['protocol'],
    },
    'greets for ever': {
      serve: (socket) => flood(socket, '220-hello\r\n'.repeat(100)),
      kind: 'tls',
      keys: { starttls: 'smtp' },
      reasons: ['protocol'],
    },
    'drips its greeting': {
      serve: (socket) => drip(socket, '', 'x', 1),
      kind: 'tcp',
      keys: { banner: 'SSH-' },
      reasons: ['timeout', 'protocol'],
    },
  }
}
