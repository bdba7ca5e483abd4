// The API of a running site, with the tokens it knows.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SCOPES, type Scope } from '../../../src/core/said/account.ts'
import type { Post } from '../../../src/core/said/post.ts'
import { openApi } from '../../../src/http/admin/openapi.ts'
import { OPERATIONS } from '../../../src/http/admin/operations.ts'
import { openViews } from '../../../src/page/pages/views.ts'
import { MOMENTS } from '../../page/pictures.ts'
import { QUICK, startSite, type TestSite } from '../../servers/site.ts'
import { OWN_ADDRESS, type RunningSite, runSite, sayRaw } from '../site.ts'

let site: TestSite
let token: string

beforeAll(async () => {
  site = await startSite({
    'site.yaml': `name: Essai\nlanguages: [fr, en]\nsites: { home: {} }\n${QUICK}\n`,
    'web.yaml': 'service: Web\nchecks:\n  - http: http://127.0.0.1:1/\n    allow_private: true\n',
  })
  ;({ token } = JSON.parse(readFileSync(join(site.data, 'run.json'), 'utf8')) as { token: string })
})
afterAll(() => site.stop())

interface Answered {
  readonly status: number
  readonly type: string | null
  readonly body: Record<string, unknown>
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const answer = await fetch(`${site.url}/admin/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  }
}

const OPENING = { title: { fr: 'Site en panne', en: 'Website down' }, text: 'Nous regardons.', services: ['web'] }

describe('the API', () => {
  it('opens an incident, updates it and ends it', async () => {
    const opened = await call('POST', '/incidents', OPENING)
    expect(opened).toMatchObject({ status: 201, body: { status: 'investigating', by: 'cli', services: ['web'] } })
    const path = `/incidents/${String(opened.body.id)}`
    expect(await call('POST', `${path}/updates`, { status: 'identified', text: 'Un disque.' })).toMatchObject({
      status: 201,
    })
    expect(await call('PATCH', path, { impact: 'major' })).toMatchObject({ status: 200, body: { impact: 'major' } })
    const ended = await call('POST', `${path}/updates`, { status: 'resolved' })
    expect(ended.body).toMatchObject({ status: 'resolved', resolved: expect.stringMatching(/Z$/) as string })
    expect((await call('GET', '/incidents?open=true')).body).toEqual({ incidents: [] })
    expect((await call('GET', path)).body).toEqual(ended.body)
    expect(await call('PUT', `${path}/postmortem`, { text: 'Pourquoi.' })).toMatchObject({ status: 200 })
    const [, second] = ended.body.updates as readonly { id: string }[]
    expect(await call('PATCH', `${path}/updates/${second!.id}`, { text: 'Un disque mort.' })).toMatchObject({
      status: 200,
    })
    expect(await call('DELETE', `${path}/updates/${second!.id}`)).toMatchObject({ status: 200 })
    expect(await call('DELETE', path)).toMatchObject({ status: 200, body: { retracted: true } })
    expect(await call('POST', `${path}/updates`, { text: 'x' })).toMatchObject({ status: 409 })
  })

  it('plans work that shows at once, and is mute and blue while it lasts', async () => {
    const begins = new Date(Date.now() - 60_000).toISOString()
    const planned = await call('POST', '/maintenances', {
      title: 'Travaux',
      text: 'Oui.',
      services: ['web'],
      begins,
      for: '1h',
    })
    expect(planned).toMatchObject({ status: 201, body: { times: [{ status: 'in_progress' }] } })
    await site.until(
      'in maintenance',
      async () => (await site.status()).get('web')?.status === 'under_maintenance',
      3000,
    )
    const path = `/maintenances/${String(planned.body.id)}`
    expect(await call('POST', `${path}/updates`, { text: 'Cela avance.' })).toMatchObject({ status: 201 })
    expect(await call('POST', `${path}/prolong`, { for: '1h' })).toMatchObject({ status: 200, body: { sequence: 1 } })
    expect(await call('PATCH', path, { title: 'Grands travaux' })).toMatchObject({ status: 200 })
    expect(await call('POST', `${path}/cancel`, {})).toMatchObject({ status: 200 })
    expect((await call('GET', '/maintenances')).body.maintenances).toMatchObject([{ title: { fr: 'Grands travaux' } }])
    await site.until('out of it', async () => (await site.status()).get('web')?.status !== 'under_maintenance', 3000)
  })

  it('lets an admin say otherwise, and raise what is measured', async () => {
    await site.until('down', async () => (await site.status()).get('web')?.status === 'major_outage')
    expect(await call('PUT', '/overrides/web', { status: 'operational', for: '1h' })).toMatchObject({ status: 200 })
    await site.until('lowered', async () => (await site.status()).get('web')?.status === 'operational', 2000)
    expect((await call('GET', '/overrides')).body.overrides).toMatchObject([{ service: 'web', by: 'cli' }])
    expect(await call('DELETE', '/overrides/web')).toMatchObject({ status: 200 })
    await site.until('measured', async () => (await site.status()).get('web')?.status === 'major_outage', 2000)
    site.write('more.yaml', `service: More\nchecks:\n  - http: ${site.url}/\n    allow_private: true\n`)
    await site.until('up', async () => (await site.status()).get('more')?.status === 'operational')
    const { body } = await call('POST', '/incidents', { ...OPENING, services: ['more'], raises: 'partial_outage' })
    await site.until('raised', async () => (await site.status()).get('more')?.status === 'partial_outage', 2000)
    await call('POST', `/incidents/${String(body.id)}/updates`, { status: 'resolved' })
    await site.until('as measured', async () => (await site.status()).get('more')?.status === 'operational', 2000)
  })

  it('drafts what it would tell of an outage, and publishes it as an incident', async () => {
    await site.until('down', async () => (await site.status()).get('web')?.status === 'major_outage')
    const [draft, ...others] = (await call('GET', '/drafts')).body.drafts as readonly { id: string }[]
    expect(draft).toMatchObject({ services: ['web'], title: { fr: 'Web : en panne' }, publishes: null })
    expect(others).toEqual([])
    expect(await call('POST', '/incidents', { draft: 'web-none' })).toMatchObject({ status: 400 })
    const published = await call('POST', '/incidents', { draft: draft!.id, text: { fr: 'Un disque.' } })
    expect(published).toMatchObject({
      status: 201,
      body: {
        title: { fr: 'Web : en panne', en: 'Web: down' },
        outages: [draft!.id],
        automatic: false,
        updates: [{ text: { fr: 'Un disque.' } }],
      },
    })
    expect((await call('GET', '/drafts')).body.drafts).toEqual([])
    await call('DELETE', `/incidents/${String(published.body.id)}`)
    expect(await call('DELETE', `/drafts/${draft!.id}`)).toMatchObject({ status: 200 })
    expect((await call('GET', '/drafts')).body.drafts).toEqual([])
    expect(await call('DELETE', `/drafts/${draft!.id}`)).toMatchObject({ status: 404 })
  })

  it('does what is repeated with its key once', async () => {
    const key = { 'idempotency-key': 'a-1' }
    const [first, again] = [
      await call('POST', '/incidents', OPENING, key),
      await call('POST', '/incidents', OPENING, key),
    ]
    expect(again).toEqual(first)
    const path = `/incidents/${String(first.body.id)}/updates`
    await call('POST', path, { text: 'Encore.' }, key)
    const twice = await call('POST', path, { text: 'Encore.' }, key)
    expect((twice.body.updates as unknown[]).length).toBe(2)
    expect(await call('POST', '/incidents', OPENING, { 'idempotency-key': 'x'.repeat(65) })).toMatchObject({
      status: 400,
    })
  })

  it('names what is wrong, as RFC 9457 has it', async () => {
    const wrong = await call('POST', '/incidents', { title: 'x', text: 'y', impact: 'huge', servics: [] })
    expect(wrong).toMatchObject({
      status: 400,
      type: 'application/problem+json; charset=utf-8',
      body: { status: 400, errors: [{ field: 'impact' }, { field: 'servics' }] },
    })
    expect(await call('POST', '/incidents', '{"a":')).toMatchObject({ status: 400 })
    expect(await call('POST', '/incidents', '{"__proto__":{"a":1}}')).toMatchObject({ status: 400 })
    expect(await call('POST', '/incidents', 'a=b', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
    expect(await call('POST', '/incidents', { title: 'x', text: 'y'.repeat(70_000) })).toMatchObject({ status: 413 })
    expect(await call('GET', '/incidents/zzzzzzzzzzzz')).toMatchObject({ status: 404 })
    expect(await call('GET', '/nothing')).toMatchObject({
      status: 404,
      type: 'application/problem+json; charset=utf-8',
    })
    expect(await call('PUT', '/incidents', {})).toMatchObject({ status: 404 })
  })

  it('tells its token to the owner of the folder alone', () => {
    expect(statSync(join(site.data, 'run.json')).mode & 0o777).toBe(0o600)
  })
})

/**
 * A server whose tokens, `good` and that of the commands, `own`, have these scopes, and whose every change is answered
 * with 409.
 */
function guarded(scopes: readonly Scope[], host?: string): Promise<RunningSite> {
  const reached = () => ({ refused: 'conflict', mistakes: [{ field: 'x', message: 'reached' }] })
  const all = new Proxy({}, { get: () => reached })
  const nothing = () => undefined
  const said = { incidents: () => [], maintenances: () => [], occurrences: () => [], override: () => null }
  const by = new Map([
    ['good', 'token:x'],
    ['own', 'cli'],
  ])
  const bearer = (secret: string) => (by.has(secret) ? { by: by.get(secret)!, scopes } : null)
  const post = {
    incident: all,
    maintenance: all,
    override: reached,
    acknowledge: reached,
    dismiss: reached,
    drafts: () => [],
  } as unknown as Post
  const api = {
    bearer,
    said: { ...said, incident: nothing, maintenance: nothing },
    post,
    services: () => [],
    now: Date.now,
    site: () => null,
    version: 'test',
    views: openViews('views'),
  }
  return runSite({ api }, MOMENTS.allWell, host)
}

describe('every operation', () => {
  const sites = new Map<Scope, RunningSite>()
  beforeAll(async () => {
    for (const scope of SCOPES) sites.set(scope, await guarded([scope]))
  })
  afterAll(async () => {
    for (const one of sites.values()) await one.close()
  })

  it.each(OPERATIONS.map((one) => [`${one.method} ${one.path}`, one] as const))(
    '%s wants a token with its scope, from this machine or over TLS',
    async (_name, { method, path, scope, takes }) => {
      const ask = async (where: Scope, headers: Record<string, string>) => {
        const answer = await fetch(`${sites.get(where)!.url}/admin/api/v1${path.replace(/\{\w+\}/g, 'aaaaaaaaaaaa')}`, {
          method,
          headers: { ...headers, ...(takes === null ? {} : { 'content-type': 'application/json' }) },
          ...(takes === null ? {} : { body: '{}' }),
        })
        return answer.status
      }
      const authorization = 'Bearer good'
      expect(await ask(scope, {})).toBe(401)
      expect(await ask(scope, { authorization: 'Bearer bad' })).toBe(401)
      expect(await ask(scope, { authorization: 'Basic good' })).toBe(401)
      expect(await ask(scope, { authorization, 'x-forwarded-for': '192.0.2.1' })).toBe(403)
      for (const other of SCOPES) if (other !== scope) expect(await ask(other, { authorization })).toBe(403)
      const reached = await ask(scope, { authorization })
      expect(method === 'GET' ? [200, 404] : [409]).toContain(reached)
    },
  )
})

it('answers HEAD as GET, without the body', async () => {
  const status = async (method: string, path: string, headers = {}) => {
    const answer = await fetch(site.url + path, { method, headers })
    const text = await answer.text()
    return { status: answer.status, type: answer.headers.get('content-type'), text: method === 'HEAD' ? text : '' }
  }
  const authorization = `Bearer ${token}`
  const paths = ['/incidents', '/maintenances', '/incidents/nothing'].map((path) => `/admin/api/v1${path}`)
  for (const path of [...paths, '/admin/api/', '/admin/api/openapi.json', '/twin/v1/status', '/metrics']) {
    for (const headers of [{ authorization }, {}])
      expect([path, await status('HEAD', path, headers)]).toEqual([path, await status('GET', path, headers)])
  }
  expect((await status('HEAD', '/admin/api/v1/incidents/x/updates', { authorization })).status).toBe(404)
})

it('takes no token by a name that isn’t ours', async () => {
  const { port } = new URL(site.url)
  const ask = (host: string) =>
    sayRaw(
      Number(port),
      `GET /admin/api/v1/incidents HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    )
  expect((await ask(`127.0.0.1:${port}`)).slice(0, 12)).toBe('HTTP/1.1 200')
  expect((await ask('rebound.evil.example')).slice(0, 12)).toBe('HTTP/1.1 403')
})

