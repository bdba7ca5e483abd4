import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { QUICK, startSite, type TestSite } from '../servers/site.ts'

let door: Server
let site: TestSite
let lines: readonly string[]

beforeAll(async () => {
  door = createServer((_, response) => response.writeHead(404).end('not here'))
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const target = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`
  site = await startSite({
    'site.yaml': `name: Essai\nsites: { home: {} }\n${QUICK}\n`,
    'web.yaml': `service: Web\nchecks:\n  - { http: "${target}", allow_private: true }\n`,
    'job.yaml': 'service: Job\naudience: admins\nchecks:\n  - heartbeat: 1h\n',
  })
  await site.until('looked at', async () => (await site.status()).get('web')?.status === 'major_outage')
  lines = (await site.get('/metrics')).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
})

afterAll(async () => {
  await site.stop()
  door.close()
})

it('says of each figure of a check which service, check, kind, target and site it is of', () => {
  const ofChecks = lines.filter((line) => /[{,]check="/.test(line))
  expect(ofChecks.some((line) => line.startsWith('vigie_check_state{'))).toBe(true)
  for (const line of ofChecks)
    for (const label of ['service', 'check', 'kind', 'target', 'site'])
      expect(line).toMatch(new RegExp(`[{,]${label}="[^"]+"`))
})

it('says what the web answered, and no more of a job that never came than that it is unknown', () => {
  const figure = (name: string, check: string) =>
    lines.find((line) => line.startsWith(`${name}{`) && line.includes(`check="${check}"`))?.replace(/.*\} /, '')
  expect(figure('probe_success', 'web.http')).toBe('0')
  expect(figure('probe_http_status_code', 'web.http')).toBe('404')
  expect(figure('probe_success', 'job.heartbeat')).toBeUndefined()
  expect(lines.find((line) => line.includes('check="job.heartbeat"'))).toContain('state="unknown"')
})
