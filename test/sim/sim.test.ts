// What must never happen (verdict.md, 5), over schedules of faults; and that each rule is missed when it is taken out.
import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../src/core/time/time.ts'
import { delaysOf, planOf, quantile, reunionOf } from './figures.ts'
import type { Mutant } from './mutants.ts'
import { type FaultKind, makePlan, type Plan } from './plan.ts'
import { simulate } from './simulate.ts'

describe('schedules', () => {
  it.each([
    [3, 50],
    [5, 10],
  ])(
    'of any faults, %i site(s), seeds 1 to %i: nothing that must never happen',
    async (count, seeds) => {
      for (let seed = 1; seed <= seeds; seed++) {
        const { failures } = await simulate(makePlan(seed, { sites: count }))
        expect(failures, `npm run sim -- --seed ${seed} --sites ${count}`).toEqual([])
      }
    },
    900_000,
  )

  it('of sites that come and go, seeds 1 to 80: nothing of the kind, and each outage mailed once', async () => {
    for (let seed = 1; seed <= 80; seed++) {
      const { failures } = await simulate(makePlan(seed, { sites: 2, kinds: ['off', 'post'] }))
      expect(failures, `npm run sim -- --seed ${seed} --sites 2 --kinds off,post`).toEqual([])
    }
  }, 300_000)

  it('come out the same from the same seed, story and all', async () => {
    const stories = await Promise.all(
      [1, 2].map(async () => {
        const told: string[] = []
        await simulate(makePlan(7, { sites: 2 }), { tell: (line) => told.push(line) })
        return told
      }),
    )
    expect(stories[0]!.length).toBeGreaterThan(20)
    expect(stories[1]).toEqual(stories[0])
  })
})

describe('a site that comes back with an old memory', () => {
  it.each(['restored', 'copied'] as const)(
    '(%s) does not pass off as fresh what it knew',
    async (how) => {
      const at = (seconds: number) => seconds * SECOND
      // Third's memory is of the outage of mail; home, blind since then, hears it as soon as both are back.
      const faults: Plan['faults'] = [
        { kind: 'outage', service: 'mail', how: 'refused', from: at(203), to: at(454) },
        { kind: 'line', site: 'home', how: 'dead', from: at(381), to: at(720) },
        { kind: 'off', site: 'third', how, image: at(405), from: at(620), to: at(720) },
      ]
      for (let seed = 1; seed <= 3; seed++) {
        const { failures } = await simulate(planOf(['home', 'offsite', 'third'], faults, { seed }))
        expect(failures, `seed ${seed}`).toEqual([])
      }
    },
    60_000,
  )
})

describe('a site that was off when an outage ended, and comes back as the next begins', () => {
  const at = (seconds: number) => seconds * SECOND
  it.each([-300, -100, -45, -15, 0])(
    '(%i s after it) mails that, too, and ends the first when the others did',
    async (late) => {
      for (const sites of [
        ['home', 'offsite'],
        ['home', 'offsite', 'third'],
      ]) {
        const faults: Plan['faults'] = [
          { kind: 'outage', service: 'web', how: 'refused', from: at(180), to: at(480) },
          { kind: 'off', site: 'home', how: 'stopped', image: 0, from: at(300), to: at(4000) },
          { kind: 'outage', service: 'web', how: 'refused', from: at(4000 + late), to: at(4400 + late) },
        ]
        const told: string[] = []
        const { failures } = await simulate(planOf(sites, faults), { tell: (line) => told.push(line) })
        expect(failures, told.join('\n')).toEqual([])
        const mails = told.flatMap((line) => /MAILS (web-\w+:\w+)/.exec(line)?.[1] ?? [])
        const [first, second] = [mails[0], mails[2]].map((key) => key?.split(':')[0])
        expect(second, told.join('\n')).not.toBe(first)
        expect(mails).toEqual([`${first}:down`, `${first}:up`, `${second}:down`, `${second}:up`])
      }
    },
    60_000,
  )

  it.each([-200, -100, -50, -20])(
    '(%i s after it) mails that, too, on an old image, or where it had the first apart',
    async (late) => {
      const outages: Plan['faults'] = [
        { kind: 'outage', service: 'web', how: 'refused', from: at(180), to: at(480) },
        { kind: 'outage', service: 'web', how: 'refused', from: at(4000 + late), to: at(4400 + late) },
      ]
      const cut = { kind: 'link', from: at(120), to: at(4000) } as const
      for (const [sites, faults] of [
        [
          ['home', 'offsite'],
          [{ kind: 'off', site: 'home', how: 'restored', image: at(300), from: at(3900), to: at(4000) }],
        ],
        [
          ['home', 'offsite'],
          [
            { ...cut, site: 'home', callee: 'offsite' },
            { ...cut, site: 'offsite', callee: 'home' },
            { kind: 'off', site: 'home', how: 'stopped', image: 0, from: at(420), to: at(4000) },
          ],
        ],
      ] as const) {
        for (let seed = 1; seed <= 3; seed++) {
          const told: string[] = []
          const plan = planOf(sites, [...outages, ...faults], { seed })
          const { failures } = await simulate(plan, { tell: (line) => told.push(line) })
          expect(failures, told.join('\n')).toEqual([])
          const last = told.flatMap((line) => /MAILS web-\w+:(\w+)/.exec(line)?.[1] ?? []).slice(-2)
          expect(last, told.join('\n')).toEqual(['down', 'up'])
        }
      }
    },
    60_000,
  )
})

