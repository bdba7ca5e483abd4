import { expect, test } from 'vitest'
import { createChronicle } from '../src/chronicle.ts'
import type { Change } from '../src/core/history/change.ts'
import type { Observation } from '../src/core/observation.ts'
import { nothingKnownOfService, type ServiceKnown } from '../src/core/verdict/known.ts'
import { START } from './core/letters.ts'

test('a service that comes and goes is written down as such, without a word on its status', () => {
  const written: Change[] = []
  const chronicle = createChronicle(
    { look: () => {}, changed: (change) => written.push(change), changesOf: () => [] },
    () => 'home',
  )
  const well: ServiceKnown = { ...nothingKnownOfService(START), status: 'operational', since: START }
  const shaken = (worst: ServiceKnown['status']): ServiceKnown => ({
    ...well,
    flapping: { changes: [START + 3], unstableSince: START + 3, worst },
  })
  const steps = [well, shaken('partial_outage'), shaken('partial_outage'), shaken('major_outage'), well, well]
  for (const [at, after] of steps.entries()) chronicle.stood('web', steps[at - 1] ?? well, after, START + 10 + at)
  expect(written).toMatchObject([
    { subject: 'flapping', id: 'web', state: 'unstable', since: START + 3, sites: { worst: 'partial_outage' } },
    { subject: 'flapping', state: 'unstable', since: START + 3, sites: { worst: 'major_outage' } },
    { subject: 'flapping', state: 'calm', at: START + 14 },
  ])
})

test('a look that says nothing is kept whole when it says so for another reason than the last', () => {
  const kept: boolean[] = []
  const chronicle = createChronicle(
    { look: (_, detail) => kept.push(detail), changed: () => {}, changesOf: () => [] },
    () => 'home',
  )
  const look = (outcome: Observation['outcome']): Observation => ({
    ...{ check: 'web.http', strand: null, site: 'home', at: START, took: 0, phases: {}, outcome },
    via: { dns: false, family: null, port: null },
  })
  const blocked = look({ ok: null, reason: 'blocked', note: '127.0.0.1 is a private address' })
  chronicle.looked(blocked, 0, true)
  chronicle.looked(blocked, 0, false)
  chronicle.looked(look({ ok: true, note: '' }), 0, true)
  chronicle.looked(look({ ok: false, reason: 'timeout', note: '' }), 4, true)
  expect(kept).toEqual([true, false, false, false])
})
