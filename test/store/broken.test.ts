import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { DAY, MINUTE } from '../../src/core/time/time.ts'
import { openResults, type Results } from '../../src/store/results.ts'
import { observation } from './observations.ts'

const NOON = Date.UTC(2026, 10, 23, 12)

let dir: string
let file: string
let now: number
const folders: string[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-broken-'))
  folders.push(dir)
  file = join(dir, 'results.db')
  now = NOON
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function open(): Results {
  return openResults(dir, { now: () => now })
}

/** A file of some hundred kilobytes with everything in it. */
function fill(results: Results, looks = 5000): void {
  for (let n = 0; n < looks; n += 1) results.look(observation(NOON + n * 1000, { check: `s.c${n % 50}` }), n % 10 === 0)
  results.changed({ at: NOON, subject: 'status', id: 's', since: NOON, state: 'operational', rule: '', sites: {} })
}

/** Everything that may be asked and told; none of it may throw. */
function useAll(results: Results): number {
  fill(results, 600)
  results.flush()
  results.statusSpans('s', 0)
  results.allStatusSpans(0)
  results.changesOf('s', 'status', 0, NOON + DAY)
  results.lastLooks()
  results.detailsOf('s.c0', 0, NOON + DAY)
  results.fiveMinutes('s.c0', NOON, NOON + DAY)
  results.days('s.c0', '2026-11-22', '2026-11-24')
  results.measuredUntil()
  while (results.rollUp(NOON + DAY, 'Europe/Paris', true));
  results.condition()
  return results.looksOf('s.c0', 0, NOON + DAY).length
}

function killed(results: Results): void {
  const kept = ['', '-wal', '-shm'].map(
    (part) => [file + part, existsSync(file + part) ? readFileSync(file + part) : undefined] as const,
  )
  results.close()
  rmSync(`${file}.mark`, { force: true })
  writeFileSync(`${file}.mark`, 'open')
  for (const [name, bytes] of kept) if (bytes !== undefined) writeFileSync(name, bytes)
}

function noise(length: number, times = 50): void {
  const bytes = readFileSync(file)
  for (let time = 0; time < times; time += 1)
    bytes[Math.floor(Math.random() * length)]! ^= 1 + Math.floor(Math.random() * 255)
  writeFileSync(file, bytes)
}

describe('a results.db found broken at the start', () => {
  const ways: readonly [string, () => void][] = [
    ['cut to nothing', () => truncateSync(file, 0)],
    ['cut in its header', () => truncateSync(file, 60)],
    ['cut in half', () => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['cut at a page', () => truncateSync(file, 4096 * 3)],
    [
      'with noise for a header',
      () => writeFileSync(file, Buffer.concat([Buffer.alloc(100, 0xa5), readFileSync(file).subarray(100)])),
    ],
    ['filled with noise', () => writeFileSync(file, Buffer.alloc(50_000, 0x5a))],
    ['deleted', () => unlinkSync(file)],
    [
      'of a newer vigie',
      () => {
        const bytes = readFileSync(file)
        bytes.writeUInt32BE(99, 60)
        writeFileSync(file, bytes)
      },
    ],
  ]

  it.each(ways)('%s is set aside, begun anew, and says since when', (_, harm) => {
    const before = open()
    fill(before)
    before.close()
    harm()
    const something = existsSync(file) && statSync(file).size > 0
    now = NOON + DAY
    const results = open()
    expect(results.condition()).toEqual({ kind: 'lost', since: NOON + DAY })
    expect(results.looksOf('s.c0', 0, NOON + DAY)).toEqual([])
    expect(useAll(results)).toBe(12)
    results.close()
    expect(readdirSync(dir).some((name) => name.startsWith('results.db.broken-'))).toBe(something)
    const again = open()
    expect(again.condition(), 'remembered in the new file').toEqual({ kind: 'lost', since: NOON + DAY })
    now += 91 * DAY
    expect(again.condition(), 'until the page shows nothing of that time').toEqual({ kind: 'good' })
    again.close()
  })

  it('with bytes flipped anywhere, never throws, and works in the end', () => {
    const seen = new Set<string>()
    for (let round = 0; round < 25; round += 1) {
      rmSync(dir, { recursive: true })
      mkdirSync(dir)
      const before = open()
      fill(before, 2000)
      before.close()
      noise(round < 5 ? 4096 : statSync(file).size)
      const results = open()
      useAll(results)
      results.look(observation(NOON + 2 * DAY, { check: 'new.look' }), true)
      results.flush()
      seen.add(results.condition().kind)
      expect(results.looksOf('new.look', 0, NOON + 3 * DAY)).toHaveLength(1)
      results.close()
    }
    expect(seen).toContain('lost')
  })

  it('after a kill is read through; after a proper stop it is trusted unless somebody touched it', () => {
    const before = open()
    fill(before)
    killed(before)
    const after = open()
    expect(after.condition()).toEqual({ kind: 'good' })
    expect(after.looksOf('s.c0', 0, NOON + DAY)).toHaveLength(100)
    after.close()
    expect(readFileSync(`${file}.mark`, 'utf8')).toMatch(/^closed /)
  })
})

describe('a results.db that breaks under us', () => {
  it('deleted: what waits goes into a new one', () => {
    const results = open()
    fill(results)
    results.look(observation(NOON + DAY, { check: 'kept.look' }), true)
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true })
    now = NOON + DAY
    results.flush()
    expect(results.condition()).toEqual({ kind: 'lost', since: NOON + DAY })
    expect(results.looksOf('kept.look', 0, NOON + 2 * DAY)).toHaveLength(1)
    expect(useAll(results)).toBe(12)
    results.close()
  })

  it('only its first file deleted, its log left behind: the same', () => {
    const results = open()
    fill(results)
    results.look(observation(NOON, { check: 'kept.look' }), false)
    rmSync(file)
    results.flush()
    expect(results.condition().kind).toBe('lost')
    expect(results.looksOf('kept.look', 0, NOON + DAY)).toHaveLength(1)
    results.close()
    expect(open().condition().kind).toBe('lost')
  })

  it('cut: what waits goes into a new one', () => {
    const results = open()
    fill(results, 20_000)
    results.close()
    const again = open()
    again.look(observation(NOON, { check: 'kept.look' }), false)
    truncateSync(file, 8192)
    again.flush()
    expect(again.condition().kind).toBe('lost')
    expect(again.looksOf('kept.look', 0, NOON + DAY)).toHaveLength(1)
    again.close()
  })

  it('overwritten in place: never throws, and is given up when it shows', () => {
    const first = open()
    fill(first, 20_000)
    first.close()
    const results = open()
    const size = statSync(file).size
    writeFileSync(file, Buffer.alloc(size, 0x5a), { flag: 'r+' })
    useAll(results)
    results.look(observation(NOON, { check: 'kept.look' }), false)
    results.flush()
    expect(results.condition().kind).toBe('lost')
    expect(results.looksOf('kept.look', 0, NOON + DAY)).toHaveLength(1)
    results.close()
  })

  it('breaking again within a minute is left alone until then', () => {
    const results = open()
    fill(results)
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true })
    results.flush()
    for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true })
    results.look(observation(NOON, { check: 'kept.look' }), false)
    results.flush()
    expect(results.condition().kind).toBe('paused')
    const later = performance.now() + MINUTE
    vi.spyOn(performance, 'now').mockReturnValue(later)
    results.flush()
    vi.restoreAllMocks()
    expect(results.condition().kind).toBe('lost')
    expect(results.looksOf('kept.look', 0, NOON + DAY)).toHaveLength(1)
    results.close()
  })
})
