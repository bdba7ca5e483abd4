// `vigie twin status`: what is known of the other sites, in lines for people.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { TwinStatus } from '../../src/core/shown/twin-status.ts'
import { folderWith } from './folders.ts'
import { vigie } from './host.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const end of open.splice(0)) end()
})

const SILENT: TwinStatus = {
  site: 'offsite',
  heard: false,
  met: false,
  sees: true,
  since: '2026-11-28T06:00:00.000Z',
  blind: null,
  version: null,
  configuration: null,
  signed: null,
  differs: [],
  reached: false,
  trouble: 'connect ECONNREFUSED 192.0.2.1:443',
  calls: false,
  wrong_key: null,
  callable: true,
  address: null,
  seen_at: null,
  complete: false,
  ahead_s: 0,
  refused: {},
}

async function ask(...statuses: readonly TwinStatus[]) {
  const server = createServer((_, response) => response.end(JSON.stringify(statuses)))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const data = folderWith({ 'run.json': JSON.stringify({ url, token: 'x' }) })
  return vigie(['twin', 'status', '--data', data], { wall: () => Date.parse('2026-11-28T06:05:00Z') })
}

test('Of a site that was never heard only why is said, and what to look at.', async () => {
  const { code, out } = await ask(SILENT)
  expect(code).toBe(1)
  expect(out).toMatch(/^offsite {2}not heard for 5 min: connect ECONNREFUSED/)
  expect(out.replace(/\s+/g, ' ')).toContain('vigie twin key')
  expect(out).not.toContain('unknown')
})

test('Of one that is silent what was known of it stays.', async () => {
  const { out } = await ask({ ...SILENT, version: '0.1.0', address: '192.0.2.1' })
  expect(out).toMatch(/192\.0\.2\.1[\s\S]*version +0\.1\.0/)
})
