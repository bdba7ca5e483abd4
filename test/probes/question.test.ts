import { type Answer, encode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../src/net/failure.ts'
import { askDns, read } from '../../src/probes/question.ts'
import { formatRecord } from '../../src/probes/record.ts'
import { loopback } from '../servers/loopback.ts'

const record = (type: string, data: unknown, name = 'example.test') => ({ type, name, ttl: 60, data }) as Answer

describe('a server that the system leads nowhere to', () => {
  it('is the question’s failure, with the system’s code, and no crash', async () => {
    const broadcast = { address: '255.255.255.255', family: 4, port: 53 } as const
    const question = { name: 'example.test', type: 'A', recursive: true }
    await expect(askDns(loopback(), broadcast, question, AbortSignal.timeout(500))).rejects.toMatchObject({
      code: 'EACCES',
    })
  })
})

describe('packets', () => {
  const question = { name: 'example.test', type: 'A', recursive: true }
  const good = encode({
    type: 'response',
    id: 7,
    questions: [{ name: 'Example.TEST', type: 'A' }],
    answers: [record('A', '192.0.2.1'), record('TXT', ['x']), record('CAA', { tag: 'issue', value: 'v' })],
  })

  it('passes over what does not answer the question', () => {
    expect(read(good, 7, question)).toMatchObject({ rcode: 'NOERROR' })
    expect(read(good, 8, question)).toBeUndefined()
    expect(read(good, 7, { ...question, type: 'MX' })).toBeUndefined()
    expect(read(good, 7, { ...question, name: 'other.test' })).toBeUndefined()
    expect(
      read(encode({ type: 'query', id: 7, questions: [{ name: 'example.test', type: 'A' }] }), 7, question),
    ).toBeUndefined()
  })

  it('throws nothing but what it promises on any bytes', () => {
    const anything = fc.oneof(
      fc.uint8Array({ minLength: 0, maxLength: 80 }),
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 }).map((changes) => {
        const bytes = Uint8Array.from(good)
        for (const [at, value] of changes) bytes[at] = value
        return bytes
      }),
    )
    fc.assert(
      fc.property(anything, (bytes) => {
        try {
          const reply = read(Buffer.from(bytes), 7, question)
          if (reply && reply !== 'truncated')
            for (const answer of reply.answers) expect(typeof formatRecord(answer)).toBe('string')
        } catch (error) {
          expect(outcomeOf(error)).toMatchObject({ ok: false, reason: 'protocol' })
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
