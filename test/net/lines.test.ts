import type { Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '../../src/net/failure.ts'
import { createLines } from '../../src/net/lines.ts'
import { connect } from '../../src/net/system.ts'
import { type Door, drip, flood, openDoor } from '../servers/door.ts'

const doors: Door[] = []
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()))
})

async function talk(serve: (socket: Socket) => void) {
  const door = await openDoor(serve)
  doors.push(door)
  return connect({ address: '127.0.0.1', port: door.port, family: 4 }, new AbortController().signal)
}

const reasonOf = async (promise: Promise<unknown>) =>
  outcomeOf(
    await promise.then(
      () => new Error('no failure'),
      (error) => error,
    ),
  ).reason

describe('lines', () => {
  it('reads lines however they are cut, and ended by CRLF or LF', async () => {
    const socket = await talk((socket) => drip(socket, 'one\r\ntwö\nthree\r\n', '', 1))
    const lines = createLines(socket)
    expect([await lines.next(), await lines.next(), await lines.next()]).toEqual(['one', 'twö', 'three'])
  })

  it('gives back any bytes as the lines they hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, '')),
          { maxLength: 5 },
        ),
        async (wanted) => {
          const socket = await talk((socket) => socket.end(wanted.map((line) => `${line}\r\n`).join('')))
          const lines = createLines(socket)
          for (const line of wanted) expect(await lines.next()).toBe(Buffer.from(line).toString())
          expect(await reasonOf(lines.next())).toBe('closed')
        },
      ),
      { numRuns: 30 },
    )
  })

  it('gives up an endless line, and reads no further', async () => {
    const socket = await talk((socket) => flood(socket, 'x'.repeat(10_000)))
    expect(await reasonOf(createLines(socket).next())).toBe('protocol')
    expect(socket.bytesRead).toBeLessThan(1_000_000)
  })

  it('gives up endless lines', async () => {
    const socket = await talk((socket) => flood(socket, 'hello\r\n'.repeat(100)))
    const lines = createLines(socket)
    const all = async () => {
      for (;;) await lines.next()
    }
    expect(await reasonOf(all())).toBe('protocol')
  })

  it('says closed where the peer ends within a line, and reset where it resets', async () => {
    expect(await reasonOf(createLines(await talk((socket) => socket.end('half'))).next())).toBe('closed')
    const resetting = await talk((socket) => setTimeout(() => socket.resetAndDestroy(), 20))
    expect(await reasonOf(createLines(resetting).next())).toBe('reset')
  })

  it('reads up to a match for peers without lines', async () => {
    const lines = createLines(await talk((socket) => drip(socket, '<a/><b>c</b>', '', 1)))
    expect(await lines.until(/<\/b>/)).toBe('<a/><b>c</b>')
  })

  it('does not let go of a socket that said more than it should', async () => {
    const lines = createLines(await talk((socket) => socket.write('220 go\r\n250 injected\r\n')))
    await lines.next()
    expect(() => lines.release()).toThrow('in the clear')
  })
})
