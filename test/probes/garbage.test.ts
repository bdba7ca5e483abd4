import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { http } from '../../src/probes/http.ts'
import { type Door, openDoor } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { probeOf } from './settings.ts'

/** Pieces of HTTP, in any order and number. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'HTTP/1.1 200 OK\r\n',
      'HTTP/1.1 101 Switching\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 103 Early\r\n\r\n',
      'HTTP/1.0 404\r\n',
    ],
    ...[
      'HTTP/1.1 204 No\r\n\r\n',
      'HTTP/1.1 302 Found\r\nlocation: /\r\n',
      'content-length: 3\r\n',
      'content-length: -1\r\n',
      'content-length: 99999999999999999999\r\n',
    ],
    ...[
      'transfer-encoding: chunked\r\n',
      'transfer-encoding: gzip, chunked\r\n',
      'content-encoding: gzip\r\n',
      'content-encoding: br\r\n',
      'connection: close\r\n',
    ],
    ...[
      'connection: upgrade\r\n',
      'upgrade: websocket\r\n',
      'keep-alive: timeout=5\r\n',
      'connection: keep-alive\r\n',
      '__proto__: x\r\n',
      ': x\r\n',
      ' folded\r\n',
    ],
    ...[
      '\r\n',
      '\n',
      '\r',
      '0\r\n\r\n',
      '3\r\nabc\r\n',
      'ffffffffffffffff\r\n',
      'abc',
      '\0',
      'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc',
    ],
  ),
  fc.string({ maxLength: 20 }),
)
const answer = fc.tuple(
  fc.array(fc.tuple(piece, fc.boolean()), { maxLength: 12 }),
  fc.constantFrom('end', 'reset', 'stay'),
)

let door: Door
let script: { pieces: (readonly [string, boolean])[]; then: string }
beforeAll(async () => {
  door = await openDoor(async (socket) => {
    const { pieces, then } = script
    for (const [text, pause] of pieces) {
      socket.write(text)
      if (pause) await new Promise((resolve) => setImmediate(resolve))
    }
    if (then === 'end') socket.end()
    if (then === 'reset') socket.resetAndDestroy()
  })
})
afterAll(() => door.close())

describe('http', () => {
  it('makes an outcome of any answer, and never a surprise', async () => {
    const probe = probeOf(http, `http://web.test:${door.port}/`, { redirects: 1, contains: 'abc' })
    await fc.assert(
      fc.asyncProperty(answer, async ([pieces, then]) => {
        script = { pieces, then }
        const { outcome } = await lookWith(probe, { timeout: 50 })
        expect(outcome.ok === null ? outcome.reason : 'seen').toBe('seen')
      }),
      { numRuns: 200 },
    )
  })
})
