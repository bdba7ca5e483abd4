import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MOMENTS } from '../page/pictures.ts'
import { OWN_ADDRESS, type RunningSite, runSite, sayRaw } from './site.ts'

let site: RunningSite

const configured = (token: string | null) => () => ({
  metrics: { token },
  site: { url: 'https://status.home.example/' },
})

async function ask(headers: Record<string, string> = {}, token: string | null = 'secret') {
  site = await runSite({ metrics: () => 'vigie_healthy 1\n', configuration: configured(token) })
  return fetch(`${site.url}/metrics`, { headers })
}

describe('/metrics', () => {
  afterEach(() => site.close())

  it('answers a program on this machine', async () => {
    const answer = await ask()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await answer.text()).toBe('vigie_healthy 1\n')
  })

  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])(
    'refuses what a proxy on this machine passes on (%s)',
    async (header) => {
      expect((await ask({ [header]: '203.0.113.7' })).status).toBe(401)
    },
  )

  it('answers whoever has the token, through a proxy too', async () => {
    expect((await ask({ 'x-forwarded-for': '203.0.113.7', authorization: 'Bearer secret' })).status).toBe(200)
  })

  it.skipIf(OWN_ADDRESS === undefined)('wants the token of who comes by another address of this machine', async () => {
    const deps = { metrics: () => 'vigie_healthy 1\n', configuration: configured('secret') }
    site = await runSite(deps, MOMENTS.allWell, OWN_ADDRESS)
    expect((await fetch(`${site.url}/metrics`)).status).toBe(401)
    expect((await fetch(`${site.url}/metrics`, { headers: { authorization: 'Bearer secret' } })).status).toBe(200)
  })

  it('refuses another token, and any when none is set', async () => {
    expect((await ask({ via: 'x', authorization: 'Bearer sesame' })).status).toBe(401)
    await site.close()
    expect((await ask({ via: 'x', authorization: 'Bearer null' }, null)).status).toBe(401)
  })
})

describe('by a name of ours only, lest a page elsewhere whose name was made to lead here reads it: asked by', () => {
  beforeAll(async () => {
    site = await runSite({ metrics: () => 'vigie_healthy 1\n', configuration: configured('secret') })
  })
  afterAll(() => site.close())

  it.each([
    ['127.0.0.1:8080', true],
    ['127.0.0.1', true],
    ['[::1]:8080', true],
    ['LocalHost:1', true],
    ['status.home.example', true],
    ['status.home.example:8080', true],
    ['rebound.evil.example:8080', false],
    ['localhost.evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['203.0.113.7', false],
    ['', false],
    ['[::1', false],
  ])('%s', async (host, open) => {
    const say = (path: string) =>
      sayRaw(site.port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect((await say('/metrics')).slice(0, 12)).toBe(`HTTP/1.1 ${open ? 200 : 401}`)
    expect((await say('/fr/')).slice(0, 12)).toBe('HTTP/1.1 200')
  })
})