it('all mails about an outage are of one thread, whoever opened it first and whoever writes', async () => {
  const faults: Plan['faults'] = [
    { kind: 'outage', service: 'dual', how: 'refused', from: 3 * MINUTE, to: 8 * MINUTE },
    { kind: 'off', site: 'home', how: 'stopped', image: 0, from: 5 * MINUTE, to: 20 * MINUTE },
  ]
  const sites = ['home', 'offsite', 'third']
  for (let seed = 1; seed <= 6; seed++) {
    const told: string[] = []
    const plan = planOf(sites, faults, { seed, services: ['web', 'mail', 'dual'] })
    const { failures } = await simulate(plan, { tell: (line) => told.push(line) })
    expect(failures, `seed ${seed}`).toEqual([])
    const mails = told.flatMap((line) => /MAILS (dual-\w+):/.exec(line)?.[1] ?? [])
    expect([mails.length, new Set(mails).size], told.join('\n')).toEqual([2, 1])
  }
}, 60_000)

it('what the disk refused until somebody wants silence is told after it, once', async () => {
  const at = (seconds: number) => seconds * SECOND
  const faults: Plan['faults'] = [
    { kind: 'outage', service: 'web', how: 'refused', from: at(180), to: at(1200) },
    { kind: 'disk', site: 'home', from: at(190), to: at(480) },
  ]
  const quiets: Plan['quiets'] = [{ kind: 'mute', service: 'web', site: 'home', from: at(525), to: at(800) }]
  const told: string[] = []
  const { failures } = await simulate(planOf(['home'], faults, { quiets }), { tell: (line) => told.push(line) })
  expect(failures, told.join('\n')).toEqual([])
  const mails = told.flatMap((line) => /^(\S+) home MAILS web-\w+:(\w+)/.exec(line)?.slice(1) ?? [])
  expect(mails, told.join('\n')).toEqual([expect.stringMatching(/^13:/), 'down', expect.stringMatching(/^20:/), 'up'])
}, 60_000)

it('a liar confirms no outage to a site that has a bad road', async () => {
  const span = { from: 3 * MINUTE, to: 9 * MINUTE }
  const faults: Plan['faults'] = [
    { kind: 'path', site: 'home', ...span },
    { kind: 'lie', site: 'offsite', ...span },
  ]
  const told: string[] = []
  const { failures } = await simulate(planOf(['home', 'offsite'], faults), { tell: (line) => told.push(line) })
  expect(failures).toEqual([])
  expect(told.filter((line) => /home shows web major_outage by 9a/.test(line))).not.toEqual([])
}, 60_000)

