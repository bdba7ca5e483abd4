// Moments are known by their names (`MOMENTS` in known.ts): all of what is remembered moves when the clock is set.
import { expect, it } from 'vitest'
import { MINUTE } from '../src/core/time/time.ts'
import type { AlertMemory } from '../src/core/verdict/alert.ts'
import { type Line, unprovenLine } from '../src/core/verdict/blindness.ts'
import type { CheckKnown, ServiceKnown } from '../src/core/verdict/known.ts'
import type { Affected } from '../src/core/verdict/letter.ts'
import type { Outage } from '../src/core/verdict/outage.ts'
import type { Spell } from '../src/core/verdict/spell.ts'
import type { Opinion } from '../src/core/verdict/verdict.ts'
import { blankMemory } from './blank-memory.ts'
import { START } from './core/letters.ts'
import { configurationOf } from './core/policy.ts'

/** With every field there, so that the compiler asks here for one that is added to what is remembered. */
type Filled<T> = T extends string | number | boolean ? T : { readonly [K in keyof T]-?: Filled<NonNullable<T[K]>> }

/** Smaller numbers are counts and lengths of time. */
const FIRST_MOMENT = 1e12

let last = START
const moment = () => ++last

const opinion = (): Filled<Opinion> => ({
  state: 'down',
  since: moment(),
  known: 'down',
  fails: 3,
  oks: 0,
  suspectSince: moment(),
  goodSince: moment(),
  pace: '..',
  path: true,
  at: moment(),
  took: 1_000,
  via: { dns: true, family: 4, port: 443 },
  reason: 'refused',
  note: 'refused',
  lastGood: moment(),
  fault: { reason: 'refused', note: 'refused', at: moment() },
})

const confidence = { confirmed: 1, of: 2, sites: ['home'], note: 'one_site' } as const

const CHECK: Filled<CheckKnown> = {
  opinions: [opinion(), opinion()],
  agreement: { state: 'down', since: moment(), reason: 'refused', confidence, rule: '5', disagreeSince: moment() },
  pulse: {
    ended: { at: moment(), ok: true, exit: 0, runtime: 2_000 },
    lastGood: moment(),
    startedAt: moment(),
    rid: 'a',
    by: 'home',
    heard: 'unsure',
  },
  attention: { auth: { note: 'refused', since: moment(), told: true } },
}

const outage = (): Filled<Outage> => ({
  id: 'web-1',
  service: 'web',
  audience: 'members',
  since: moment(),
  opened: moment(),
  confirmed: true,
  confirmedAt: moment(),
  countedFrom: moment(),
  planned: false,
  checks: ['web.http'],
  ended: moment(),
})

const SERVICE: Filled<ServiceKnown> = {
  status: 'major_outage',
  since: moment(),
  confirmed: 'operational',
  outages: { members: outage(), admins: outage() },
  lastOutages: { members: outage(), admins: outage() },
  flapping: {
    changes: [moment(), moment()],
    unstableSince: moment(),
    worst: 'major_outage',
    untold: true,
    thread: 'mail-1',
  },
  cause: 'host',
}

const AFFECTED: Filled<Affected> = {
  outage: 'web-1',
  service: 'web',
  name: { fr: 'Toile', en: 'Web' },
  since: moment(),
  lastGood: moment(),
  confidence,
  rule: '5',
  extent: 'part',
  able: { works: [], fails: [] },
  checks: [{ id: 'web.http', kind: 'http', target: 'https://web', reason: 'refused', note: 'refused' }],
}

const ALERTS: Filled<AlertMemory> = {
  alarms: { 'web-1': { told: 'down', letter: 'web-1:down', thread: 'web-1', partial: 'web-1:partial' } },
  waiting: [{ event: 'up', affected: AFFECTED, until: moment(), thread: 'web-1', since: moment() }],
  sent: [{ at: moment(), event: 'down', services: 1 }],
  over: [{ service: 'web', at: moment() }],
}

const layer = () => ({ good: true, since: moment(), lastBad: moment() })

const LINE: Filled<Line> = {
  layers: { dns: layer(), v4: layer(), v6: layer(), tls: layer() },
  since: moment(),
  path: true,
  pathSince: moment(),
  clock: true,
  timed: true,
  usual: true,
  tested: true,
}

const spell = (): Filled<Spell> => ({ from: moment(), to: moment(), layers: ['v4'], told: true })

it('every moment that is remembered moves when the clock is set, and nothing else does', () => {
  const memory = blankMemory(configurationOf([]), 0, unprovenLine(new Map(), START))
  memory.know('web.http', CHECK)
  memory.knowService('web', SERVICE)
  memory.alerts = ALERTS
  memory.line = LINE
  memory.blind = [spell()]
  memory.silences = { twin: [spell()] }
  const before = numbersIn(memory)
  memory.shift(MINUTE)
  const moved = before.map(([path, was]) => [path, was >= FIRST_MOMENT ? was + MINUTE : was])
  expect(numbersIn(memory)).toEqual(moved)
  expect(before.filter(([, was]) => was >= FIRST_MOMENT)).toHaveLength(last - START)
})

/** Every number in it with the way there. */
function numbersIn(value: unknown, path = ''): readonly (readonly [string, number])[] {
  if (typeof value === 'number') return [[path, value]]
  if (value instanceof Map) return numbersIn(Object.fromEntries(value), path)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, one]) => numbersIn(one, `${path}.${key}`))
}
