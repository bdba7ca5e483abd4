// When a service's status begins: history is painted from these moments, so one that is too early takes back what was
// measured (verdict.md, 4).
import { describe, expect, it } from 'vitest'
import type { Check, Service } from '../../../src/core/check.ts'
import { DAY, HOUR, MINUTE, type Millis } from '../../../src/core/time/time.ts'
import type { Agreement } from '../../../src/core/verdict/agreement.ts'
import { casesOf, decideService, isOnlyRemembered, isRestless } from '../../../src/core/verdict/decide.ts'
import {
  type CheckKnown,
  nothingKnownOf,
  nothingKnownOfService,
  type ServiceKnown,
} from '../../../src/core/verdict/known.ts'
import type { State } from '../../../src/core/verdict/state.ts'
import { checkOf, POLICY, RULE } from '../policy.ts'

const START = Date.UTC(2026, 10, 23)
const SERVICE = { id: 'mail', name: { en: 'mail' }, group: null, about: null, url: null, audience: 'members' } as const

/** `smtp down@10`: from minute 10 on it is that, and stays what it was else. Decided two minutes after the last turn. */
function live(checks: readonly string[], story: readonly string[], essential: readonly string[] = []) {
  return lived(checks, story, essential).stood
}

/** The same, with what is known at the end. */
function lived(checks: readonly string[], story: readonly string[], essential: readonly string[] = []) {
  const service: Service = {
    ...SERVICE,
    checks: checks.map((id) => checkOf(`mail.${id}`, { essential: essential.includes(id) })),
  }
  const known = new Map<string, CheckKnown>()
  let status: ServiceKnown = nothingKnownOfService(START)
  const stood: string[] = []
  const flaps: (string | null)[] = []
  for (const moment of story) {
    let last = 0
    for (const turn of moment.split(', ')) {
      const [, id, state, minute] = /^(\w+) (\w+)@(\d+)$/.exec(turn)!
      const check = service.checks.find((one) => one.id === `mail.${id}`)!
      known.set(check.id, { ...nothingKnownOf(check, START), agreement: agreement(state as State, Number(minute)) })
      last = Math.max(last, Number(minute))
    }
    const around = {
      known: (id: string) => known.get(id),
      voices: () => [],
      maintenance: () => false,
      muted: () => false,
      elsewhere: () => null,
      policy: POLICY,
    }
    const decided = decideService(service, status, around, START + (last + 2) * MINUTE)
    status = decided.after
    flaps.push(decided.flap)
    stood.push(`${status.status}@${(status.since - START) / MINUTE}`)
  }
  return { stood, flaps, known: status }
}

function agreement(state: State, minute: number): Agreement {
  const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' as const }
  return { state, since: START + minute * MINUTE, reason: null, confidence, rule: '1', disagreeSince: null }
}

describe('a status begins', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'at the first failed look of the check that fell, and ends at the first good one',
      ['smtp up@1, imap up@1', 'smtp down@10', 'smtp up@40'],
      ['operational@1', 'partial_outage@10', 'operational@40'],
    ],
    [
      'anew when a second check falls: the time before stays partial',
      ['smtp up@1, imap up@1', 'smtp down@10', 'imap down@60'],
      ['operational@1', 'partial_outage@10', 'major_outage@60'],
    ],
    [
      'anew when one of two comes back: the time before stays an outage',
      ['smtp up@1, imap up@1', 'smtp down@10', 'imap down@60', 'imap up@90', 'smtp up@120'],
      ['operational@1', 'partial_outage@10', 'major_outage@60', 'partial_outage@90', 'operational@120'],
    ],
    [
      'at the first failed look when several fall together, and ends with the last that comes back',
      ['smtp up@1, imap up@1', 'smtp down@10, imap down@11', 'smtp up@50, imap up@52'],
      ['operational@1', 'major_outage@10', 'operational@52'],
    ],
    [
      'where the check that fell did, whatever another did meanwhile',
      ['smtp up@1, imap up@1', 'imap unknown@20', 'imap up@30', 'smtp down@25'],
      ['operational@1', 'operational@1', 'operational@1', 'partial_outage@25'],
    ],
    [
      'at the cut of our line, and where it is over',
      ['smtp up@1, imap up@1', 'smtp down@10', 'smtp unknown@30, imap unknown@30', 'imap up@50', 'smtp down@51'],
      ['operational@1', 'partial_outage@10', 'unknown@30', 'operational@50', 'partial_outage@51'],
    ],
  ])('%s', (_, story, wanted) => {
    expect(live(['smtp', 'imap'], story)).toEqual(wanted)
  })

  it('with the essential check that fell, not with the one that fell before', () => {
    const story = ['http up@1, tcp up@1', 'tcp down@10', 'http down@60', 'http up@80']
    expect(live(['http', 'tcp'], story, ['http'])).toEqual([
      'operational@1',
      'partial_outage@10',
      'major_outage@60',
      'partial_outage@80',
    ])
  })
})

