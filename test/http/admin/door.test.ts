import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { becomeAdmin, codeOf, createCaller, errand, hiddenIn, PASSWORD } from './caller.ts'
import { type House, openHouse } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

describe('a one-time link', () => {
  it('makes an account and a session, and nothing the second time', async () => {
    const { path } = (await errand(house, { does: 'invite', name: 'carl' })) as { path: string }
    const carl = createCaller(house.url)
    const { body } = await carl.get(path)
    expect(body).toContain('Bienvenue, carl')
    const fields = { ...hiddenIn(body, path), password: PASSWORD }
    const { secret } = fields as unknown as { secret: string }
    const wrong = await carl.post(path, { ...fields, code: '000000' })
    expect([wrong.status, hiddenIn(wrong.body, path).secret]).toEqual([422, secret])
    const short = await carl.post(path, { ...fields, password: 'court', code: codeOf(secret) })
    expect(short.body).toContain('trop court')
    const done = await carl.post(path, { ...fields, code: codeOf(secret) })
    expect(done.body.match(/<code>/g)).toHaveLength(10)
    expect((await carl.get('/admin/')).status).toBe(200)

    const thief = createCaller(house.url)
    expect((await thief.get(path)).status).toBe(404)
    const again = await thief.submit('/admin/login', '/admin/login')
    expect(again.status).not.toBe(303)
    const replayed = await thief.post(path, {
      ...fields,
      form: hiddenIn((await thief.get('/admin/login')).body, '/admin/login').form!,
      code: codeOf(secret, 1),
    })
    expect(replayed.status).toBe(404)
    expect(thief.cookies.has('vigie-lan')).toBe(false)
  })

  it('is not used up by whoever only looks at it', async () => {
    const { path } = (await errand(house, { does: 'invite', name: 'dora' })) as { path: string }
    for (let look = 0; look < 3; look++) expect((await createCaller(house.url).get(path)).status).toBe(200)
    expect((await createCaller(house.url).get('/admin/welcome/nonsense')).status).toBe(404)
  })
})

describe('a session', () => {
  it('begins with a fresh secret, whatever cookie was there before', async () => {
    const ana = await becomeAdmin(house, 'ana')
    const before = ana.cookies.get('vigie-lan')!
    const planted = createCaller(house.url)
    planted.cookies.set('vigie-lan', 'x'.repeat(43))
    planted.cookies.set('vigie-lan-guest', 'y'.repeat(43))
    const inside = await planted.submit('/admin/login?next=/admin/mail/', '/admin/login', {
      name: 'ana',
      password: PASSWORD,
      code: ana.codes[0]!,
    })
    expect([inside.status, inside.to]).toEqual([303, '/admin/mail/'])
    const after = planted.cookies.get('vigie-lan')!
    expect(after).not.toBe('x'.repeat(43))
    expect(after).not.toBe(before)
    const cookie = inside.headers.getSetCookie().find((line) => line.startsWith('vigie-lan='))!
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).not.toMatch(/Max-Age|Expires/)
  })

  it('ends when one logs out, and everywhere when the credential changes', async () => {
    const eve = await becomeAdmin(house, 'eve')
    const other = createCaller(house.url)
    await other.submit('/admin/login', '/admin/login', {
      name: 'eve',
      password: PASSWORD,
      code: eve.codes[0]!,
      trust: 'yes',
    })
    expect((await other.get('/admin/')).status).toBe(200)
    const kept = new Map(other.cookies)
    await other.submit('/admin/', '/admin/logout')
    other.cookies.clear()
    for (const [name, value] of kept) other.cookies.set(name, value)
    expect((await other.get('/admin/')).to).toBe('/admin/login')

    expect((await eve.get('/admin/')).status).toBe(200)
    const renewed = await eve.submit('/admin/accounts/', '/admin/accounts/renew', { password: PASSWORD })
    expect(renewed.to).toMatch(/^\/admin\/welcome\//)
    const { body } = await eve.get(renewed.to!)
    const old = eve.cookies.get('vigie-lan')
    const { secret } = hiddenIn(body, renewed.to!) as { secret: string }
    const fields = { ...hiddenIn(body, renewed.to!), password: `${PASSWORD} neuf`, code: codeOf(secret) }
    expect((await eve.post(renewed.to!, fields)).status).toBe(200)
    expect((await eve.get('/admin/')).status).toBe(200)
    eve.cookies.set('vigie-lan', old!)
    expect((await eve.get('/admin/')).to).toBe('/admin/login')
  })

  it('that is over needs no login to log out of', async () => {
    const max = await becomeAdmin(house, 'max')
    const fields = hiddenIn((await max.get('/admin/')).body, '/admin/logout')
    const over = max.cookies.get('vigie-lan')!
    await max.post('/admin/logout', fields)
    max.cookies.set('vigie-lan', over)
    const { status, to } = await max.post('/admin/logout', fields)
    expect([status, to, max.cookies.has('vigie-lan')]).toEqual([303, '/admin/login', false])
  })

  it('that ends while somebody writes gives back what they wrote', async () => {
    const kim = await becomeAdmin(house, 'kim')
    const fields = { ...hiddenIn((await kim.get('/admin/incidents/new')).body, '/admin/incidents/new') }
    await kim.submit('/admin/', '/admin/logout')
    const answer = await kim.post('/admin/incidents/new', {
      ...fields,
      'text.fr': 'Un long texte <b>écrit</b> la nuit.',
    })
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('Un long texte &lt;b&gt;écrit&lt;/b&gt; la nuit.')
    expect(house.board.incidents().some(({ by }) => by === 'kim')).toBe(false)
  })

  it('is refused a second use of the same code of the app', async () => {
    const fay = await becomeAdmin(house, 'fay')
    const code = codeOf(fay.secret)
    const log = () =>
      createCaller(house.url).submit('/admin/login', '/admin/login', { name: 'fay', password: PASSWORD, code })
    expect((await log()).status).toBe(303)
    const replayed = await log()
    expect(replayed.status).toBe(401)
    expect(replayed.body).toContain('Un code ne sert qu’une fois')
  })

  it('leads back to where one was going, and nowhere else', async () => {
    const stranger = createCaller(house.url)
    expect((await stranger.get('/admin/incidents/new?service=web')).to).toBe(
      '/admin/login?next=%2Fadmin%2Fincidents%2Fnew%3Fservice%3Dweb',
    )
    for (const next of [
      '//evil.example/admin/',
      'https://evil.example/',
      '/admin/..//evil.example',
      '/admin/\\evil',
      'javascript:alert(1)',
    ]) {
      const { body } = await stranger.get(`/admin/login?next=${encodeURIComponent(next)}`)
      expect(hiddenIn(body, '/admin/login').next).toBe('/admin/')
    }
  })
})

