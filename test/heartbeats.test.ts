import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createHeartbeats } from '../src/heartbeats.ts'
import type { PushedPing } from '../src/http/push.ts'
import type { Memory } from '../src/memory.ts'
import { readLastPings } from '../src/store/archive.ts'
import { openLedger } from '../src/store/ledger.ts'
import { openKey } from '../src/twin/key.ts'
import { sealer } from '../src/twin/seal.ts'

const JOB = { id: 'job.heartbeat', heartbeat: { token: 'abcdefghijklmnop' } }

it('keeps what a job said last, also while its next run goes on, for whoever reads the folder', () => {
  const data = mkdtempSync(join(tmpdir(), 'vigie-test-'))
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: Date.now })
  const felt: unknown[] = []
  const memory = { checkById: new Map([[JOB.id, JOB]]) } as unknown as Memory
  const cycle = { ping: (...heard: readonly unknown[]) => felt.push(heard) } as never
  const heartbeats = createHeartbeats({ memory, ledger, cycle, now: () => 1_000 })
  const hear = (kind: PushedPing['kind'], body: string, exit: number | null = null) =>
    heartbeats.heard(JOB.heartbeat.token, { kind, exit, body: Buffer.from(body), rid: null })
  heartbeats.set()
  expect(heartbeats.last(JOB.id)).toBeNull()
  expect(hear('fail', 'no space left', 23)).toBe(true)
  expect(hear('start', '')).toBe(true)
  expect(felt).toHaveLength(2)
  const last = { at: 1_000, kind: 'fail', exit: 23, body: 'no space left' }
  expect(heartbeats.last(JOB.id)).toEqual(last)
  expect(readLastPings(data, [JOB.id, 'other.heartbeat'])).toEqual(new Map([[JOB.id, last]]))
  hear('success', '')
  expect(heartbeats.last(JOB.id)).toEqual({ at: 1_000, kind: 'success', exit: null, body: '' })
  expect(heartbeats.heard('qrstuvwxyzabcdef', { kind: 'fail', exit: null, body: Buffer.alloc(0), rid: null })).toBe(
    false,
  )
  ledger.close()
  rmSync(data, { recursive: true, force: true })
})
