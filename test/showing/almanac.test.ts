// What pages may ask of the past, read back from results.db.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { OutageRecord } from '../../src/core/history/outage-record.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { createAlmanac } from '../../src/showing/almanac.ts'
import { openResults } from '../../src/store/results.ts'
import { blankMemory } from '../blank-memory.ts'
import { checkOf, configurationOf, serviceOf } from '../core/policy.ts'
import { outageOf } from '../page/past.ts'

const root = mkdtempSync(join(tmpdir(), 'vigie-almanac-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const configuration = configurationOf([serviceOf('web', [checkOf('web.http')])])
const NOW = Date.UTC(2026, 10, 23, 12)
const WHY = [{ id: 'web.http', kind: 'http', reason: 'timeout' as const, note: '' }]

it('knows what befell a service lately, and all there ever was', () => {
  const results = openResults(root, { now: () => NOW })
  const almanac = createAlmanac({ memory: blankMemory(configuration, NOW), results, now: () => NOW })
  const write = (at: number, sites: OutageRecord) =>
    results.changed({ at, subject: 'outage', id: 'web', since: sites.since, state: 'x', rule: sites.rule, sites })
  const lasting = (since: number, length: number, changes: Partial<OutageRecord> = {}) => {
    write(since, outageOf('web', since, null, WHY, changes))
    write(since + length + MINUTE, outageOf('web', since, length, [], changes))
  }
  lasting(NOW - 3 * DAY, HOUR)
  lasting(NOW - 2 * DAY, DAY + HOUR)
  lasting(NOW - 5 * HOUR, HOUR, { audience: 'admins' })
  lasting(NOW - 3 * HOUR, HOUR)
  write(NOW - MINUTE, outageOf('web', NOW - MINUTE, null, WHY))
  try {
    const lately = almanac.outagesOf('web', NOW - DAY)
    expect(lately.map(({ since }) => since)).toEqual([NOW - MINUTE, NOW - 3 * HOUR, NOW - 2 * DAY])
    expect(almanac.outagesOf('mail', NOW - DAY)).toEqual([])
    expect(lately.map(({ checks }) => checks.length)).toEqual([1, 1, 0])
    const all = almanac.past('web').outages
    expect(all.map(({ ended }) => ended)).toEqual([
      null,
      ...[-2 * HOUR, -23 * HOUR, -71 * HOUR].map((ago) => NOW + ago),
    ])
    expect(all.every(({ checks }) => checks.length === 1)).toBe(true)
    expect(almanac.outages()).toEqual(all)
  } finally {
    results.close()
  }
})