it('a job that is down is down to nobody while the one site that hears it is off', async () => {
  const faults: Plan['faults'] = [
    { kind: 'outage', service: 'backup', how: 'refused', from: 3 * MINUTE, to: 20 * MINUTE },
    { kind: 'off', site: 'home', how: 'stopped', image: 0, from: 9 * MINUTE, to: 16 * MINUTE },
  ]
  const told: string[] = []
  const plan = planOf(['home', 'offsite', 'third'], faults, { services: ['web', 'backup'] })
  const { failures } = await simulate(plan, { tell: (line) => told.push(line) })
  expect(failures).toEqual([])
  const shown = (site: string) => told.filter((line) => line < '15:00' && line.includes(`${site} shows backup`)).at(-1)
  expect([shown('offsite'), shown('third')], told.join('\n')).toEqual([
    expect.stringMatching('unknown by 10'),
    expect.stringMatching('unknown by 10'),
  ])
}, 60_000)

it('a job is not missed by others where the site that heard it came back without its memory', async () => {
  const at = (seconds: number) => seconds * SECOND
  // It heard the job a moment before, had told nobody, and is away too short to be noticed.
  const faults: Plan['faults'] = [
    { kind: 'off', site: 'home', how: 'restored', image: at(300), from: at(366), to: at(379) },
  ]
  const plan = planOf(['home', 'offsite'], faults, { services: ['web', 'backup'] })
  const { failures } = await simulate(plan)
  expect(failures).toEqual([])
}, 60_000)

it('a job that may have come while the line was blind is not missed for a road that was bad before', async () => {
  const faults: Plan['faults'] = [
    { kind: 'path', site: 'home', from: 4.5 * MINUTE, to: 11.5 * MINUTE },
    { kind: 'line', site: 'home', how: 'portal', from: 10 * MINUTE, to: 17 * MINUTE },
  ]
  const told: string[] = []
  const plan = planOf(['home'], faults, { services: ['web', 'backup'] })
  const { failures } = await simulate(plan, { tell: (line) => told.push(line) })
  expect(failures).toEqual([])
  expect(told.filter((line) => /backup partial_outage by 7b/.test(line))).toHaveLength(1)
}, 60_000)

it('a port that closes while the road is bad makes nothing red once the road is back', async () => {
  const at = (seconds: number) => seconds * SECOND
  // The mail server was found down behind the bad road; when that is back, only the closed port is left to blame.
  const faults: Plan['faults'] = [
    { kind: 'path', site: 'home', from: at(310), to: at(400) },
    { kind: 'port', site: 'home', from: at(395), to: at(580) },
  ]
  const told: string[] = []
  const { failures, mails } = await simulate(planOf(['home'], faults), { tell: (line) => told.push(line) })
  expect(told.filter((line) => /mail partial_outage by 7b/.test(line))).not.toEqual([])
  expect(failures).toEqual([])
  expect(mails).toEqual([])
}, 60_000)

it('a port that closes while a server is coming back keeps no disagreement alive', async () => {
  const at = (seconds: number) => seconds * SECOND
  // Offsite has seen it well once, and not yet for sure.
  const faults = (from: number): Plan['faults'] => [
    { kind: 'peering', site: 'offsite', service: 'mail', from: at(from), to: at(from + 64) },
    { kind: 'port', site: 'offsite', from: at(from + 78), to: at(from + 127) },
  ]
  for (let seed = 1; seed <= 12; seed++) {
    const { failures } = await simulate(planOf(['home', 'offsite'], faults(240 + 3 * seed), { seed }))
    expect(failures, `seed ${seed}`).toEqual([])
  }
}, 60_000)

describe('without faults', () => {
  it.each([1, 2, 3])(
    '%i: exactly one mail of the outage and one of its end',
    async (count) => {
      for (let seed = 1; seed <= 8; seed++) {
        const { failures } = await simulate(makePlan(seed, { sites: count, kinds: [] }))
        expect(failures, `seed ${seed}`).toEqual([])
      }
    },
    60_000,
  )
})

it.each([
  ['down', 4, 8, 5, 12],
  ['up', 6, 12, 4, 9],
])(
  'of an outage that one site mailed as %s while the other was off there is no second mail when that one is back',
  async (_, off, on, from, to) => {
    for (const site of ['home', 'offsite'])
      for (let seed = 1; seed <= 3; seed++) {
        const faults: Plan['faults'] = [
          { kind: 'outage', service: 'web', how: 'refused', from: from * MINUTE, to: to * MINUTE },
          { kind: 'off', site, how: 'killed', image: 0, from: off * MINUTE, to: on * MINUTE },
        ]
        const { failures, mails } = await simulate(planOf(['home', 'offsite'], faults, { seed }))
        expect(failures).toEqual([])
        const told = mails.map(({ letter }) => letter.event).filter((event) => event === 'down' || event === 'up')
        expect(told, `seed ${seed}, ${site} off`).toEqual(['down', 'up'])
      }
  },
  60_000,
)

