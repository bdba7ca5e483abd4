// Vectors of the specification's appendices "Canonical JSON" and "Signing JSON".
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, isSigned, keysFault } from '../../src/probes/matrix-keys.ts'
import { createHomeserver, signature, unpadded } from '../servers/matrix.ts'

/** "YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1", the specification's seed, as PKCS #8 (RFC 8410). */
const SEED = Buffer.from('YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1', 'base64')
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SEED]),
  format: 'der',
  type: 'pkcs8',
})
const publicKey = unpadded(Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x!, 'base64url'))

describe('canonical JSON', () => {
  it.each([
    ['{}', '{}'],
    ['{ "one": 1, "two": "Two" }', '{"one":1,"two":"Two"}'],
    ['{ "b": "2", "a": "1" }', '{"a":"1","b":"2"}'],
    [
      '{"auth":{"success":true,"mxid":"@john.doe:example.com","profile":{"display_name":"John Doe","three_pids":[{"medium":"email","address":"john.doe@example.org"},{"medium":"msisdn","address":"123456789"}]}}}',
      '{"auth":{"mxid":"@john.doe:example.com","profile":{"display_name":"John Doe","three_pids":[{"address":"john.doe@example.org","medium":"email"},{"address":"123456789","medium":"msisdn"}]},"success":true}}',
    ],
    ['{ "a": "日本語" }', '{"a":"日本語"}'],
    ['{ "本": 2, "日": 1 }', '{"日":1,"本":2}'],
    ['{ "a": "\\u65E5" }', '{"a":"日"}'],
    ['{ "a": null }', '{"a":null}'],
    ['{ "a": -0, "b": 1e10 }', '{"a":0,"b":10000000000}'],
    ['{ "\\ud83d\\ude00": 2, "\\uff5e": 1 }', '{"～":1,"😀":2}'],
  ])('%s is %s', (text, expected) => {
    expect(canonicalJson(JSON.parse(text))?.toString()).toBe(expected)
  })

  it('does not exist for fractions, what a number can not hold, and what is too deep', () => {
    expect(canonicalJson({ a: 1.5 })).toBeNull()
    expect(canonicalJson([2 ** 53])).toBeNull()
    expect(canonicalJson(JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)))).toBeNull()
  })

  it('means what it was made of', () => {
    const whole = fc.jsonValue().filter((value) => !JSON.stringify(value).match(/\.|e/))
    fc.assert(
      fc.property(whole, (value) => {
        const bytes = canonicalJson(value)
        if (bytes !== null) expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe('a signature', () => {
  it.each([
    [{}, 'K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ'],
    [{ one: 1, two: 'Two' }, 'KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw'],
  ])('of %j is that of the specification', (document, expected) => {
    expect(isSigned(canonicalJson(document)!, publicKey, expected)).toBe(true)
    expect(isSigned(canonicalJson({ ...document, more: 1 })!, publicKey, expected)).toBe(false)
    expect(unpadded(sign(null, canonicalJson(document)!, privateKey))).toBe(expected)
  })

  it('is no matter of luck', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, signed) => {
        expect(isSigned(Buffer.from('{}'), key, signed)).toBe(false)
      }),
    )
  })
})

describe('the keys of a server', () => {
  const home = createHomeserver('example.test')
  const fault = (bend?: (document: Record<string, unknown>) => void, now = Date.now()) =>
    keysFault(home.keys(bend) as Record<string, unknown>, 'example.test', now)

  it('are good when each is signed with itself', () => {
    expect(fault()).toBeNull()
    expect(
      fault((document) => {
        document.unsigned = { age: 1 }
      }),
    ).toBeNull()
  })

  it.each<[string, (document: Record<string, unknown>) => void, string]>([
    [
      'of another server',
      (d) => {
        d.server_name = 'other.test'
      },
      'the keys are of other.test, not example.test',
    ],
    [
      'of nobody',
      (d) => {
        delete d.server_name
      },
      'the keys are of nobody, not example.test',
    ],
    [
      'none',
      (d) => {
        d.verify_keys = {}
      },
      'no signing key is published',
    ],
    [
      'no map',
      (d) => {
        d.verify_keys = 'x'
      },
      'no signing key is published',
    ],
    [
      'unsigned',
      (d) => {
        d.signatures = {}
      },
      'the keys are not signed with ed25519:a_1',
    ],
    [
      'changed',
      (d) => {
        d.valid_until_ts = 1e15
      },
      'the signature of ed25519:a_1 is wrong',
    ],
    [
      'one more',
      (d) => {
        d.old_verify_keys = { 'ed25519:x': {} }
      },
      'the signature of ed25519:a_1 is wrong',
    ],
    [
      'no key',
      (d) => {
        d.verify_keys = { 'ed25519:a_1': { key: 'AAAA' } }
      },
      'the signature of ed25519:a_1 is wrong',
    ],
    [
      'a fraction',
      (d) => {
        d.valid_until_ts = 1.5
      },
      'the keys are no canonical JSON',
    ],
  ])('are bad when %s', (_, bend, note) => {
    expect(fault(bend)).toEqual({ note, dated: false })
  })

  it('expire', () => {
    const later = Date.now() + 2 * 86_400_000
    expect(fault(undefined, later)).toMatchObject({
      dated: true,
      note: expect.stringMatching(/^the keys expired \(\d{4}-/),
    })
  })

  it('make a fault or none of anything', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('server_name', 'verify_keys', 'signatures', 'valid_until_ts', '__proto__'),
          fc.jsonValue(),
        ),
        (document) => {
          expect(keysFault(document, 'example.test', 0)).not.toBeNull()
        },
      ),
    )
    expect(signature({}, privateKey)).toHaveLength(86)
  })
})