describe('a change', () => {
  it('is made by a form of ours alone', async () => {
    const gus = await becomeAdmin(house, 'gus')
    const fields = { 'title.fr': 'Faux', 'text.fr': 'Faux.', services: ['web'] }
    const { form, once } = hiddenIn((await gus.get('/admin/incidents/new')).body, '/admin/incidents/new') as {
      form: string
      once: string
    }
    const post = (more: Record<string, string>, headers: Record<string, string>) =>
      gus.post('/admin/incidents/new', { ...fields, once, ...more }, headers)
    const refused = [
      await post({ form }, { origin: 'https://evil.example' }),
      await post({ form }, { origin: 'null' }),
      await post({ form }, { origin: house.url, 'sec-fetch-site': 'cross-site' }),
      await post({ form }, { origin: house.url, 'sec-fetch-site': 'same-site' }),
      await post({}, {}),
      await post({ form: 'x'.repeat(43) }, {}),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403])
    expect(house.board.incidents().filter(({ by }) => by === 'gus')).toEqual([])
    const other = await becomeAdmin(house, 'hal')
    const stolen = hiddenIn((await other.get('/admin/incidents/new')).body, '/admin/incidents/new')
    expect((await post({ form: stolen.form! }, {})).status).toBe(403)
    expect((await gus.get('/admin/incidents/new?title.fr=Faux&form=x')).status).toBe(200)
    expect((await post({ form }, {})).status).toBe(303)
    expect((await post({ form }, {})).status).toBe(303)
    expect(house.board.incidents().filter(({ by }) => by === 'gus')).toHaveLength(1)
  })

  it('of who may do what wants the password again', async () => {
    const ida = await becomeAdmin(house, 'ida')
    for (const [action, fields] of [
      ['invite', { name: 'mallory' }],
      ['remove', { name: 'gus' }],
      ['key', { name: 'leak', scopes: 'incidents' }],
      ['renew', {}],
    ] as const) {
      const path = `/admin/accounts/${action}`
      const answer = await ida.submit('/admin/accounts/', path, { ...fields, password: 'pas le bon mot' })
      expect([path, answer.status]).toEqual([path, 422])
    }
    const { accounts, invitations, tokens } = house.access.known()
    expect(accounts.has('gus')).toBe(true)
    expect(tokens.size).toBe(0)
    expect([...invitations.values()].map(({ name }) => name)).not.toContain('mallory')
  }, 60_000)
})