describe('what one site at a time looks at', () => {
  // Home knew it well when it went; offsite stood in and found it down. Home is back after 345 s.
  const rows = [
    ['is well on both sites when the one on duty comes back and finds it so', 344, 15],
    ['is well on both sites soon after it is', 349, 45],
    ['is down in one mail, however the one on duty knew it', 700, 60],
  ] as const
  it.each(rows)(
    '%s',
    async (_, until, within) => {
      for (let seed = 1; seed <= 6; seed++) {
        const faults: Plan['faults'] = [
          { kind: 'outage', service: 'trip', how: 'refused', from: 250 * SECOND, to: until * SECOND },
          { kind: 'off', site: 'home', how: 'stopped', image: 0, from: 245 * SECOND, to: 345 * SECOND },
        ]
        const shown: string[] = []
        const services = ['web', 'mail', 'trip']
        const { failures, mails } = await simulate(planOf(['home', 'offsite'], faults, { seed, services }), {
          tell: (line) => shown.push(line),
        })
        expect(failures, `seed ${seed}`).toEqual([])
        expect(mails.map(({ letter }) => letter.event)).toEqual(['down', 'up'])
        const well = shown.filter((line) => /shows trip operational/.test(line)).slice(-2)
        for (const line of well) {
          const [minutes, seconds] = line.slice(0, 5).split(':').map(Number) as [number, number]
          expect(60 * minutes + seconds, line).toBeLessThan(until + within)
        }
      }
    },
    60_000,
  )
})

describe('a rule that is taken out is missed', () => {
  const mutants: readonly (readonly [Mutant, readonly FaultKind[]])[] = [
    ['own line', ['line', 'dns']],
    ['certificate', ['line']],
    ['taint', ['line', 'path']],
    ['path', ['path', 'off']],
    ['turns', ['post']],
    ['hold', ['peering']],
    ['parents', []],
    ['quiet', []],
    ['withholding', []],
  ]
  it.each(mutants)(
    '%s',
    async (without, kinds) => {
      for (let seed = 1; seed <= 60; seed++) {
        const { failures } = await simulate(makePlan(seed, { sites: 2, kinds }), { without })
        if (failures.length > 0) return
      }
      expect.fail(`${without} is in vain`)
    },
    120_000,
  )
})

describe('figures', () => {
  it.each([
    [{ sites: ['home', 'offsite'] }, 40, 105],
    [{ sites: ['home', 'offsite'], gone: 'offsite' }, 20, 240],
    [{ sites: ['home'] }, 20, 240],
  ])(
    '%j: from an outage to its mail',
    async (standing, outages, most) => {
      const delays = await delaysOf(standing, outages)
      expect(delays).toHaveLength(outages)
      expect(quantile(delays, 0.95)).toBeLessThanOrEqual(most * SECOND)
    },
    120_000,
  )

  it('thirty days apart: one mind within a minute, for less than 2 MB', async () => {
    const { took, bytes, entries } = await reunionOf(30)
    // What was posted, ten of each outage and its new name, as both had it, and what each signed for its configuration.
    expect(entries).toBe(360 + 1200 + 60 + 2)
    expect(took).toBeLessThanOrEqual(MINUTE)
    expect(bytes).toBeLessThanOrEqual(2_000_000)
  }, 60_000)

  it('a blip of 20 seconds makes nothing red', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const from = 3 * MINUTE + seed * 3_100
      const shown: string[] = []
      const blip = { kind: 'outage', service: 'web', how: 'refused', from, to: from + 20 * SECOND } as const
      const { mails } = await simulate(planOf(['home', 'offsite'], [blip], { seed }), {
        tell: (line) => shown.push(line),
      })
      expect(mails).toEqual([])
      expect(shown.filter((line) => /_outage/.test(line))).toEqual([])
    }
  }, 60_000)
})
