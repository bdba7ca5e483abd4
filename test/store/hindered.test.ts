import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../src/core/time/time.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { openResults } from '../../src/store/results.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { compile, start } from './child.ts'
import { observation } from './observations.ts'

const NOON = Date.UTC(2026, 10, 23, 12)

let dir: string
let now: number
const folders: string[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-hindered-'))
  folders.push(dir)
  now = NOON
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
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
      for (let n = 0; n < 1000; n += 1) results.look(observation(NOON + n * 1000, { check: `s.c${n % 50}` }), false)
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
