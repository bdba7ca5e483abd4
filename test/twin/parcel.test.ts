import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pack, unpack } from '../../src/twin/parcel.ts'
import { LONGEST_MESSAGE } from '../../src/twin/wire.ts'

describe('a message on its way', () => {
  it.each([
    ['short', Buffer.from('{"count":1}')],
    ['long', Buffer.from(JSON.stringify(Array(500).fill({ subject: 'agreement', state: 'up' })))],
    ['as long as one may be', Buffer.alloc(LONGEST_MESSAGE, 'x')],
    ['of noise', randomBytes(3000)],
  ])('comes out as it went in: %s', async (_, message) => {
    const { body, headers } = await pack(message)
    expect((await unpack(body, headers['content-encoding']))?.equals(message)).toBe(true)
  })

  it('is smaller when it is long', async () => {
    const message = Buffer.from(JSON.stringify(Array(500).fill({ subject: 'agreement', state: 'up' })))
    expect((await pack(message)).body.length).toBeLessThan(message.length / 10)
  })

  it('is none when it isn’t what it says, packed in a way we don’t know, or a bomb', async () => {
    expect(await unpack(Buffer.from('{}'), 'gzip')).toBeNull()
    expect(await unpack(gzipSync('{"count":1}').subarray(0, 20), 'gzip')).toBeNull()
    expect(await unpack(Buffer.from('{}'), 'br')).toBeNull()
    expect(await unpack(Buffer.from('{}'), ['gzip', 'gzip'])).toBeNull()
    expect(await unpack(gzipSync(Buffer.alloc(LONGEST_MESSAGE + 1)), 'gzip')).toBeNull()
    expect(await unpack(gzipSync(Buffer.alloc(200 * 1024 * 1024)), 'gzip')).toBeNull()
  })
})
