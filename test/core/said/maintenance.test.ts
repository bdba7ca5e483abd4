import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Statement } from '../../../src/core/ledger/statement.ts'
import {
  foldMaintenance,
  type Maintenance,
  type MaintenanceSayings,
  maintenanceFact,
  occurrenceStatus,
  occurrencesOf,
} from '../../../src/core/said/maintenance.ts'
import { DAY, HOUR, iso, MINUTE } from '../../../src/core/time/time.ts'
import { NOON, statement } from '../sayings.ts'

const ID = 'mmmmmmmmmmmm'
const SAID = { id: ID, by: 'alice', at: NOON, key: null }
const ONCE = { begins: NOON + DAY, ends: NOON + DAY + HOUR, repeats: null, timezone: 'Europe/Paris' }
const PLAN: MaintenanceSayings['maintenance.plan'] = {
  ...SAID,
  title: { fr: 'Mise à jour' },
  text: { fr: 'Nous mettons à jour.' },
  services: ['pads'],
  plan: ONCE,
}

function planned(plan: Partial<MaintenanceSayings['maintenance.plan']['plan']>): Statement {
  return statement('maintenance.plan', { ...PLAN, plan: { ...ONCE, ...plan } }, 'home', 1)
}

function fold(...said: readonly Statement[]): Maintenance {
  const facts = said.map((one) => {
    const fact = maintenanceFact(one)
    if (fact === null) throw new Error(`not understood: ${JSON.stringify(one)}`)
    return fact
  })
  const folded = foldMaintenance(facts)
  if (folded === null) throw new Error('nothing')
  return folded
}

function timesOf(maintenance: Maintenance, from = 0, to = NOON + 400 * DAY) {
  return occurrencesOf(maintenance, from, to).map(({ begins, ends, cancelled }) => [iso(begins), iso(ends), cancelled])
}

