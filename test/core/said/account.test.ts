import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AccountFact, foldAccounts, isAccountName, parseAccountFact } from '../../../src/core/said/account.ts'

const digest = (letter: string) => letter.repeat(64)
const said = { by: 'ana', at: 1_000, name: 'bob' }
const credential = {
  password: { salt: 'c2FsdHNhbHRzYWx0', hash: 'aGFzaGhhc2hoYXNo', n: 32_768, r: 8, p: 3 },
  totp: 'GEZDGNBVGY3TQOJQ',
  codes: [digest('c'), digest('d')],
}
const FACTS: readonly AccountFact[] = [
  { ...said, type: 'account.invite', digest: digest('a'), expires: 9_000 },
  { ...said, type: 'account.credential', invitation: digest('a'), credential },
  { ...said, type: 'account.login', step: 7, code: null },
  { ...said, type: 'account.login', step: null, code: digest('c') },
  { ...said, type: 'account.token', digest: digest('e'), scopes: ['incidents'] },
  { ...said, type: 'account.revoke' },
  { ...said, type: 'account.remove' },
]

const fold = (facts: readonly AccountFact[]) => foldAccounts(facts.map((fact, at) => ({ mark: `home:${at}`, fact })))

describe('accounts', () => {
  it('are what was said of them, in order', () => {
    const { accounts, tokens } = fold(FACTS.slice(0, 5))
    expect(accounts.get('bob')).toEqual({
      name: 'bob',
      created: 1_000,
      credential: { ...credential, codes: [digest('d')] },
      mark: 'home:1',
      step: 7,
    })
    expect([...tokens.values()].map(({ name }) => name)).toEqual(['bob'])
    const gone = fold(FACTS)
    expect([gone.accounts.size, gone.invitations.size, gone.tokens.size]).toEqual([0, 0, 0])
  })

  it('need a link that is there: a second use, one of another name and one from before a removal are void', () => {
    const [invite, use] = FACTS as [AccountFact, AccountFact]
    const other: AccountFact = { ...use, name: 'eve' } as AccountFact
    expect(fold([invite, other]).accounts.size).toBe(0)
    expect(fold([invite, use, use]).accounts.get('bob')?.mark).toBe('home:1')
    expect(fold([invite, { ...said, type: 'account.remove' }, use]).accounts.size).toBe(0)
  })

  it('are read back as they were written', () => {
    for (const { type, ...payload } of FACTS)
      expect(parseAccountFact(type, JSON.parse(JSON.stringify(payload)))).toEqual({ type, ...payload })
  })

  it('are never made of garbage, and reading it never throws', () => {
    const types = fc.constantFrom(...FACTS.map(({ type }) => type), 'account.other')
    const broken = fc.tuple(fc.constantFrom(...FACTS), fc.string(), fc.jsonValue()).map(([fact, key, value]) => ({
      ...fact,
      [Object.keys(fact)[key.length % Object.keys(fact).length]!]: value,
    }))
    fc.assert(
      fc.property(types, fc.oneof(fc.jsonValue(), broken), (type, payload) => {
        const fact = parseAccountFact(type, payload)
        if (fact !== null) expect(isAccountName(fact.name)).toBe(true)
      }),
    )
    expect(
      parseAccountFact('account.credential', {
        ...said,
        invitation: digest('a'),
        credential: { ...credential, password: { ...credential.password, n: 2 ** 30 } },
      }),
    ).toBeNull()
  })
})
