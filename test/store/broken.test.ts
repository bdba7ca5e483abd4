import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
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
import { DAY, MINUTE } from '../../src/core/time.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { openResults, type Results } from '../../src/store/results.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { compile, start } from './child.ts'
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
  results.aliveUntil()
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

describe('a folder that cannot be written', () => {
  it('pauses history, keeps what it can in memory and goes on by itself', { timeout: 30_000 }, async () => {
    // Root may write anywhere, so this runs as somebody else where we are root.
    const out = compile('store/results.ts')
    folders.push(out)
    chmodSync(out, 0o755)
    const someone = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
    if ('uid' in someone) chownSync(dir, 65534, 65534)
    const child = start(
      `
      import { chmodSync } from 'node:fs'
      import { openResults } from ${JSON.stringify(join(out, 'store/results.js'))}
      const dir = ${JSON.stringify(dir)}
      const look = (n) => ({ check: 'a.b', strand: null, site: 'home', at: n * 1000, took: 1, phases: {}, via: { dns: false, family: null, port: null }, outcome: { ok: true, note: '' } })
      const kinds = []
      chmodSync(dir, 0o500)
      const results = openResults(dir, { now: Date.now })
      kinds.push(results.condition().kind)
      for (let n = 0; n < 7000; n += 1) results.look(look(n), n % 5 === 0)
      results.changed({ at: 1, subject: 'status', id: 'a', since: 1, state: 'operational', rule: '', sites: {} })
      kinds.push(results.condition().kind)
      chmodSync(dir, 0o700)
      results.flush()
      kinds.push(results.condition().kind)
      const kept = results.looksOf('a.b', 0, 1e9)
      console.log(JSON.stringify({ kinds, kept: kept.length, last: kept.at(-1).at, changes: results.statusSpans('a', 0).length }))
      results.close()`,
      someone,
    )
    expect(await child.ended()).toBe(0)
    const told = JSON.parse(child.output()) as { kinds: string[]; kept: number; last: number; changes: number }
    expect(told).toMatchObject({ kinds: ['paused', 'paused', 'good'], last: 6_999_000, changes: 1 })
    expect(told.kept).toBeGreaterThan(4_500)
    expect(told.kept).toBeLessThanOrEqual(5_000)
  })
})

describe('a full disk', () => {
  let disk: string

  function mounted(): boolean {
    disk = join(dir, 'disk')
    mkdirSync(disk)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' })
      return true
    } catch {
      if (process.env.VIGIE_REAL === '1') throw new Error('VIGIE_REAL=1, but no disk of 8 MB can be mounted here')
      return false
    }
  }

  it('pauses history; verdicts and letters go on; with room again so does history', (context) => {
    if (!mounted()) return context.skip('mounting a disk of 8 MB needs root')
    try {
      const results = openResults(disk, { now: () => now })
      const ledger = openLedger(disk, { site: 'home', sealer: sealer(openKey(dir)), now: () => now })
      fill(results, 1000)
      fillUp(join(disk, 'ballast'))
      for (let n = 0; results.condition().kind === 'good' && n < 40_000; n += 1) {
        results.look(observation(NOON + n * 1000, { check: 's.c0' }), true)
      }
      expect(results.condition()).toMatchObject({
        kind: 'paused',
        since: NOON,
        note: expect.stringMatching(/^SQLITE_(FULL|IOERR)/),
      })
      for (let n = 0; n < 7000; n += 1) results.look(observation(NOON + n * 1000, { check: 'full.look' }), false)
      results.changed({ at: NOON, subject: 'status', id: 'f', since: NOON, state: 'operational', rule: '', sites: {} })
      expect(results.looksOf('s.c1', 0, NOON + DAY).length, 'reading goes on').toBe(20)

      for (let n = 0; n < 300; n += 1) {
        const letter = { key: `k${n}`, event: 'down', thread: 't', at: NOON, news: { kind: 'test' } } as const
        ledger.remember({
          living: new Map(
            Array.from({ length: 5 }, (_, i) => [
              `check:s.c${(n + i) % 30}`,
              JSON.stringify({ n, text: 'x'.repeat(200) }),
            ]),
          ),
          letters: n % 10 === 0 ? [{ letter, recipients: ['a'] }] : [],
          entries: [],
        })
      }
      for (const { id } of ledger.due(NOON)) {
        ledger.began(id, NOON, 'r')
        ledger.sent(id, NOON, 'r', '250')
      }
      expect(ledger.sentOf('t')).toHaveLength(30)

      unlinkSync(join(disk, 'ballast'))
      results.flush()
      expect(results.condition()).toEqual({ kind: 'good' })
      expect(results.looksOf('full.look', 0, NOON + DAY).length).toBeGreaterThan(4000)
      expect(results.statusSpans('f', 0)).toHaveLength(1)
      results.close()
      ledger.close()
    } finally {
      execFileSync('umount', ['-l', disk])
    }
  })
})

function fillUp(ballast: string): void {
  for (const size of [65_536, 4096, 512]) {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
}
