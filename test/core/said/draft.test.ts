import { describe, expect, it } from 'vitest'
import { type DraftRules, draftsOf, type Fallen } from '../../../src/core/said/draft.ts'
import { HOUR, MINUTE } from '../../../src/core/time/time.ts'

/** 14:02 in Paris. */
const FELL = Date.parse('2026-11-23T13:02:00Z')
const NOW = FELL + 10 * MINUTE

function fallen(service: string, changes: Partial<Fallen> = {}, since = FELL): Fallen {
  const outage = {
    id: `${service}-1`,
    service,
    audience: 'members' as const,
    since,
    opened: since + MINUTE,
    confirmed: true,
    confirmedAt: since + MINUTE,
    planned: false,
    checks: [],
    ended: null,
  }
  const name = { fr: `Le ${service}`, en: `The ${service}` }
  return { service, name, outage, status: 'major_outage', cause: null, able: {}, ...changes }
}

const RULES: DraftRules = { languages: ['fr', 'en'], timezone: 'Europe/Paris', services: 9, publishAfter: null }

describe('a draft', () => {
  it('says what is down and since the first failed look, in every language of the page', () => {
    expect(draftsOf([fallen('mail')], RULES, NOW)).toEqual([
      {
        id: 'mail-1',
        outages: ['mail-1'],
        title: { fr: 'Le mail : en panne', en: 'The mail: down' },
        text: { fr: '«\u00a0Le mail\u00a0» ne marche plus depuis 14:02.', en: '“The mail”: not working since 14:02.' },
        impact: 'major',
        services: ['mail'],
        started: FELL,
        due: null,
      },
    ])
  })

  it('of what outlasted planned work begins where that ended, and waits from there', () => {
    const one = fallen('mail')
    const outage = { ...one.outage, countedFrom: FELL + 8 * MINUTE }
    const [draft] = draftsOf([{ ...one, outage }], { ...RULES, publishAfter: 5 * MINUTE }, NOW)
    expect(draft).toMatchObject({ started: FELL + 8 * MINUTE, due: FELL + 13 * MINUTE })
    expect(draft?.text.en).toBe('“The mail”: not working since 14:10.')
  })

  it('says what of a service still works', () => {
    const able = { fr: 'on peut lire, pas envoyer', en: 'you can read, but not send' }
    const [draft] = draftsOf([fallen('mail', { status: 'partial_outage', able })], RULES, NOW)
    expect(draft).toMatchObject({
      impact: 'minor',
      title: { fr: 'Le mail : en partie en panne' },
      text: {
        fr: '«\u00a0Le mail\u00a0» : panne partielle depuis 14:02 ; on peut lire, pas envoyer.',
        en: '“The mail”: partly down since 14:02; you can read, but not send.',
      },
    })
  })

  it('has those in it that fell by others in it: with its host, whatever hangs on what hangs on that', () => {
    const all = [fallen('host'), fallen('cloud', { cause: 'host' }), fallen('notes', { cause: 'cloud' })]
    expect(draftsOf(all, RULES, NOW)).toMatchObject([
      { id: 'host-1', outages: ['host-1', 'cloud-1', 'notes-1'], services: ['host', 'cloud', 'notes'] },
    ])
  })

  it('is one for a service and those it took along, two where two fell by themselves', () => {
    const all = [
      fallen('files', { cause: 'host' }, FELL - MINUTE),
      fallen('host'),
      fallen('web'),
      fallen('notes', { cause: 'gone' }),
    ]
    const drafts = draftsOf(all, RULES, NOW)
    expect(drafts.map(({ services }) => services)).toEqual([['host', 'files'], ['web'], ['notes']])
    expect(drafts[0]).toMatchObject({
      started: FELL - MINUTE,
      text: { fr: expect.stringMatching(/touchés : «\u00a0Le files\u00a0»\.$/) as string },
    })
  })

  it('is critical when nothing else works, and names no other then', () => {
    expect(draftsOf([fallen('mail')], { ...RULES, services: 1 }, NOW)[0]).toMatchObject({
      impact: 'critical',
      text: { en: '“The mail”: not working since 14:02.' },
    })
    const all = [fallen('host'), fallen('cloud', { cause: 'host' }), fallen('notes', { cause: 'host' })]
    expect(draftsOf(all, { ...RULES, services: 3 }, NOW)[0]?.text.en).toBe(
      '“The host”: not working since 14:02. Also affected: all other services.',
    )
  })

  it('is due so long after it was sure', () => {
    expect(draftsOf([fallen('mail')], { ...RULES, publishAfter: HOUR }, NOW)[0]?.due).toBe(FELL + MINUTE + HOUR)
  })
})
