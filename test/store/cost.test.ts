// What results cost on the disk. The figures are printed; only bounds that hold on any machine are asserted.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openResults } from '../../src/store/results.ts'
import { observation } from './observations.ts'

const START = Date.UTC(2026, 10, 23, 12)
const dir = mkdtempSync(join(tmpdir(), 'vigie-cost-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Bytes this process had written to disks; undefined where the system doesn't say. */
function written(): number | undefined {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
  } catch {
    return undefined
  }
}

it('a look costs 24 bytes at most, and a thousand 0.4 MB of writing', { timeout: 60_000 }, () => {
  const looks = 200_000
  const checks = 500
  let now = START
  const results = openResults(dir, { now: () => now })
  const before = written()
  for (let n = 0; n < looks; n += 1) {
    now = START + n * 40
    const took = 15 + ((n * 7919) % 4000) / 10
    results.look(observation(now, { check: `service-${n % 100}.check-${n % checks}`, took }), false)
  }
  results.close()
  const after = written()
  const perLook = statSync(join(dir, 'results.db')).size / looks
  expect(perLook).toBeLessThanOrEqual(24)
  const perThousand = before === undefined || after === undefined ? 0 : (after - before) / (looks / 1000)
  expect(perThousand).toBeLessThanOrEqual(400_000)
  console.info(
    `${perLook.toFixed(1)} bytes a look, ${(perThousand / 1e6).toFixed(3)} MB written per 1,000 looks, ${checks} checks`,
  )
})
