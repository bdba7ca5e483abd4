// The line between its ends: what comes in, and what is known then.
import { expect, it } from 'vitest'
import { unprovenLine } from '../src/core/blindness.ts'
import type { Configuration } from '../src/core/check.ts'
import { opinionOf } from '../src/core/known.ts'
import { DAY, MINUTE } from '../src/core/time.ts'
import { createCycle } from '../src/cycle.ts'
import { recall } from '../src/memory.ts'
import { START } from './core/letters.ts'
import { checkOf, POLICY } from './core/policy.ts'

const job = checkOf('job.heartbeat', { kind: 'heartbeat', heartbeat: { period: DAY, grace: 5 * MINUTE, token: null } })
const service = { id: 'job', name: 'Job', group: null, about: null, url: null, audience: 'members', checks: [job] }
const configuration = {
  site: { id: 'home' },
  services: [service],
  policy: POLICY,
  alerts: [],
} as unknown as Configuration

it('a heartbeat that comes again and again says when it came last, and that it is late while it is', () => {
  let now = START
  const memory = recall(configuration, new Map(), unprovenLine(new Map(), now), null, now)
  const nothing = () => {}
  const chronicle = { looked: nothing, agreed: nothing, stood: nothing, fell: nothing, sawAgain: nothing }
  const board = { maintained: () => new Set<string>(), mutedUntil: () => null }
  const cycle = createCycle({
    memory,
    ledger: { remember: nothing, statements: () => [], onNews: () => nothing },
    chronicle,
    board,
    peers: () => [],
    now: () => now,
    act: nothing,
  })
  const known = () => opinionOf(memory.checks.get(job.id)!)
  const ping = () => cycle.ping(job.id, { kind: 'success', exit: null, rid: null, at: now })
  ping()
  expect(known()).toMatchObject({ state: 'up', at: START, lastGood: START })
  now += DAY
  ping()
  expect(known()).toMatchObject({ state: 'up', since: START, at: now, lastGood: now, note: '' })
  now += DAY + MINUTE
  cycle.tick()
  expect(known()).toMatchObject({ state: 'up', note: 'late, not missing yet' })
})
