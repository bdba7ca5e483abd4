import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/access/secrets.ts'
import { codeOf, createFolk, PASSWORD } from './folk.ts'

const MINUTE = 60_000
const from = { address: '192.0.2.7' }

describe('a one-time link', () => {
  it('is good once and for half an hour', async () => {
    const folk = createFolk()
    const { token } = folk.access.invite('ana', 'cli')
    expect(folk.access.invitation(token)?.name).toBe('ana')
    folk.at += 30 * MINUTE
    expect(folk.access.invitation(token)).toBeNull()
    folk.at -= 2 * MINUTE
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    const chosen = { password: PASSWORD, secret, code: codeOf(secret, folk.at) }
    expect(await folk.access.enrol(token, chosen)).toMatchObject({ account: { name: 'ana' } })
    expect(await folk.access.enrol(token, chosen)).toEqual({ fault: 'link' })
    expect(folk.access.invitation(token)).toBeNull()
  })

  it('is void after another one, after a removal, and on a clock that was set far back', () => {
    const folk = createFolk()
    const first = folk.access.invite('ana', 'cli').token
    const second = folk.access.invite('ana', 'cli').token
    expect(folk.access.invitation(first)).toBeNull()
    folk.at -= 24 * 60 * MINUTE
    expect(folk.access.invitation(second)).toBeNull()
    folk.at += 24 * 60 * MINUTE
    folk.access.remove('ana', 'cli')
    expect(folk.access.invitation(second)).toBeNull()
  })

  it('wants a password that is not guessed and a code that proves the app', async () => {
    const folk = createFolk()
    const { token } = folk.access.invite('ana', 'cli')
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    const choose = (password: string, code = codeOf(secret, folk.at)) =>
      folk.access.enrol(token, { password, secret, code })
    expect(await choose('court')).toEqual({ fault: 'short' })
    expect(await choose('aaaaaaaaaaaaaaaa')).toEqual({ fault: 'simple' })
    expect(await choose('anaanaanaana')).toEqual({ fault: 'simple' })
    expect(await choose('x'.repeat(300))).toEqual({ fault: 'long' })
    expect(await choose(PASSWORD, '000000')).toEqual({ fault: 'code' })
    folk.trusted = false
    expect(await choose(PASSWORD, '')).toMatchObject({ account: { name: 'ana' } })
  })
})

