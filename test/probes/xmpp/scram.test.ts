import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createScram } from '../../../src/probes/xmpp/scram.ts'

const login = { user: 'user', password: 'pencil' }

describe('SCRAM', () => {
  it('says what RFC 5802, 5 says', async () => {
    const scram = createScram('sha1', login, 'fyko+d2lbbFgONRv9qkxdawL', new Map())
    expect(scram.first).toBe('n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL')
    const challenge = 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096'
    expect(await scram.prove(challenge)).toBe(
      'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    )
    expect(scram.trusts('v=rmF9pqV8S7suAoZWja4dJRkFsKQ=')).toBe(true)
    expect(scram.trusts('v=rmF9pqV8S7suAoZWja4dJRkFsKE=')).toBe(false)
    expect(scram.trusts('e=other-error')).toBe(false)
  })

  it('says what RFC 7677, 3 says', async () => {
    const scram = createScram('sha256', login, 'rOprNGfwEbeRWgbNEkqO', new Map())
    const challenge = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'
    expect(await scram.prove(challenge)).toMatch(/,p=dHzbZapWIk4jUhN\+Ute9ytag9zjfMHgsqmmiz7AndVQ=$/)
    expect(scram.trusts('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toBe(true)
  })

  it('writes a user so that nothing in it can be taken for more', () => {
    expect(createScram('sha1', { ...login, user: 'a,n=b' }, 'x', new Map()).first).toBe('n,,n=a=2Cn=3Db,r=x')
  })

  it.each([
    ['another nonce', 'r=other,s=QSXCR+Q6sek8bf92,i=4096'],
    ['no nonce of its own', 'r=mine,s=QSXCR+Q6sek8bf92,i=4096'],
    ['work without end', 'r=minetheirs,s=QSXCR+Q6sek8bf92,i=9999999'],
    ['no work', 'r=minetheirs,s=QSXCR+Q6sek8bf92,i=0'],
    ['an extension it must know', 'm=x,r=minetheirs,s=QSXCR+Q6sek8bf92,i=4096'],
  ])('does not answer a challenge with %s', async (_, challenge) => {
    const scram = createScram('sha1', login, 'mine', new Map())
    expect(await scram.prove(challenge)).toBeUndefined()
    expect(scram.trusts('v=')).toBe(false)
  })

  it('works a password out once', async () => {
    const salted = new Map<string, Buffer>()
    const challenge = 'r=minetheirs,s=QSXCR+Q6sek8bf92,i=4096'
    const first = await createScram('sha1', login, 'mine', salted).prove(challenge)
    expect(salted.size).toBe(1)
    expect(await createScram('sha1', login, 'mine', salted).prove(challenge)).toBe(first)
    expect(salted.size).toBe(1)
  })

  it('takes any challenge', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (challenge, final) => {
        const scram = createScram('sha256', login, 'mine', new Map())
        expect(await scram.prove(challenge)).toBeUndefined()
        expect(scram.trusts(final)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})
