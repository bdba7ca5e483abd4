// What explains an outage, over the real line and schedule with services of the shipped checks/: who is mailed, and when.
import { describe, expect, it } from 'vitest'
import type { Check } from '../src/core/check.ts'
import type { Outcome } from '../src/core/observation.ts'
import { HOUR, MINUTE, SECOND } from '../src/core/time/time.ts'
import { night, shipped } from './nights.ts'

const ever = Number.POSITIVE_INFINITY

describe('a service that stays down after its host came back', () => {
  it.each<[string, string]>([
    ['mail', 'mail.imap'],
    ['website', 'website.http'],
  ])(
    '%s is told two of the intervals of what fell later, however seldom its other checks look',
    async (service, check) => {
      const faults = [
        { of: 'hetzner', from: 0, to: 30 * MINUTE },
        { of: service, from: 0, to: 30 * MINUTE },
        { of: check, from: 0, to: ever },
      ]
      const { letters } = await night(['hetzner', service], faults, HOUR)
      expect(letters).toEqual(['0 down hetzner', '30 up hetzner', `32 down ${service}`])
    },
  )
})

describe('what explains a fall', () => {
  const ALL = ['mail', 'matrix'].map((of) => ({ of, from: 10 * MINUTE, to: 40 * MINUTE }))

  it('is not what concerns admins alone of a host that members see', async () => {
    const faults = [{ of: 'hetzner.proxmox', from: 0, to: ever }, ...ALL]
    const { letters } = await night(['hetzner', 'mail', 'matrix', 'website'], faults, HOUR)
    expect(letters).toEqual(['2 down hetzner', '10 down matrix', '10 down mail', '40 up mail', '40 up matrix'])
  })

  it('is that of a service that concerns admins alone', async () => {
    const hidden = (check: Check): Check => (check.service === 'hetzner' ? { ...check, audience: 'admins' } : check)
    const faults = [{ of: 'hetzner', from: 0, to: 39 * MINUTE }, ...ALL]
    const { letters } = await night(['hetzner', 'mail', 'matrix'], faults, HOUR, hidden)
    expect(letters).toEqual(['0 down hetzner', '39 up hetzner'])
  })

  it('is the check that `depends` names, and no other of its service', async () => {
    const faults = [{ of: 'website.dns', from: 0, to: ever }, ...ALL]
    const { letters } = await night(['hetzner', 'matrix', 'website'], faults, HOUR)
    expect(letters).toEqual(['1 down website', '10 down matrix', '40 up matrix'])
    const whole = [{ of: 'website.http', from: 9 * MINUTE, to: ever }, ...ALL]
    expect((await night(['hetzner', 'matrix', 'website'], whole, HOUR)).letters).toEqual(['10 down website'])
  })

  it('is over when that check is well again, though another of its service is not', async () => {
    const late = [{ of: 'matrix', from: 10 * MINUTE, to: 50 * MINUTE }]
    const faults = [
      { of: 'website.dns', from: 0, to: ever },
      { of: 'website.http', from: 9 * MINUTE, to: 40 * MINUTE },
    ]
    const { letters } = await night(['hetzner', 'matrix', 'website'], [...faults, ...late], HOUR)
    expect(letters).toEqual(['1 down website', '42 down matrix', '50 up matrix'])
    const soon = [{ of: 'matrix', from: 10 * MINUTE, to: 41 * MINUTE }]
    expect((await night(['hetzner', 'matrix', 'website'], [...faults, ...soon], HOUR)).letters).toEqual([
      '1 down website',
    ])
  })

  it('is still the host that came back before what admins alone see of it', async () => {
    const host = [
      { of: 'hetzner.ssh', from: 0, to: 30 * MINUTE },
      { of: 'hetzner.proxmox', from: 0, to: 30 * MINUTE + 20 * SECOND },
      { of: 'mail', from: 29 * MINUTE, to: 31 * MINUTE + 20 * SECOND },
    ]
    const { letters } = await night(['hetzner', 'mail'], host, HOUR)
    expect(letters).toEqual(['0 down hetzner', '30 up hetzner'])
  })
})

describe('the row of a service that is down', () => {
  it.each<[string, string | null]>([
    ['website.http', 'website'],
    ['website.dns', null],
    ['hetzner.ssh', 'hetzner'],
    ['hetzner.proxmox', null],
  ])('beside %s names %s', async (parent, cause) => {
    const faults = [parent, 'matrix'].map((of) => ({ of, from: 0, to: ever }))
    const { causes } = await night(['hetzner', 'matrix', 'website'], faults, 10 * MINUTE)
    expect(causes.matrix).toBe(cause)
  })
})

it('the row of a service names what explains it to members, whatever is out of it for admins alone', async () => {
  const inner = shipped.services.find(({ id }) => id === 'matrix')!.checks.at(-1)!.id
  const apart = (check: Check): Check => (check.id === inner ? { ...check, audience: 'admins', depends: [] } : check)
  const faults = ['hetzner.ssh', 'matrix'].map((of) => ({ of, from: 0, to: ever }))
  const { causes } = await night(['hetzner', 'matrix', 'website'], faults, 10 * MINUTE, apart)
  expect(causes.matrix).toBe('hetzner')
})

describe('a child whose parent looks seldom and hears nothing', () => {
  const NO_WORD: Outcome = { ok: null, reason: 'overload', note: 'no word from the registry' }
  const faults = [
    { of: 'website.domain', from: 0, to: ever, outcome: NO_WORD },
    { of: 'matrix', from: HOUR, to: ever },
  ]

  it('does not wait for what admins alone see, nor has that asked', async () => {
    const whole = (check: Check): Check => (check.service === 'matrix' ? { ...check, depends: ['website'] } : check)
    const { letters, looks } = await night(['hetzner', 'matrix', 'website'], faults, 2 * HOUR, whole)
    expect(letters).toEqual(['60 down matrix'])
    expect(looks.get('website.domain')).toBeLessThanOrEqual(4)
  })

  it('waits two minutes at most', async () => {
    const domain = (check: Check): Check =>
      check.service === 'matrix' ? { ...check, depends: ['website.domain'] } : check
    const { letters } = await night(['matrix', 'website'], faults, 2 * HOUR, domain)
    expect(letters).toEqual(['62 down matrix'])
  })
})
