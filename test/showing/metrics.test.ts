import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Observation } from '../../src/core/observation.ts'
import { unprovenLine } from '../../src/core/verdict/blindness.ts'
import type { Memory } from '../../src/memory.ts'
import { createMetrics } from '../../src/showing/metrics.ts'
import { checkOf } from '../core/policy.ts'
import { QUICK, startSite, type TestSite } from '../servers/site.ts'

let door: Server
let site: TestSite
let lines: readonly string[]

beforeAll(async () => {
  door = createServer((_, response) => response.writeHead(404).end('not here'))
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  const { port } = door.address() as AddressInfo
  const target = `http://127.0.0.1:${port}/`
  site = await startSite({
    'site.yaml': `name: Essai\nsites: { home: {} }\n${QUICK}\n`,
    'web.yaml': `service: Web\nchecks:\n  - { http: "${target}", allow_private: true }\n`,
    'hidden.yaml': `service: Hidden\naudience: admins\nchecks: [{ tcp: "127.0.0.1:${port}", allow_private: true }]\n`,
    'job.yaml': 'service: Job\naudience: admins\nchecks:\n  - heartbeat: 1h\n',
  })
  await site.until('looked at', async () => {
    const seen = /service="hidden".*state="up"/.test(await site.get('/metrics'))
    return seen && (await site.status()).get('web')?.status === 'major_outage'
  })
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

it('says of every service how it is, also of one that is for admins alone', () => {
  const statuses = lines.filter((line) => line.startsWith('vigie_service_status{'))
  expect(statuses.sort()).toEqual([
    'vigie_service_status{service="hidden",status="operational",site="home"} 1',
    'vigie_service_status{service="job",status="unknown",site="home"} 1',
    'vigie_service_status{service="web",status="major_outage",site="home"} 1',
  ])
})

it('knows after a restart what the last looks before it showed: some checks are looked at once a day', () => {
  const check = checkOf('nomagic.domain', { kind: 'domain', target: 'nomagic.test' })
  const memory = {
    configuration: { site: { id: 'home' }, services: [] },
    checkById: new Map([[check.id, check]]),
    checks: new Map(),
  }
  const via = { dns: false, family: null, port: null }
  const look = { check: check.id, strand: null, site: 'home', at: 1_000, took: 250, phases: {}, via }
  const outcome = { ok: true, note: '' } as const
  const metrics = createMetrics({
    memory: { ...memory, services: new Map(), line: unprovenLine(new Map(), 0) } as unknown as Memory,
    version: '1',
    unsent: () => 0,
    healthy: () => true,
    before: [look, { ...look, site: 'attic' }].map((one) => ({ ...one, outcome })) as unknown as Observation[],
  })
  expect(metrics.lastLooks(check.id)).toHaveLength(1)
  expect(metrics.text()).toContain('vigie_last_look_timestamp_seconds{service="nomagic",check="nomagic.domain"')
  expect(metrics.text()).toMatch(/probe_success\{.*site="home"\} 1\n/)
})
