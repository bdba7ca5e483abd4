import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { Statuspage } from 'statuspage.io'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { MOMENTS } from '../page/pictures.ts'
import { type RunningSite, runSite } from './site.ts'

let site: RunningSite | undefined

afterEach(async () => {
  vi.unstubAllEnvs()
  await site?.close()
  site = undefined
})

describe('health', () => {
  test('is 200 while everything moves', async () => {
    site = await runSite({ health: () => ({ ok: true, parts: { scheduler: { ok: true, note: 'looked 2 s ago' } } }) })
    const answer = await fetch(`${site.url}/healthz`)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await answer.json()).toEqual({ ok: true, parts: { scheduler: { ok: true, note: 'looked 2 s ago' } } })
    expect((await fetch(`${site.url}/healthz`, { method: 'HEAD' })).status).toBe(200)
  })

  test('is 503 and says what stands still', async () => {
    site = await runSite({
      health: () => ({ ok: false, parts: { publisher: { ok: false, note: 'no page for 5 min' } } }),
    })
    const answer = await fetch(`${site.url}/healthz`)
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('no page for 5 min')
  })

  test('is 500, without a word of why, when it breaks', async () => {
    site = await runSite({
      health: () => {
        throw new Error('inner secret')
      },
    })
    const answer = await fetch(`${site.url}/healthz`)
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).toContain('An error on our side')
    expect(text).not.toContain('inner secret')
  })
})

test('statuspage.io’s client reads all of the API', async () => {
  site = await runSite({}, MOMENTS.oneDown)
  const client = new Statuspage('nomagic')
  client.setApiUrl(site.url)
  vi.stubEnv('no_proxy', '127.0.0.1')
  const { api } = client
  const [summary, status, components, incidents, unresolved, maintenances, active, upcoming] = await Promise.all([
    api.getSummary(),
    api.getStatus(),
    api.getComponents(),
    api.incidents.getAll(),
    api.incidents.getUnresolved(),
    api.scheduledMaintenances.getAll(),
    api.scheduledMaintenances.getActive(),
    api.scheduledMaintenances.getUpcoming(),
  ])
  expect(status.status).toEqual({ indicator: 'major', description: 'Partial System Outage' })
  expect(summary.components.find(({ id }) => id === 'mail')).toMatchObject({ name: 'Courriel', status: 'major_outage' })
  expect(components.components).toEqual(summary.components)
  expect([incidents.incidents, unresolved.incidents]).toEqual([[], []])
  for (const list of [maintenances, active, upcoming]) expect(list.scheduled_maintenances).toEqual([])
})

test('the folder alone is a complete page on any dumb web server', async () => {
  site = await runSite({}, MOMENTS.oneDown)
  const { folder } = site
  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.json': 'application/json' }
  const dumb = createServer(async (request, response) => {
    const asked = join(folder, decodeURIComponent(request.url!.split('?')[0]!))
    const path = (await stat(asked).catch(() => null))?.isDirectory() ? join(asked, 'index.html') : asked
    const body = await readFile(path).catch(() => null)
    response.writeHead(body === null ? 404 : 200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
    })
    response.end(body ?? '')
  })
  await new Promise<void>((started) => dumb.listen(0, '127.0.0.1', started))
  try {
    const origin = `http://127.0.0.1:${(dumb.address() as AddressInfo).port}`
    const seen = new Set<string>()
    const queue = [`${origin}/`]
    for (let url = queue.pop(); url !== undefined; url = queue.pop()) {
      if (seen.has(url)) continue
      seen.add(url)
      const answer = await fetch(url)
      expect(answer.status, url).toBe(200)
      const text = await answer.text()
      if (answer.headers.get('content-type') !== 'text/html') continue
      if (/^\/((fr|en)\/(services\/mail\/)?)?$/.test(new URL(url).pathname)) expect(text).toContain('14:02')
      for (const [, href] of text.matchAll(/href="([^"#]+)"/g)) {
        const next = new URL(href!, url)
        if (next.origin === origin) queue.push(next.href)
      }
    }
    const paths = [...seen].map((url) => url.slice(origin.length)).sort()
    for (const path of [
      '/',
      '/api/v2/summary.json',
      '/api/vigie/status.json',
      '/en/',
      '/fr/',
      '/fr/history/',
      '/en/method/',
    ])
      expect(paths).toContain(path)
    expect(paths.filter((path) => /^\/fr\/services\/[a-z]+\/$/.test(path))).toHaveLength(8)
  } finally {
    dumb.close()
  }
})

test('an address of a proxy that is none is refused when the server is built', async () => {
  await expect(runSite({ proxy: ['not an address'] })).rejects.toThrow(/invalid IP address/i)
})
