import { afterEach, describe, expect, it } from 'vitest'
import { type RunningSite, runSite } from './site.ts'

let site: RunningSite

afterEach(() => site.close())

async function ask(headers: Record<string, string> = {}, token: string | null = 'secret') {
  site = await runSite({ metrics: () => 'vigie_healthy 1\n', metricsToken: () => token })
  return fetch(`${site.url}/metrics`, { headers })
}

describe('/metrics', () => {
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

  it('refuses another token, and any when none is set', async () => {
    expect((await ask({ via: 'x', authorization: 'Bearer sesame' })).status).toBe(401)
    await site.close()
    expect((await ask({ via: 'x', authorization: 'Bearer null' }, null)).status).toBe(401)
  })
})
