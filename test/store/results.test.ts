import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Change } from '../../src/core/history/change.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openResults, type Results } from '../../src/store/results.ts'
import { RESULTS } from '../../src/store/results-format.ts'
import { observation, TIMEOUT } from './observations.ts'

const NOON = Date.UTC(2026, 10, 23, 12)

let dir: string
let now: number
let results: Results
const folders: string[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-results-'))
  folders.push(dir)
  now = NOON
  results = open()
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  results.close()
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function open(): Results {
  return openResults(dir, { now: () => now })
}

function reopen(): void {
  results.close()
  results = open()
}

function all(check = 'mail.smtp') {
  return results.looksOf(check, 0, Number.MAX_SAFE_INTEGER)
}

function status(at: number, state: string, since = at, id = 'mail'): Change {
  return { at, subject: 'status', id, since, state, rule: '', sites: {} }
}

describe('results', () => {
  it('are quick to write and never break: NORMAL', () => {
    results.close()
    const db = openDatabase(join(dir, 'results.db'), RESULTS)
    expect(db.pragma('synchronous', { simple: true })).toBe(1)
    db.close()
    results = open()
    expect(results.condition()).toEqual({ kind: 'good' })
  })

  it('wear no page for an index of their log: nothing lies beside them but the log', () => {
    results.look(observation(NOON), false)
    results.flush()
    expect(readdirSync(dir).sort()).toEqual(['results.db', 'results.db-wal', 'results.db.mark'])
  })

  it('give a look back as it was: when it began, how long it took, why it failed', () => {
    results.look(observation(NOON), false)
    results.look(observation(NOON + 60_000, { took: 10_000.4, outcome: TIMEOUT }), false)
    results.look(observation(NOON + 120_000, { outcome: { ok: null, reason: 'offline', note: '' }, strand: 6 }), false)
    reopen()
    expect(all()).toEqual([
      { site: 'home', strand: null, at: NOON, took: 41.2, reason: null },
      { site: 'home', strand: null, at: NOON + 60_000, took: 10_000.4, reason: 'timeout' },
      { site: 'home', strand: 6, at: NOON + 120_000, took: 41.2, reason: 'offline' },
    ])
    expect(results.looksOf('mail.smtp', NOON + 60_000, NOON + 120_000)).toHaveLength(1)
    expect(all('mail.imap')).toEqual([])
  })

  it('keep looks that ended in the same millisecond, all of them', () => {
    for (let n = 0; n < 400; n += 1) results.look(observation(NOON, { check: `s.c${n % 40}`, took: 10 }), false)
    results.flush()
    const looks = Array.from({ length: 40 }, (_, n) => all(`s.c${n}`)).flat()
    expect(looks).toHaveLength(400)
    expect(Math.max(...looks.map(({ at }) => at)) - NOON).toBeLessThan(500)
  })

  it('wait for 250 looks, a minute or a change before they are committed', () => {
    for (let n = 0; n < 249; n += 1) results.look(observation(NOON + n * 1000), false)
    expect(all()).toHaveLength(0)
    results.look(observation(NOON + 249_000), false)
    expect(all()).toHaveLength(250)
    results.look(observation(NOON + 250_000), false)
    expect(all()).toHaveLength(250)
    results.changed(status(NOON + 251_000, 'major_outage'))
    expect(all()).toHaveLength(251)
    results.close()

    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    results = open()
    results.look(observation(NOON + 252_000), false)
    vi.advanceTimersByTime(59_000)
    expect(all()).toHaveLength(251)
    vi.advanceTimersByTime(1_000)
    expect(all()).toHaveLength(252)
  })

  it('keep all of the last look of each check, family and site, and of those worth it', () => {
    const first = observation(NOON, { outcome: TIMEOUT })
    const second = observation(NOON + 60_000)
    const six = observation(NOON + 60_000, { strand: 6 })
    results.look(first, true)
    results.look(second, false)
    results.look(six, false)
    results.look(observation(NOON, { check: 'mail.imap' }), false)
    reopen()
    expect(new Set(results.lastLooks())).toEqual(new Set([second, six, observation(NOON, { check: 'mail.imap' })]))
    expect(results.detailsOf('mail.smtp', NOON - 1, NOON + HOUR)).toEqual([first])
    expect(results.detailsOf('mail.imap', 0, NOON + HOUR)).toEqual([])
  })

  it('write the last look of a check at its change, and the others seldom', () => {
    results.look(observation(NOON), false)
    results.look(observation(NOON, { check: 'mail.imap' }), false)
    results.changed({ ...status(NOON, 'down', NOON, 'mail.imap'), subject: 'opinion' })
    expect(results.lastLooks().map(({ check }) => check)).toEqual(['mail.imap'])
    results.flush()
    expect(results.lastLooks()).toHaveLength(1)
    const later = performance.now() + HOUR
    vi.spyOn(performance, 'now').mockReturnValue(later)
    results.flush()
    expect(results.lastLooks()).toHaveLength(2)
  })

  it('take no harm from a look or a change that comes after the end', () => {
    results.look(observation(NOON), false)
    results.close()
    for (let n = 0; n < 300; n += 1) results.look(observation(NOON + n), false)
    results.changed(status(NOON, 'unknown'))
    results.close()
    results = open()
    expect(all()).toHaveLength(1)
  })

  it('keep every change with its rule and sites', () => {
    const change: Change = {
      at: NOON,
      subject: 'agreement',
      id: 'mail.smtp',
      since: NOON - 30_000,
      state: 'down',
      rule: '7a',
      sites: { home: 'down', offsite: 'unheard' },
      note: 'no answer',
    }
    const { note: _, ...silent } = { ...change, at: NOON + 1000, state: 'up' }
    results.changed(change)
    results.changed(silent)
    reopen()
    expect(results.changesOf('mail.smtp', 'agreement', NOON, NOON + HOUR)).toEqual([change, silent])
    expect(results.changesOf('mail.smtp', 'agreement', NOON + 1, NOON + 1000)).toEqual([])
    expect(results.changesOf('mail.smtp', 'opinion', 0, NOON + HOUR)).toEqual([])
  })

  it('know the last moment at which they lived, by the clock of then', () => {
    expect(results.measuredUntil()).toBeNull()
    results.look(observation(NOON - 5000, { took: 1000 }), false)
    results.flush()
    expect(results.measuredUntil()).toBe(NOON - 4000)
    results.changed(status(NOON - 1000, 'operational'))
    expect(results.measuredUntil()).toBe(NOON - 1000)
    now = NOON + 320 * DAY
    for (let tie = 0; tie < 3; tie++) results.look(observation(now - 41.2), false)
    results.changed(status(now - 1, 'unknown'))
    results.close()
    now = NOON
    results = open()
    expect(results.measuredUntil(), 'set back while it was closed').toBe(NOON + 320 * DAY + 2)
    now = NOON + 6000
    results.look(observation(NOON + 5000), false)
    reopen()
    expect(results.measuredUntil(), 'written since by a clock that is behind its rows').toBe(NOON + 6000)
    now = NOON + 321 * DAY
    results.look(observation(now - 1000, { took: 250 }), false)
    reopen()
    expect(results.measuredUntil(), 'and has passed them').toBe(now - 750)
  })

  it('give a sign of life each minute although nothing is looked at', () => {
    results.close()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    results = open()
    expect(results.measuredUntil()).toBeNull()
    now = NOON + MINUTE
    vi.advanceTimersByTime(MINUTE)
    expect(results.measuredUntil()).toBe(NOON + MINUTE)
  })
})

describe('spans of a status', () => {
  it('follow each other without gaps; an outage begins at its first failed look', () => {
    results.changed(status(NOON, 'operational'))
    results.changed(status(NOON + 5 * MINUTE, 'major_outage', NOON + 3 * MINUTE))
    results.changed(status(NOON + HOUR, 'operational', NOON + HOUR))
    reopen()
    expect(results.statusSpans('mail', 0)).toEqual([
      { from: NOON, to: NOON + 3 * MINUTE, status: 'operational' },
      { from: NOON + 3 * MINUTE, to: NOON + HOUR, status: 'major_outage' },
      { from: NOON + HOUR, to: null, status: 'operational' },
    ])
  })

  it('are overridden from where a later word begins', () => {
    results.changed(status(NOON, 'operational'))
    results.changed(status(NOON + 4 * MINUTE, 'degraded_performance'))
    results.changed(status(NOON + 5 * MINUTE, 'major_outage', NOON + 3 * MINUTE))
    expect(results.statusSpans('mail', 0).map(({ status }) => status)).toEqual(['operational', 'major_outage'])
  })

  it('begin where they are asked for, with what held then', () => {
    results.changed(status(NOON, 'operational'))
    results.changed(status(NOON + HOUR, 'unknown'))
    results.changed(status(NOON + 3 * HOUR, 'operational', NOON + HOUR + 1))
    expect(results.statusSpans('mail', NOON + 2 * HOUR)).toEqual([
      { from: NOON + 2 * HOUR, to: null, status: 'operational' },
    ])
    expect(results.statusSpans('mail', NOON + MINUTE)[0]).toEqual({
      from: NOON + MINUTE,
      to: NOON + HOUR,
      status: 'operational',
    })
    expect(results.statusSpans('files', 0)).toEqual([])
  })

  it('come for all services at once', () => {
    results.changed(status(NOON, 'operational'))
    results.changed(status(NOON, 'unknown', NOON, 'files'))
    results.changed({ ...status(NOON, 'down', NOON, 'mail.smtp'), subject: 'opinion' })
    expect([...results.allStatusSpans(0)].sort()).toEqual([
      ['files', [{ from: NOON, to: null, status: 'unknown' }]],
      ['mail', [{ from: NOON, to: null, status: 'operational' }]],
    ])
  })
})