describe('maintenance', () => {
  it('takes place once, under its own name, and begins and ends by itself', () => {
    const [one, ...others] = occurrencesOf(fold(planned({})), 0, NOON + 400 * DAY)
    expect(others).toEqual([])
    expect(one!.id).toBe(ID)
    expect([0, DAY, DAY + HOUR - 1, DAY + HOUR].map((after) => occurrenceStatus(one!, NOON + after))).toEqual([
      'scheduled',
      'in_progress',
      'in_progress',
      'completed',
    ])
  })

  it('lasts longer, or ends earlier', () => {
    const prolong = { ...SAID, time: NOON + DAY, ends: NOON + DAY + 3 * HOUR }
    const longer = statement('maintenance.prolong', prolong, 'home', 2)
    expect(fold(planned({}), longer)).toMatchObject({ sequence: 1 })
    expect(timesOf(fold(planned({}), longer))).toEqual([[iso(NOON + DAY), iso(NOON + DAY + 3 * HOUR), null]])
    const shorter = statement('maintenance.prolong', { ...prolong, ends: NOON + DAY + MINUTE }, 'home', 3)
    expect(timesOf(fold(planned({}), longer, shorter))).toEqual([[iso(NOON + DAY), iso(NOON + DAY + MINUTE), null]])
  })

  it('is called off: one time, or all from then on', () => {
    const weekly = planned({ repeats: 'FREQ=WEEKLY;COUNT=3' })
    const second = NOON + 8 * DAY
    const one = statement('maintenance.cancel', { ...SAID, at: NOON + 1, time: second }, 'home', 2)
    expect(timesOf(fold(weekly, one)).map(([, , cancelled]) => cancelled)).toEqual([null, NOON + 1, null])
    const all = statement('maintenance.cancel', { ...SAID, at: second - 1, time: null }, 'home', 2)
    expect(timesOf(fold(weekly, all)).map(([, , cancelled]) => cancelled)).toEqual([null, second - 1, second - 1])
  })

  it('called off while it runs took place until then', () => {
    const all = statement('maintenance.cancel', { ...SAID, at: NOON + DAY + MINUTE, time: null }, 'home', 2)
    expect(timesOf(fold(planned({}), all))).toEqual([[iso(NOON + DAY), iso(NOON + DAY + MINUTE), null]])
    const one = statement('maintenance.cancel', { ...SAID, at: NOON + DAY + MINUTE, time: NOON + DAY }, 'home', 2)
    expect(timesOf(fold(planned({}), one))).toEqual([[iso(NOON + DAY), iso(NOON + DAY + MINUTE), null]])
  })

  it('gives every time of a repeating one a name that stays', () => {
    const weekly = fold(planned({ repeats: 'FREQ=WEEKLY;COUNT=5' }))
    const names = occurrencesOf(weekly, 0, NOON + 400 * DAY).map(({ id }) => id)
    expect(new Set(names).size).toBe(5)
    expect(names.every((id) => /^[a-z0-9]{12}$/.test(id))).toBe(true)
    expect(occurrencesOf(weekly, NOON + 20 * DAY, NOON + 400 * DAY)[0]!.id).toBe(names[3])
  })

  it('ends when it was planned to, also in the hour that clocks show twice', () => {
    const begins = Date.parse('2026-10-25T00:30:00+02:00')
    for (const ends of ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'].map((text) => Date.parse(text))) {
      const [one] = occurrencesOf(fold(planned({ ...ONCE, begins, ends })), 0, NOON + 400 * DAY)
      expect(one?.ends).toBe(ends)
    }
  })

  it('keeps its times by the clock over both changes', () => {
    const autumn = planned({
      begins: Date.parse('2026-10-23T21:00:00Z'),
      ends: Date.parse('2026-10-24T01:00:00Z'),
      repeats: 'FREQ=WEEKLY;BYDAY=FR,SA;COUNT=4',
    })
    expect(timesOf(fold(autumn))).toEqual([
      ['2026-10-23T21:00:00.000Z', '2026-10-24T01:00:00.000Z', null],
      ['2026-10-24T21:00:00.000Z', '2026-10-25T02:00:00.000Z', null],
      ['2026-10-30T22:00:00.000Z', '2026-10-31T02:00:00.000Z', null],
      ['2026-10-31T22:00:00.000Z', '2026-11-01T02:00:00.000Z', null],
    ])
    const spring = planned({
      begins: Date.parse('2027-03-27T21:00:00Z'),
      ends: Date.parse('2027-03-28T02:00:00Z'),
      repeats: 'FREQ=WEEKLY;COUNT=2',
    })
    expect(timesOf(fold(spring))).toEqual([
      ['2027-03-27T21:00:00.000Z', '2027-03-28T02:00:00.000Z', null],
      ['2027-04-03T20:00:00.000Z', '2027-04-04T02:00:00.000Z', null],
    ])
  })

  it('begins at what was a skipped time by the clock before the change (RFC 5545, 3.3.5)', () => {
    const skipped = planned({
      begins: Date.parse('2027-03-21T01:30:00Z'),
      ends: Date.parse('2027-03-21T02:00:00Z'),
      repeats: 'FREQ=WEEKLY;COUNT=2',
    })
    expect(timesOf(fold(skipped))[1]).toEqual(['2027-03-28T01:30:00.000Z', '2027-03-28T02:00:00.000Z', null])
  })

  it('is the same in any order and however often it is told', () => {
    const said = [
      planned({ repeats: 'FREQ=MONTHLY;BYDAY=1MO;COUNT=4' }),
      statement(
        'maintenance.change',
        { ...SAID, title: { en: 'a' }, text: null, services: null, plan: null },
        'home',
        2,
      ),
      statement(
        'maintenance.change',
        { ...SAID, title: { en: 'b' }, text: null, services: null, plan: ONCE },
        'offsite',
        1,
        { home: 1 },
      ),
      statement('maintenance.prolong', { ...SAID, time: NOON + DAY, ends: NOON + 2 * DAY }, 'offsite', 2),
      statement('maintenance.cancel', { ...SAID, time: NOON + DAY }, 'home', 3),
      statement('maintenance.cancel', { ...SAID, time: null }, 'home', 4),
      statement('maintenance.update', { ...SAID, update: 'uuuuuuuuuuuu', text: { fr: 'En cours' } }, 'home', 5),
    ]
    const shuffled = fc.shuffledSubarray([...said, ...said], { minLength: 2 * said.length })
    fc.assert(
      fc.property(shuffled, (mixed) => {
        expect(fold(...mixed)).toEqual(fold(...said))
      }),
    )
    expect(fold(...said).conflicts).toEqual(['title'])
  })

  it('never throws, whatever a twin says', () => {
    fc.assert(
      fc.property(fc.constantFrom('title', 'text', 'services', 'plan', 'id', 'at'), fc.anything(), (key, value) => {
        const fact = maintenanceFact(statement('maintenance.plan', { ...PLAN, [key]: value }, 'home', 1))
        const folded = fact === null ? null : foldMaintenance([fact])
        if (folded !== null) occurrencesOf(folded, 0, NOON + 400 * DAY)
      }),
    )
  })

  it.each([
    ['an end before its beginning', { ends: NOON }],
    ['a year of work', { ends: NOON + 366 * DAY }],
    ['a rule that is none', { repeats: 'FREQ=HOURLY' }],
    ['a timezone that is none', { timezone: 'Europe/Atlantis' }],
  ])('does not understand %s', (_what, plan) => {
    expect(maintenanceFact(planned(plan))).toBeNull()
  })
})
