import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Entry, Unsealed } from '../../src/core/ledger/entry.ts'
import { openKey } from '../../src/twin/key.ts'
import { hashOf, seal, verify } from '../../src/twin/seal.ts'
import { faultInChain } from './chain.ts'

const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'vigie-seal-')))
const [key, other] = folders.map(openKey) as [ReturnType<typeof openKey>, ReturnType<typeof openKey>]
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const fields: fc.Arbitrary<Unsealed> = fc.record({
  origin: fc.string(),
  seq: fc.nat(),
  hlc: fc.record({ at: fc.maxSafeInteger(), count: fc.nat(0xffff_ffff) }),
  seen: fc.dictionary(fc.string(), fc.nat(), { maxKeys: 4 }),
  type: fc.string(),
  payload: fc.uint8Array({ maxLength: 300 }),
  prev: fc.string(),
})

const ENTRY: Unsealed = {
  origin: 'home',
  seq: 7,
  hlc: { at: 1_795_510_800_000, count: 2 },
  seen: { offsite: 12 },
  type: 'alert.sent',
  payload: Buffer.from('{"a":1}'),
  prev: 'ab',
}

describe('a seal', () => {
  it('is good for what was sealed, whatever it was', () => {
    fc.assert(fc.property(fields, (one) => verify(seal(one, key), key.publicKey)))
  })

  it('is not good for another entry, nor another key', () => {
    fc.assert(
      fc.property(fields, fields, (one, two) => {
        fc.pre(JSON.stringify(ordered(one)) !== JSON.stringify(ordered(two)))
        return !verify({ ...two, signature: seal(one, key).signature }, key.publicKey)
      }),
    )
    expect(verify(seal(ENTRY, key), other.publicKey)).toBe(false)
  })

  const sealed = seal(ENTRY, key)
  const changed: readonly [string, Partial<Entry>][] = [
    ['origin', { origin: 'hom' }],
    ['number', { seq: 8 }],
    ['time', { hlc: { at: ENTRY.hlc.at + 1, count: 2 } }],
    ['count', { hlc: { at: ENTRY.hlc.at, count: 3 } }],
    ['knowledge', { seen: { offsite: 13 } }],
    ['knowledge of others', { seen: { offsite: 12, third: 0 } }],
    ['type', { type: 'alert.sen' }],
    ['border between type and predecessor', { type: 'alert.sentab', prev: '' }],
    ['predecessor', { prev: 'ac' }],
    ['payload, meaning the same', { payload: Buffer.from('{"a": 1}') }],
    ['signature', { signature: Buffer.alloc(64) }],
    ['length of the signature', { signature: Buffer.alloc(63) }],
    ['number into none', { seq: 7.5 }],
    ['text into none', { type: '\ud800' }],
  ]
  it.each(changed)('breaks with a changed %s', (_, change) => {
    expect(verify(sealed, key.publicKey)).toBe(true)
    expect(verify({ ...sealed, ...change }, key.publicKey)).toBe(false)
  })

  it('does not depend on the order in which `seen` was written', () => {
    const there = seal({ ...ENTRY, seen: { a: 1, b: 2 } }, key)
    expect(verify({ ...there, seen: { b: 2, a: 1 } }, key.publicKey)).toBe(true)
  })

  it('signs the bytes that the file documents', () => {
    const bytes: Buffer[] = []
    const sign = (given: Uint8Array) => {
      bytes.push(Buffer.from(given))
      return Buffer.alloc(64)
    }
    const spy = { publicKey: key.publicKey, sign }
    seal(
      {
        origin: 'é',
        seq: 1,
        hlc: { at: -1, count: 3 },
        seen: { b: 5 },
        type: 't',
        payload: Buffer.from([9]),
        prev: '',
      },
      spy,
    )
    expect(bytes[0]!.toString('hex')).toBe(
      [
        `0000000d${Buffer.from('vigie entry 1').toString('hex')}`,
        '00000002c3a9',
        '0000000000000001',
        'ffffffffffffffff',
        '00000003',
        '00000001',
        '0000000162',
        '0000000000000005',
        '0000000174',
        '00000000',
        '0000000109',
      ].join(''),
    )
  })
})

describe('a chain', () => {
  const chain: Entry[] = []
  for (const seq of [1, 2, 3]) {
    const prev = chain.length === 0 ? '' : hashOf(chain.at(-1)!)
    chain.push(seal({ ...ENTRY, seq, hlc: { at: 1000, count: seq }, prev }, key))
  }

  it('is good as it was made', () => {
    expect(faultInChain(chain, key.publicKey)).toBeNull()
    expect(faultInChain([], key.publicKey)).toBeNull()
  })

  it('shows a missing, an altered and a foreign entry', () => {
    expect(faultInChain([chain[0]!, chain[2]!], key.publicKey)).toMatch(/entry 2 is missing/)
    expect(faultInChain(chain.slice(1), key.publicKey)).toMatch(/entry 1 is missing/)
    const altered = { ...chain[1]!, payload: Buffer.from('{}') }
    expect(faultInChain([chain[0]!, altered, chain[2]!], key.publicKey)).toMatch(/signature of entry 2/)
    const resealed = seal(altered, key)
    expect(faultInChain([chain[0]!, resealed, chain[2]!], key.publicKey)).toMatch(/entry 3 does not follow/)
    expect(faultInChain(chain, other.publicKey)).toMatch(/signature of entry 1/)
  })

  it('shows a clock that runs backwards', () => {
    const second = seal({ ...ENTRY, seq: 2, hlc: { at: 999, count: 9 }, prev: hashOf(chain[0]!) }, key)
    expect(faultInChain([chain[0]!, second], key.publicKey)).toMatch(/runs backwards/)
  })
})

function ordered(one: Unsealed): unknown {
  return { ...one, payload: [...one.payload], seen: Object.entries(one.seen).sort() }
}
