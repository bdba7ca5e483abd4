// Ways around the door, with a session that a stranger's page rides on: other methods, other spellings of a path, other
// bodies, other origins. None of them changes anything, and none shows more than the door would.
import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Admin, becomeAdmin, hiddenIn } from './caller.ts'
import { type House, openHouse } from './house.ts'

let house: House
let ana: Admin
let cookie: string
let form: string
let key: string
beforeAll(async () => {
  house = await openHouse()
  ana = await becomeAdmin(house, 'ana')
  cookie = [...ana.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  form = hiddenIn((await ana.get('/admin/incidents/new')).body, '/admin/incidents/new').form!
  key = house.access.createToken('one', ['incidents'], 'ana')
})
afterAll(() => house.close())

interface Asked {
  readonly method?: string
  /** As it stands on the wire: no program tidies it up. */
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const WORDS = { 'title.fr': 'Forcé', 'text.fr': 'Forcé.', services: 'web', impact: 'major', status: 'investigating' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const formed = (fields: Readonly<Record<string, string>>) => new URLSearchParams({ ...WORDS, ...fields }).toString()

function ask({ method = 'POST', path = '/admin/incidents/new', headers = {}, body = '' }: Asked) {
  const { hostname, port } = new URL(house.url)
  return new Promise<{ status: number; body: string }>((done, failed) => {
    const sent = request(
      { hostname, port, method, path, headers: { cookie, 'content-length': Buffer.byteLength(body), ...headers } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        answer.on('end', () => done({ status: answer.statusCode!, body: text }))
      },
    )
    sent.on('error', failed)
    sent.end(body)
  })
}

const said = () =>
  JSON.stringify([house.board.incidents(), house.board.maintenances(), [...house.access.known().tokens]])

it('lets in what it is to let in: else the rest proves nothing', async () => {
  const before = said()
  const answer = await ask({ headers: { ...FORM, origin: house.url }, body: formed({ form }) })
  expect(answer.status, answer.body).toBe(303)
  expect(said()).not.toBe(before)
})

it.each<[string, () => Asked, readonly number[]]>([
  [
    'another site’s form',
    () => ({ headers: { ...FORM, origin: 'https://evil.example' }, body: formed({ form }) }),
    [403],
  ],
  ['no origin to speak of', () => ({ headers: { ...FORM, origin: 'null' }, body: formed({ form }) }), [403]],
  ['another port', () => ({ headers: { ...FORM, origin: 'http://127.0.0.1:1' }, body: formed({ form }) }), [403]],
  [
    'TLS where there is none',
    () => ({ headers: { ...FORM, origin: house.url.replace('http', 'https') }, body: formed({ form }) }),
    [403],
  ],
  [
    'a page beside us',
    () => ({ headers: { ...FORM, 'sec-fetch-site': 'same-site', origin: house.url }, body: formed({ form }) }),
    [403],
  ],
  ['no token, no origin', () => ({ headers: FORM, body: formed({}) }), [403]],
  [
    'two tokens',
    () => ({ headers: { ...FORM, origin: house.url }, body: `${formed({ form: 'x' })}&form=${form}` }),
    [403],
  ],
  [
    'a token in the address',
    () => ({ path: `/admin/incidents/new?form=${form}`, headers: { ...FORM, origin: house.url }, body: formed({}) }),
    [403],
  ],
  [
    'JSON without the token',
    () => ({ headers: { 'content-type': 'application/json', origin: house.url }, body: JSON.stringify(WORDS) }),
    [400, 403, 415],
  ],
  [
    'a simple request of text',
    () => ({ headers: { 'content-type': 'text/plain' }, body: formed({}) }),
    [400, 403, 415],
  ],
  ['a body of no kind', () => ({ body: formed({ form }) }), [400, 403, 415]],
  ['parts', () => ({ headers: { 'content-type': 'multipart/form-data; boundary=b' }, body: '--b--' }), [400, 403, 415]],
  [
    'more than a form is long',
    () => ({ headers: { ...FORM, origin: house.url }, body: formed({ form, 'text.fr': 'x'.repeat(200_000) }) }),
    [413],
  ],
  ['GET', () => ({ method: 'GET', path: `/admin/incidents/new?${formed({ form })}` }), [200]],
  [
    'GET that says it is POST',
    () => ({
      method: 'GET',
      path: `/admin/incidents/new?_method=POST&${formed({ form })}`,
      headers: { 'x-http-method-override': 'POST', 'x-http-method': 'POST', 'x-method-override': 'POST' },
    }),
    [200],
  ],
  ['HEAD', () => ({ method: 'HEAD' }), [200]],
  ['PUT', () => ({ method: 'PUT', headers: FORM, body: formed({ form }) }), [404, 405]],
  ['PATCH', () => ({ method: 'PATCH', headers: FORM, body: formed({ form }) }), [404, 405]],
  ['DELETE', () => ({ method: 'DELETE' }), [404, 405]],
  [
    'OPTIONS',
    () => ({ method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } }),
    [404, 405],
  ],
])('%s changes nothing', async (_, asked, expected) => {
  const before = said()
  const answer = await ask(asked())
  expect(expected, answer.body.slice(0, 300)).toContain(answer.status)
  expect(said()).toBe(before)
})

it('has no other spelling of a path behind which there is no door', async () => {
  const before = said()
  const spellings = [
    '/admin/accounts',
    '/admin//accounts/',
    '//admin/accounts/',
    '/%61dmin/accounts/',
    '/admin/%61ccounts/',
    '/ADMIN/accounts/',
    '/admin/./accounts/',
    '/x/../admin/accounts/',
    '/admin/accounts/.',
    '/admin/accounts/%2e',
    '/admin%2faccounts/',
    '/admin;x/accounts/',
    '/admin/accounts/?',
    '/admin\\accounts\\',
    '/fr/..%2fadmin/accounts/',
    '/admin/accounts/%00',
    '/admin/api/../accounts/',
  ]
  for (const path of spellings) {
    for (const method of ['GET', 'HEAD', 'POST']) {
      const { status, body } = await ask({
        method,
        path,
        headers: { cookie: '', ...FORM },
        body: method === 'POST' ? formed({ form }) : '',
      })
      expect([method, path, [301, 302, 303, 400, 403, 404, 405, 415].includes(status)]).toEqual([method, path, true])
      expect(body).not.toContain('ana')
    }
  }
  for (const path of [
    '/admin/api/v1/incidents/',
    '/admin/api/v1//incidents',
    '/admin/api/%761/incidents',
    '/admin/API/v1/incidents',
    '/admin/api/v1/maintenances/%2e%2e/incidents',
  ]) {
    const { status } = await ask({ path, headers: { cookie, 'content-type': 'application/json' }, body: '{}' })
    expect([path, [401, 403, 404, 405, 415].includes(status)]).toEqual([path, true])
  }
  expect(said()).toBe(before)
})

it('shows nothing to a page elsewhere whose name was made to lead here', async () => {
  const visit = (host: string) => ask({ method: 'GET', path: '/admin/login', headers: { host, cookie: '' } })
  const { port } = new URL(house.url)
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`])
    expect([host, (await visit(host)).status]).toEqual([host, 200])
  const { status, body } = await visit(`rebound.evil.example:${port}`)
  expect(status).toBe(403)
  expect(body).not.toContain('type="password"')
})

it('does by API what its method and its body say, and nothing a header says', async () => {
  const before = said()
  const bearer = { authorization: `Bearer ${key}`, cookie: '' }
  const json = { ...bearer, 'content-type': 'application/json' }
  const path = '/admin/api/v1/incidents'
  const incident = JSON.stringify({ title: 'Forcé', text: 'Forcé.', services: ['web'] })
  const statuses = [
    await ask({ method: 'GET', path, headers: { ...bearer, 'x-http-method-override': 'POST' } }),
    await ask({ path, headers: { ...bearer, ...FORM }, body: formed({}) }),
    await ask({ path, headers: { ...bearer, 'content-type': 'text/plain' }, body: incident }),
    await ask({
      path: `${path}?token=${key}`,
      headers: { cookie: '', 'content-type': 'application/json' },
      body: incident,
    }),
    await ask({
      path,
      headers: { ...json, authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` },
      body: incident,
    }),
    await ask({ path, headers: json, body: `{"title":"${'x'.repeat(200_000)}"}` }),
    await ask({ path, headers: json, body: '{"__proto__":{"a":1},"title":"x"}' }),
    await ask({ path, headers: json, body: incident.slice(0, -1) }),
    await ask({ path, headers: { ...json, 'x-forwarded-for': '192.0.2.1' }, body: incident }),
    await ask({
      path,
      headers: { ...json, 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' },
      body: incident,
    }),
    await ask({ method: 'HEAD', path, headers: { cookie } }),
  ].map(({ status }) => status)
  expect(statuses).toEqual([200, 415, 415, 401, 401, 413, 400, 400, 403, 403, 401])
  expect(said()).toBe(before)
})