describe('maintenance', () => {
  it('begins and ends when it does, whatever the checks turned to before', () => {
    const check = checkOf('mail.http')
    const service: Service = { ...SERVICE, checks: [check] }
    const at = (before: ServiceKnown, state: State, turned: number, maintained: boolean, minute: number) => {
      const known = { ...nothingKnownOf(check, START), agreement: agreement(state, turned) }
      const around = {
        known: () => known,
        voices: () => [],
        maintenance: () => maintained,
        muted: () => false,
        elsewhere: () => null,
        policy: POLICY,
      }
      return decideService(service, before, around, START + minute * MINUTE).after
    }
    const up = at(nothingKnownOfService(START), 'up', 1, false, 2)
    const works = at(up, 'down', 10, true, 12)
    const after = at(works, 'down', 10, false, 20)
    const stood = [up, works, after].map(({ status, since }) => `${status}@${(since - START) / MINUTE}`)
    expect(stood).toEqual(['operational@1', 'under_maintenance@12', 'major_outage@20'])
  })
})

describe('a service that comes and goes', () => {
  const coming = (state: State) => [5, 15, 25].flatMap((minute) => [`http ${state}@${minute}`, `http up@${minute + 5}`])
  it.each<[State, boolean]>([
    ['down', true],
    ['partial', false],
  ])('%s: unstable is %s', (state, wanted) => {
    const { known } = lived(['http'], ['http up@1', ...coming(state)])
    expect(known.flapping.unstableSince !== null).toBe(wanted)
  })

  it('says once that it began and once that it ended', () => {
    const { flaps } = lived(['http'], ['http up@1', ...coming('down'), 'http up@60'])
    expect(flaps.filter((flap) => flap !== null)).toEqual(['began', 'ended'])
    expect(flaps.at(-1)).toBe('ended')
    expect(lived(['http'], ['http up@1', ...coming('down')]).known.flapping.thread).toMatch(/^mail-/)
  })
})

describe('what a service was when it was last known', () => {
  it.each<[readonly string[], string]>([
    [['http unknown@1'], 'operational'],
    [['http up@1', 'http down@10'], 'major_outage'],
    [['http up@1', 'http down@10', 'http unknown@20'], 'major_outage'],
    [['http down@1', 'http up@10', 'http unknown@20'], 'operational'],
  ])('after %j it is %s', (story, confirmed) => {
    expect(lived(['http'], story).known.confirmed).toBe(confirmed)
  })
})

describe('a service that time alone can change', () => {
  const calm = lived(['http'], ['http up@1']).known
  const down = lived(['http'], ['http up@1', 'http down@10']).known
  const back = lived(['http'], ['http up@1', 'http down@10', 'http up@12']).known
  it.each<[string, ServiceKnown, boolean, boolean]>([
    ['is not one that is well', calm, false, false],
    ['is one whose work begins', calm, true, true],
    ['is one whose work ends', { ...calm, status: 'under_maintenance' }, false, true],
    ['is not one in the midst of its work', { ...calm, status: 'under_maintenance' }, true, false],
    ['is one in an outage', { ...calm, outages: down.outages }, false, true],
    [
      'is one in an outage of admins',
      { ...calm, outages: { members: null, admins: down.outages.members } },
      false,
      true,
    ],
    ['is one that changed lately', back, false, true],
  ])('%s', (_, known, maintained, restless) => {
    expect(isRestless(known, maintained)).toBe(restless)
  })
})

