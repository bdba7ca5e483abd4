// Every route there is, and who may do what on it. A route that nobody thought of here fails.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LANGUAGES } from '../../../src/core/text.ts'
import { ERRAND } from '../../../src/http/admin/errands.ts'
import { API } from '../../../src/http/admin/openapi.ts'
import { OPERATIONS } from '../../../src/http/admin/operations.ts'
import { WAYS } from '../../../src/http/admin/words.ts'
import { type Admin, becomeAdmin, createCaller } from './caller.ts'
import { type House, openHouse, type Route, routesOf } from './house.ts'

/** Not for admins: what anybody may ask for, or shows a secret of its own. */
const PUBLIC = [/^\/?\*$/, /^\/healthz$/, /^\/metrics$/, /^\/push\//, /^\/twin\//]
/** Of the admin part, what must be open to whoever is not logged in yet. */
const OPEN = [
  '/admin/login',
  '/admin/logout',
  '/admin/language',
  '/admin/welcome/:token',
  '/admin/api',
  '/admin/api/',
  '/admin/api/openapi.json',
]
const STYLE = /^\/admin\/style-[0-9a-f]{12}\.css$/
/** Acknowledging has a secret in its address. */
const ACKNOWLEDGE = /^\/admin\/ack\//

let house: House
let ana: Admin
const keys: Record<string, string> = {}
beforeAll(async () => {
  house = await openHouse()
  ana = await becomeAdmin(house, 'ana')
  keys.incidents = house.access.createToken('one', ['incidents'], 'ana')
  keys.maintenance = house.access.createToken('two', ['maintenance'], 'ana')
})
afterAll(() => house.close())

/** With its blanks filled in by what is well-formed and isn't there. */
function address(path: string): string {
  return path
    .replace(/:(\w+)/g, (_, name: string) => (name === 'check' ? 'web.http' : 'aaaaaaaaaaaa'))
    .replace('*', 'x')
}

async function ask({ method, path }: Route, headers: Record<string, string>): Promise<number> {
  const body = ['GET', 'HEAD'].includes(method) ? {} : { body: '{}', headers: { 'content-type': 'application/json' } }
  const form = path.startsWith(API) || path === ERRAND ? body : {}
  const answer = await fetch(house.url + address(path), {
    method,
    redirect: 'manual',
    ...form,
    headers: { ...(form as { headers?: Record<string, string> }).headers, ...headers },
  })
  await answer.arrayBuffer()
  return answer.status
}

/** Those that a browser can ask for at all (Fetch, forbidden methods). */
const admin = () =>
  routesOf(house).filter(({ method, path }) => path.startsWith('/admin') && !['TRACE', 'CONNECT'].includes(method))

it('knows every route', () => {
  const others = routesOf(house).filter(
    ({ path }) => !path.startsWith('/admin') && !PUBLIC.some((one) => one.test(path)),
  )
  expect(others).toEqual([])
  expect(admin().length).toBeGreaterThan(50)
})

it('has a page behind every way, and all its words on it', async () => {
  const stranger = createCaller(house.url)
  for (const language of LANGUAGES) {
    const headers = { 'accept-language': language }
    const start = await ana.get('/admin/', headers)
    const ways = [...start.body.matchAll(/<li><a href="(\/admin\/[^"]*)"/g)].map(([, path]) => path!)
    expect(ways).toHaveLength(WAYS.length)
    const seen = [
      ...(await Promise.all(ways.map(async (path) => [path, await ana.get(path, headers), 200] as const))),
      ['login', await stranger.get('/admin/login', headers), 200],
      ['an old link', await stranger.get('/admin/welcome/aaaa', headers), 404],
      ['a strange link of a mail', await stranger.get('/admin/ack/aaaa', headers), 404],
      ['a form that is not ours', await stranger.post('/admin/login', {}, headers), 403],
    ] as const
    for (const [what, { status, body }, expected] of seen) {
      expect([what, status]).toEqual([what, expected])
      expect([what, /<h1[^>]*>[^<]+<\/h1>/.test(body), /undefined|\[object/.test(body)]).toEqual([what, true, false])
    }
  }
})

it('lets nobody in who isn’t known', async () => {
  const before = JSON.stringify([house.board.incidents(), house.board.maintenances()])
  const let_in: string[] = []
  for (const route of admin()) {
    const { method, path } = route
    if (OPEN.includes(path) || STYLE.test(path) || ACKNOWLEDGE.test(path)) continue
    const status = await ask(route, {})
    const expected = path.startsWith('/admin/api') ? [400, 401, 403, 404] : [method === 'POST' ? 403 : 303]
    if (!expected.includes(status)) let_in.push(`${method} ${path} ${status}`)
    if (method === 'POST')
      expect([path, [401, 403, 404, 303].includes(await ask(route, { cookie: 'vigie-lan=x' }))]).toEqual([path, true])
  }
  expect(let_in).toEqual([])
  expect(JSON.stringify([house.board.incidents(), house.board.maintenances()])).toBe(before)
})

it('lets a session do nothing by API, and a key nothing on pages', async () => {
  const cookie = [...ana.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  for (const route of admin().filter(({ path }) => path.startsWith(API) || path === ERRAND))
    expect([route.path, [401, 403].includes(await ask(route, { cookie }))]).toEqual([route.path, true])
  for (const key of Object.values(keys)) {
    for (const route of admin().filter(({ path }) => !path.startsWith('/admin/api') && !OPEN.includes(path))) {
      if (STYLE.test(route.path) || ACKNOWLEDGE.test(route.path)) continue
      expect([route.path, await ask(route, { authorization: `Bearer ${key}` })]).toEqual([
        route.path,
        route.method === 'POST' ? 403 : 303,
      ])
    }
    expect(await ask({ method: 'POST', path: ERRAND }, { authorization: `Bearer ${key}` })).toBe(403)
  }
})

it('lets a key of one scope do what is of that scope, and nothing else', async () => {
  for (const operation of OPERATIONS) {
    const path = API + operation.path.replace(/\{(\w+)\}/g, ':$1')
    for (const [scope, key] of Object.entries(keys)) {
      const status = await ask({ method: operation.method, path }, { authorization: `Bearer ${key}` })
      const allowed = status !== 401 && status !== 403
      expect([operation.id, scope, allowed]).toEqual([operation.id, scope, operation.scope === scope])
    }
  }
})

it('lets a session post nothing without the form’s own token', async () => {
  const cookie = [...ana.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  for (const route of admin().filter(({ method, path }) => method === 'POST' && !path.startsWith('/admin/api'))) {
    if (ACKNOWLEDGE.test(route.path)) continue
    expect([route.path, await ask(route, { cookie, origin: house.url })]).toEqual([route.path, 403])
  }
  expect((await ana.get('/admin/')).status).toBe(200)
})

it('shows an admin every page', async () => {
  const cookie = [...ana.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  for (const route of admin().filter(({ method, path }) => method === 'GET' && !path.startsWith('/admin/api'))) {
    if (ACKNOWLEDGE.test(route.path)) continue
    const expected = ['/admin/login', '/admin/incidents/new/fill'].includes(route.path)
      ? 303
      : /:(id|token)/.test(route.path)
        ? 404
        : 200
    expect([route.path, await ask(route, { cookie })]).toEqual([route.path, expected])
  }
})