it.skipIf(OWN_ADDRESS === undefined)('takes by another address of this machine its commands’ key alone', async () => {
  const one = await guarded(['incidents'], OWN_ADDRESS)
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${one.url}/admin/api/v1/incidents`, { headers })).status
  const asked = [await ask({ authorization: 'Bearer own' }), await ask({ authorization: 'Bearer good' }), await ask({})]
  await one.close()
  expect(asked).toEqual([200, 403, 403])
})

describe('its document', () => {
  it('holds every operation, and nothing it names is missing', () => {
    const document = openApi('1', 'https://status.example/') as Record<string, never>
    const text = JSON.stringify(document)
    for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = path!.split('/').reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], document)
      expect(found, path).toBeDefined()
    }
    const ids = [...text.matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id)
    expect(ids.sort()).toEqual(OPERATIONS.map(({ id }) => id).sort())
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: 'https://status.example/admin/api/v1' }] })
  })

  it('is served as JSON and to be read', async () => {
    const [json, asked, page] = await Promise.all([
      fetch(`${site.url}/admin/api/openapi.json`),
      fetch(`${site.url}/admin/api/`, { headers: { accept: 'application/json' } }),
      fetch(`${site.url}/admin/api/`),
    ])
    expect(await json.json()).toEqual(await asked.json())
    const html = await page.text()
    for (const { path, summary } of OPERATIONS) {
      expect(html).toContain(`/admin/api/v1${path}`)
      expect(html.replace(/<\/?code>/g, '')).toContain(summary.replaceAll('`', '').split('’')[0]!)
    }
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})