describe('how long a service has to come back after what explains its fall', () => {
  const check = (id: string, every: Millis, more: Partial<Check> = {}) =>
    checkOf(`mail.${id}`, { rule: { ...RULE, every }, ...more })
  const job = { period: DAY, grace: HOUR, token: null }
  const service: Service = {
    ...SERVICE,
    checks: [
      check('imap', MINUTE),
      check('smtp', 5 * MINUTE),
      check('slow', HOUR),
      check('seldom', DAY, { rule: { ...RULE, every: DAY, retry: HOUR, rise: 1 } }),
      check('job', DAY, { heartbeat: job }),
    ],
  }
  /** `fell`: in this order; `now`: how they stand. */
  const graceOf = (fell: readonly string[], now: Readonly<Record<string, State>>) => {
    const outage = {
      id: 'mail-1',
      service: 'mail',
      audience: 'members',
      since: START,
      opened: START,
      confirmed: true,
      confirmedAt: START,
      planned: false,
      checks: fell.map((id) => `mail.${id}`),
      ended: null,
    } as const
    const nothing = nothingKnownOfService(START)
    const around = {
      known: (id: string) => {
        const one = service.checks.find((known) => known.id === id)!
        return { ...nothingKnownOf(one, START), agreement: agreement(now[id.slice(5)] ?? 'up', 1) }
      },
      voices: () => [],
      maintenance: () => false,
      muted: () => false,
      elsewhere: () => null,
      policy: POLICY,
    }
    const known = { ...nothing, outages: { members: outage, admins: null } }
    return casesOf(service, known, [], new Map(), around, START)[0]!.grace
  }
  it.each<[string, readonly string[], Readonly<Record<string, State>>, Millis]>([
    ['two of its intervals', ['imap'], { imap: 'down' }, 2 * MINUTE],
    ['those of what fell, whatever looks seldom beside it', ['smtp'], { smtp: 'partial' }, 10 * MINUTE],
    ['those of the first that could be back and is not', ['smtp', 'imap'], { smtp: 'down', imap: 'down' }, 2 * MINUTE],
    ['those of what is still down', ['imap', 'smtp'], { smtp: 'down' }, 10 * MINUTE],
    ['when all are back those of the slowest', ['smtp', 'imap'], {}, 10 * MINUTE],
    ['ten minutes where it looks seldom', ['slow'], { slow: 'down' }, 10 * MINUTE],
    ['until it was looked at, where that is seldom as well', ['seldom'], { seldom: 'down' }, HOUR + 10_000],
    ['two days where a daily job is missing', ['job'], { job: 'down' }, 2 * DAY],
  ])('%s', (_, fell, now, wanted) => {
    expect(graceOf(fell, now)).toBe(wanted)
  })
})

describe('an outage that others saw end', () => {
  const service: Service = { ...SERVICE, checks: [checkOf('mail.smtp', { rule: { ...RULE, every: MINUTE } })] }
  const outage = {
    id: 'mail-1',
    service: 'mail',
    audience: 'members',
    since: START + 10 * MINUTE,
    opened: START + 11 * MINUTE,
    confirmed: true,
    confirmedAt: START + 11 * MINUTE,
    planned: false,
    checks: ['mail.smtp'],
    ended: null,
  } as const
  const around = (state: State, minute: number, ended: number | null = null) => ({
    known: (id: string) => ({ ...nothingKnownOf(checkOf(id), START), agreement: agreement(state, minute) }),
    voices: () => [],
    maintenance: () => false,
    muted: () => false,
    elsewhere: () => (ended === null ? null : START + ended * MINUTE),
    policy: POLICY,
  })

  it.each<[State, number, boolean, string]>([
    ['unknown', 19, true, 'unknown since before that'],
    ['unknown', 23, true, 'looked at last when it ended, three intervals before it was unknown'],
    ['unknown', 24, false, 'looked at after that'],
    ['down', 21, true, 'down anew since after that'],
    ['down', 19, false, 'down since before that'],
    ['up', 19, false, 'seen to work here, too'],
  ])('%s@%i is only remembered: %s (%s)', (state, minute, remembered) => {
    expect(isOnlyRemembered(outage, START + 20 * MINUTE, service, around(state, minute))).toBe(remembered)
  })

  it('may be only remembered, whenever they saw it, where it is unknown or fell anew since it opened', () => {
    const may = (state: State, minute: number) => isOnlyRemembered(outage, null, service, around(state, minute))
    expect([may('unknown', 90), may('down', 12), may('down', 11), may('up', 12)]).toEqual([true, true, false, false])
  })

  it('ends then, counts as a change of then, and what fell since is another', () => {
    const known = { ...nothingKnownOfService(START), outages: { members: outage, admins: null } }
    const at = START + 40 * MINUTE
    const { after, ended } = decideService(service, known, around('down', 30, 20), at)
    expect(ended).toEqual([{ ...outage, ended: START + 20 * MINUTE }])
    expect(after.outages.members).toMatchObject({ since: START + 30 * MINUTE, opened: at, ended: null })
    expect(after.outages.members!.id).not.toBe(outage.id)
    expect(after.flapping.changes).toEqual([START + 20 * MINUTE, at])
    const silent = decideService(service, known, around('unknown', 19, 20), at)
    expect([silent.after.outages.members, silent.after.flapping.changes]).toEqual([null, [START + 20 * MINUTE]])
  })
})