describe('logging in', () => {
  it('takes password and code of the app, each code once', async () => {
    const folk = createFolk()
    const { secret } = await folk.enrol('ana')
    folk.at += 5 * MINUTE
    const login = { name: ' Ana ', password: PASSWORD, code: codeOf(secret, folk.at), ...from }
    expect(await folk.access.login(login)).toMatchObject({ account: { name: 'ana' } })
    expect(await folk.access.login(login)).toEqual({ fault: 'wrong' })
    const earlier = codeOf(secret, folk.at - 30_000)
    expect(await folk.access.login({ ...login, code: earlier })).toEqual({ fault: 'wrong' })
    folk.at += 30_000
    const next = codeOf(secret, folk.at)
    expect(await folk.access.login({ ...login, code: `${next.slice(0, 3)} ${next.slice(3)}` })).toHaveProperty(
      'account',
    )
  })

  it('lets one code in once, however many try at the same time', async () => {
    const folk = createFolk()
    const { secret } = await folk.enrol('ana')
    const code = codeOf(secret, folk.at)
    const tries = [1, 2, 3, 4].map((host) =>
      folk.access.login({ name: 'ana', password: PASSWORD, code, address: `192.0.2.${host}` }),
    )
    expect((await Promise.all(tries)).filter((one) => 'account' in one)).toHaveLength(1)
  })

  it('says the same of a wrong name, a wrong password and a wrong code', async () => {
    const folk = createFolk()
    const { secret } = await folk.enrol('ana')
    const right = { name: 'ana', password: PASSWORD, code: codeOf(secret, folk.at), ...from }
    for (const wrong of [{ name: 'bob' }, { password: 'un autre mot de passe' }, { code: '000000' }, { code: '' }])
      expect(await folk.access.login({ ...right, ...wrong })).toEqual({ fault: 'wrong' })
    expect(await folk.access.login(right)).toHaveProperty('account')
  })

  it('takes a recovery code once, however it is typed, also while the clock is wrong', async () => {
    const folk = createFolk()
    const { secret, codes } = await folk.enrol('ana')
    expect(new Set(codes).size).toBe(10)
    folk.trusted = false
    const login = (code: string) => folk.access.login({ name: 'ana', password: PASSWORD, code, ...from })
    expect(await login(codeOf(secret, folk.at))).toEqual({ fault: 'clock' })
    expect(await login(codes[0]!.toUpperCase().replaceAll('-', ' '))).toHaveProperty('account')
    expect(await login(codes[0]!)).toEqual({ fault: 'wrong' })
    expect(folk.access.known().accounts.get('ana')?.credential.codes).toHaveLength(9)
    expect(JSON.stringify(folk.told)).not.toContain(codes[1])
  })

  it('gets in with a full disk, and a code is still worth nothing twice', async () => {
    const folk = createFolk()
    const { secret } = await folk.enrol('ana')
    folk.refusal = new Error('SQLITE_FULL')
    const login = { name: 'ana', password: PASSWORD, code: codeOf(secret, folk.at), ...from }
    expect(await folk.access.login(login)).toHaveProperty('account')
    expect(await folk.access.login(login)).toEqual({ fault: 'wrong' })
    expect(folk.warnings).toHaveLength(1)
  })

  it('gets slower with every wrong guess, is one at a time from an address, and is never refused for good', async () => {
    const folk = createFolk()
    const { secret } = await folk.enrol('ana')
    const guess = (address: string) => folk.access.login({ name: 'ana', password: PASSWORD, code: '000000', address })
    for (let count = 0; count < 8; count++) await guess('2001:db8::1')
    expect(folk.pauses).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 8000])
    await guess('2001:db8:0:0:ffff::2')
    expect(folk.pauses.at(-1)).toBe(8000)
    expect(await Promise.all([guess('2001:db8::3'), guess('2001:db8::4')])).toContainEqual({ fault: 'slow' })
    const right = { name: 'ana', password: PASSWORD, code: codeOf(secret, folk.at), address: '192.0.2.9' }
    expect(await folk.access.login(right)).toHaveProperty('account')
    expect(folk.pauses.at(-1)).toBe(4000)
  })

  it('takes as long for a name that nobody has', async () => {
    const folk = createFolk()
    await folk.enrol('ana')
    // Of the processor: what else the machine does lengthens only the time on the wall.
    const time = async (name: string) => {
      const before = process.cpuUsage()
      await folk.access.login({ name, password: 'un mot de passe faux', code: '123456', ...from })
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await time('ana')
    const [known, unknown] = [[] as number[], [] as number[]]
    for (let round = 0; round < 5; round++) {
      known.push(await time('ana'))
      unknown.push(await time(`nobody${round}`))
    }
    const middle = (times: number[]) => times.sort((a, b) => a - b)[2]!
    expect(middle(unknown) / middle(known)).toBeGreaterThan(0.6)
    expect(middle(unknown) / middle(known)).toBeLessThan(1.6)
  })

  it('ends with the account', async () => {
    const folk = createFolk()
    const { secret } = await folk.enrol('ana')
    expect(folk.access.remove('ana', 'cli')).toBe(true)
    expect(folk.access.remove('ana', 'cli')).toBe(false)
    const login = { name: 'ana', password: PASSWORD, code: codeOf(secret, folk.at), ...from }
    expect(await folk.access.login(login)).toEqual({ fault: 'wrong' })
  })
})

describe('an API key', () => {
  it('is known by its digest, is replaced by another of its name, and can be revoked', () => {
    const { access, told } = createFolk()
    const first = access.createToken('ci', ['incidents'], 'ana')
    expect(access.tokenOf(first)).toMatchObject({ name: 'ci', scopes: ['incidents'], by: 'ana' })
    const second = access.createToken('ci', ['maintenance'], 'ana')
    expect(access.tokenOf(first)).toBeNull()
    expect(access.tokenOf(second)?.scopes).toEqual(['maintenance'])
    expect(JSON.stringify(told)).not.toContain(second)
    expect(JSON.stringify(told)).toContain(digestOf(second))
    expect(access.revokeToken('ci', 'ana')).toBe(true)
    expect(access.tokenOf(second)).toBeNull()
    expect(access.revokeToken('ci', 'ana')).toBe(false)
  })
})
