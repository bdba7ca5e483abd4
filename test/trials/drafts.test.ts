// An outage that nobody tells members of is told by itself when the site is configured so, and its end too.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { QUICK, startSite } from '../servers/site.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

it('publishes a draft after its time, marked as automatic, and ends it when all works again', async () => {
  let fine = true
  const server = createServer((_request, response) => {
    response.statusCode = fine ? 200 : 500
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push(() => server.close())
  const { port } = server.address() as AddressInfo
  const site = await startSite({
    'site.yaml': `name: Essai\nlanguages: [fr, en]\nsites: { home: {} }\n${QUICK}\ndrafts: { publish_after: 1s }\n`,
    'web.yaml': `service: Web\nchecks:\n  - http: http://127.0.0.1:${port}/\n    allow_private: true\n`,
  })
  open.push(() => site.stop())
  const { token } = JSON.parse(readFileSync(join(site.data, 'run.json'), 'utf8')) as { token: string }
  const incidents = async () => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${site.url}/admin/api/v1/incidents`, { headers })
    return ((await answer.json()) as { incidents: readonly Record<string, unknown>[] }).incidents
  }
  await site.until('up', async () => (await site.status()).get('web')?.status === 'operational')
  fine = false
  await site.until('told', async () => (await incidents()).length > 0)
  const [first] = await incidents()
  expect(first).toMatchObject({
    automatic: true,
    by: 'vigie',
    status: 'investigating',
    services: ['web'],
    impact: 'critical',
  })
  fine = true
  await site.until('ended', async () => (await incidents())[0]?.status === 'resolved')
  expect(await incidents()).toMatchObject([
    { id: first!.id, automatic: true, updates: [{}, { by: 'vigie', status: 'resolved' }] },
  ])
}, 60_000)