describe('a password that must wait', () => {
  it('is not called wrong', async () => {
    const kai = await becomeAdmin(house, 'kai')
    const renew = () => kai.submit('/admin/accounts/', '/admin/accounts/renew', { password: PASSWORD })
    const [first, second] = await Promise.all([renew(), renew()])
    expect([first.status, second.status].toSorted()).toEqual([303, 429])
    const { body } = [first, second].find(({ status }) => status === 429)!
    expect(body).toContain('le mot de passe n’a pas été comparé')
    expect(body).not.toContain('ce n’est pas votre mot de passe')
  })
})

describe('what is asked from elsewhere', () => {
  it('is refused in the clear through a proxy, and let in over TLS through one that is named', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
    const unnamed = await createCaller(house.url).get('/admin/login', forwarded)
    expect(unnamed.status).toBe(403)
    expect(unnamed.body).toContain('proxy:')
    const named = await openHouse({ proxy: ['127.0.0.1'] })
    try {
      const caller = createCaller(named.url)
      expect((await caller.get('/admin/login', { ...forwarded, 'x-forwarded-proto': 'http' })).status).toBe(403)
      const login = await caller.get('/admin/login', forwarded)
      expect(login.status).toBe(200)
      const cookie = login.headers.getSetCookie().join()
      expect(cookie).toMatch(/^__Host-vigie-guest=/)
      expect(cookie).toMatch(/Secure/)
      expect(cookie).toMatch(/Path=\//)
      expect(cookie).not.toMatch(/Domain/)
    } finally {
      await named.close()
    }
  })

  it('is answered with headers that let no other page use it', async () => {
    const { headers } = await createCaller(house.url).get('/admin/login')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it('is answered in the language it asks for, until another is chosen', async () => {
    const caller = createCaller(house.url)
    expect((await caller.get('/admin/login')).body).toContain('<html lang="fr">')
    expect((await caller.get('/admin/login', { 'accept-language': 'de, en;q=0.8' })).body).toContain('<html lang="en">')
    const chosen = await caller.submit('/admin/login', '/admin/language', { to: 'en' })
    expect(chosen.to).toBe('/admin/login')
    expect((await caller.get('/admin/login')).body).toContain('<html lang="en">')
  })

  it('is told that the clock is wrong, when it is, and let in with a recovery code', async () => {
    const jan = await becomeAdmin(house, 'jan')
    const { line } = house.memory
    house.memory.line = { ...line, clock: false }
    try {
      const caller = createCaller(house.url)
      expect((await caller.get('/admin/login')).body).toContain('seuls les codes de secours marchent')
      const log = (code: string) =>
        caller.submit('/admin/login', '/admin/login', { name: 'jan', password: PASSWORD, code })
      const refused = await log(codeOf(jan.secret))
      expect([refused.status, refused.body.includes('prenez un code de secours')]).toEqual([401, true])
      expect((await log(jan.codes[0]!)).status).toBe(303)
    } finally {
      house.memory.line = line
    }
  })
})

describe('a site that becomes an observer', () => {
  it('lets nobody in from then on, nor knows who might come, and does again as a full site', async () => {
    const house = await openHouse()
    onTestFinished(() => house.close())
    const ida = await becomeAdmin(house, 'ida')
    const token = house.access.createToken('ida-key', ['incidents'], 'ida')
    const incidents = () =>
      fetch(`${house.url}/admin/api/v1/incidents`, { headers: { authorization: `Bearer ${token}` } })
    const full = house.memory.configuration
    // The accounts were made on home, a full site: that this one has them is what is wrong.
    const asRole = (role: 'full' | 'observer') => {
      const site = { ...full.site, id: 'offsite', role }
      const home = { ...full.site, url: 'https://a.elsewhere.example/' }
      house.memory.configuration = { ...full, site, sites: [home, site] }
      house.configured()
    }
    expect([(await ida.get('/admin/')).status, (await incidents()).status]).toEqual([200, 200])
    asRole('observer')
    expect([house.access.known().accounts.size, house.access.known().tokens.size]).toEqual([0, 0])
    const refused = await ida.get('/admin/')
    expect([refused.status, (await incidents()).status]).toEqual([403, 401])
    expect(refused.body).toContain('Personne ne se connecte ici')
    expect(refused.body).toContain('<a href="https://a.elsewhere.example/admin/">')
    expect((await createCaller(house.url).get('/admin/login')).status).toBe(403)
    asRole('full')
    expect([(await ida.get('/admin/')).status, (await incidents()).status]).toEqual([200, 200])
  })
})
