import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Statement, saw } from '../../../src/core/ledger/statement.ts'
import { foldIncident, type Incident, incidentFact } from '../../../src/core/said/incident.ts'
import { correction, factsOf, INCIDENT, NOON, OPEN, statement, update } from '../sayings.ts'

function fold(...statements: readonly Statement[]): Incident {
  const folded = foldIncident(factsOf(...statements))
  if (folded === null) throw new Error('nothing')
  return folded
}

const opened = statement('incident.open', OPEN, 'home', 1)

describe('an incident', () => {
  it('begins with what it was opened with', () => {
    expect(fold(opened)).toMatchObject({
      id: INCIDENT,
      title: OPEN.title,
      status: 'investigating',
      impact: 'major',
      services: ['mail'],
      started: NOON - 60_000,
      resolved: null,
      automatic: false,
      conflicts: [],
      updates: [{ id: 'u00000000000', status: 'investigating', text: { fr: 'Nous regardons.' }, corrected: null }],
    })
  })

  it('is nothing before its beginning is known', () => {
    expect(foldIncident(factsOf(statement('incident.update', update('a', 'identified'), 'home', 2)))).toBeNull()
  })

  it('goes on with its updates, to its end and open again', () => {
    const identified = statement('incident.update', update('a', 'identified'), 'home', 2)
    const resolved = statement('incident.update', { ...update('b', 'resolved'), at: NOON + 5 }, 'home', 3)
    const again = statement('incident.update', update('c', 'investigating'), 'home', 4)
    expect(fold(opened, identified)).toMatchObject({ status: 'identified', resolved: null })
    expect(fold(opened, identified, resolved)).toMatchObject({ status: 'resolved', resolved: NOON + 5 })
    expect(fold(opened, identified, resolved, again)).toMatchObject({ status: 'investigating', resolved: null })
  })

  it('stays resolved since the first word of it when more is said afterwards', () => {
    const resolved = statement('incident.update', { ...update('b', 'resolved'), at: NOON + 5 }, 'home', 2)
    const more = statement('incident.update', { ...update('c', 'resolved'), at: NOON + 9 }, 'home', 3)
    expect(fold(opened, resolved, more)).toMatchObject({ status: 'resolved', resolved: NOON + 5 })
  })

  it('stays open when somebody who did not know of its end still looks', () => {
    const resolved = statement('incident.update', update('b', 'resolved'), 'home', 5)
    const looking = statement('incident.update', update('c', 'identified'), 'offsite', 1, { home: 1 })
    expect(fold(opened, resolved, looking).status).toBe('identified')
    const knowing = statement('incident.update', update('d', 'resolved'), 'home', 6, { offsite: 1 })
    expect(fold(opened, resolved, looking, knowing).status).toBe('resolved')
  })

  describe('opened twice, from drafts of one outage, by sites that did not hear each other', () => {
    const words = { id: 'bbbbbbbbbbbb', update: 'v00000000000', text: { fr: 'On est dessus.' }, status: 'identified' }
    const about = { by: 'bob', services: ['mail', 'chat'], outages: ['mail-1', 'chat-1'], started: NOON - 90_000 }
    const mine = statement('incident.open', { ...OPEN, outages: ['mail-1'] }, 'home', 1)
    const theirs = statement(
      'incident.open',
      { ...OPEN, ...words, ...about, title: { fr: 'Messagerie' } },
      'offsite',
      2,
    )

    it('is one, with the words of both, about all that either named, since the earlier', () => {
      for (const facts of [
        [mine, theirs],
        [theirs, mine],
      ] as const)
        expect(fold(...facts)).toMatchObject({
          ...{ id: INCIDENT, formerly: ['bbbbbbbbbbbb'], status: 'identified', by: 'alice', said: 2 },
          ...{ title: { fr: 'Messagerie' }, conflicts: ['title'], started: NOON - 90_000 },
          ...{ services: ['mail', 'chat'], outages: ['mail-1', 'chat-1'] },
          updates: [{ text: { fr: 'Nous regardons.' } }, { text: { fr: 'On est dessus.' }, by: 'bob' }],
        })
    })

    it('closes when somebody who knew of both says so', () => {
      const one = statement('incident.update', update('a', 'resolved'), 'home', 3)
      expect(fold(mine, theirs, one).status).toBe('identified')
      const both = statement('incident.update', update('a', 'resolved'), 'home', 3, { offsite: 2 })
      expect(fold(mine, theirs, both).status).toBe('resolved')
    })

    it('takes back no more than what was known', () => {
      const retract = { id: INCIDENT, by: 'alice', at: NOON, key: null, update: null }
      const one = statement('incident.retract', retract, 'home', 3)
      const left = fold(mine, theirs, one)
      expect(left).toMatchObject({ id: 'bbbbbbbbbbbb', formerly: [], retracted: false, conflicts: [] })
      expect(left.updates).toHaveLength(1)
      const both = statement('incident.retract', retract, 'home', 3, { offsite: 2 })
      expect(fold(mine, theirs, both).retracted).toBe(true)
    })

    it('leaves out what vigie published by itself', () => {
      const own = statement('incident.open', { ...OPEN, by: 'vigie' }, 'home', 1)
      const alone = fold(own, statement('incident.open', { ...OPEN, ...words, ...about, by: 'vigie' }, 'offsite', 2))
      expect(alone).toMatchObject({ id: INCIDENT, automatic: true, conflicts: [], updates: [{}] })
      expect(fold(own, theirs)).toMatchObject({ id: 'bbbbbbbbbbbb', automatic: false, updates: [{ by: 'bob' }] })
    })
  })

  it('keeps both of two changes that did not know of each other', () => {
    const one = statement('incident.correct', correction({ title: { fr: 'Un' } }), 'home', 2)
    const other = statement('incident.correct', correction({ title: { fr: 'Deux' }, impact: 'minor' }), 'offsite', 3, {
      home: 1,
    })
    expect(fold(opened, one)).toMatchObject({ title: { fr: 'Un' }, conflicts: [] })
    expect(fold(opened, one, other)).toMatchObject({ title: { fr: 'Deux' }, impact: 'minor', conflicts: ['title'] })
    const chosen = statement('incident.correct', correction({ title: { fr: 'Un' } }), 'home', 4, { offsite: 3 })
    expect(fold(opened, one, other, chosen)).toMatchObject({ title: { fr: 'Un' }, conflicts: [] })
  })

  it('finds no conflict where both say the same', () => {
    const one = statement('incident.correct', correction({ title: { fr: 'Un' } }), 'home', 2)
    const other = statement('incident.correct', correction({ title: { fr: 'Un' } }), 'offsite', 3, { home: 1 })
    expect(fold(opened, one, other).conflicts).toEqual([])
  })

  it('corrects the text of one update and says so', () => {
    const later = statement('incident.update', update('a', 'identified'), 'home', 2)
    const text = { update: 'a00000000000', text: { fr: 'Mieux dit' }, at: NOON + 7 }
    const corrected = fold(opened, later, statement('incident.correct', correction(text), 'home', 3))
    expect(corrected.updates.map(({ text, corrected }) => [text.fr, corrected])).toEqual([
      ['Nous regardons.', null],
      ['Mieux dit', NOON + 7],
    ])
  })

  it('takes back an update, or all', () => {
    const resolved = statement('incident.update', update('b', 'resolved'), 'home', 2)
    const said = { id: INCIDENT, by: 'bob', at: NOON, key: null }
    const back = statement('incident.retract', { ...said, update: 'b00000000000' }, 'home', 3)
    expect(fold(opened, resolved, back)).toMatchObject({ status: 'investigating', retracted: false })
    expect(fold(opened, resolved, back).updates.length).toBe(1)
    expect(fold(opened, statement('incident.retract', { ...said, update: null }, 'home', 3)).retracted).toBe(true)
  })

  it('is automatic until a person writes', () => {
    const automatic = statement('incident.open', { ...OPEN, by: 'vigie' }, 'home', 1)
    expect(fold(automatic).automatic).toBe(true)
    expect(fold(automatic, statement('incident.update', update('a', 'identified'), 'home', 2)).automatic).toBe(false)
    expect(fold(automatic, statement('incident.correct', correction({ impact: 'none' }), 'home', 2)).automatic).toBe(
      false,
    )
  })

  it('has a text of afterwards, which can be taken back', () => {
    const said = { id: INCIDENT, by: 'bob', at: NOON + 9, key: null }
    const wrote = statement('incident.postmortem', { ...said, text: { fr: 'Pourquoi' }, clear: false }, 'home', 2)
    expect(fold(opened, wrote).postmortem).toEqual({ text: { fr: 'Pourquoi' }, at: NOON + 9, by: 'bob' })
    const cleared = statement('incident.postmortem', { ...said, text: null, clear: true }, 'home', 3)
    expect(fold(opened, wrote, cleared).postmortem).toBeNull()
  })
})

const word = fc.constantFrom('a', 'b', 'c')
const status = fc.constantFrom(
  'investigating' as const,
  'identified' as const,
  'monitoring' as const,
  'resolved' as const,
)
const saying = fc.oneof(
  fc.tuple(word, status).map(([name, to]) => ['incident.update', update(name, to)] as const),
  word.map((text) => ['incident.correct', correction({ title: { fr: text } })] as const),
  fc.tuple(word, word).map(([name, text]) => {
    return ['incident.correct', correction({ update: name.padEnd(12, '0'), text: { en: text } })] as const
  }),
  word.map(
    (name) =>
      ['incident.retract', { id: INCIDENT, by: 'x', at: NOON, key: null, update: name.padEnd(12, '0') }] as const,
  ),
)

/** What three sites said, each having seen some of what the others said until then. */
const history = fc
  .array(fc.record({ origin: fc.constantFrom('home', 'offsite', 'third'), saying, sees: fc.boolean() }), {
    maxLength: 12,
  })
  .map((events) => {
    const last: Record<string, number> = { home: 1 }
    const seen: Record<string, Record<string, number>> = { home: {}, offsite: {}, third: {} }
    const rest = events.map(({ origin, saying: [type, payload], sees }) => {
      const { [origin]: own = 0, ...others } = last
      if (sees) seen[origin] = { ...others }
      last[origin] = own + 1
      return statement(type, payload, origin, own + 1, { ...seen[origin] })
    })
    return [opened, ...rest]
  })

describe('the fold of an incident', () => {
  it('is the same in any order and however often it is told', () => {
    const mixed = history.chain((said) =>
      fc.tuple(fc.constant(said), fc.shuffledSubarray([...said, ...said], { minLength: said.length * 2 })),
    )
    fc.assert(
      fc.property(mixed, ([said, shuffled]) => {
        expect(fold(...shuffled)).toEqual(fold(...said))
      }),
    )
  })

  it('is resolved exactly when every word of looking was known to somebody who spoke after it', () => {
    const updates = history.map((said) => [
      said[0]!,
      ...said.slice(1).map((one, at) => {
        const status = (one.payload as { status?: 'resolved' }).status ?? 'monitoring'
        return { ...one, type: 'incident.update', payload: update(`n${at}`, status) }
      }),
    ])
    fc.assert(
      fc.property(updates, (said) => {
        const looking = said.filter(({ payload }) => (payload as { status: string }).status !== 'resolved')
        const unheard = looking.filter((one) => !said.some((other) => saw(other, one)))
        expect(fold(...said).status === 'resolved').toBe(unheard.length === 0)
      }),
    )
  })

  it('never throws, whatever a twin says', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('incident.open', 'incident.update', 'x', '__proto__', 'constructor'),
        fc.anything(),
        (type, payload) => {
          const fact = incidentFact(statement(type, payload, 'home', 1))
          if (fact !== null) foldIncident([fact])
        },
      ),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(OPEN)), fc.anything(), (key, value) => {
        const fact = incidentFact(statement('incident.open', { ...OPEN, [key]: value }, 'home', 1))
        if (fact !== null) expect(foldIncident([fact])).not.toBeNull()
      }),
    )
  })

  it.each([
    ['a title in two lines', { title: { fr: 'a\r\nBcc: x' } }],
    ['no language', { title: {} }],
    ['another name', { id: '../../../etc' }],
    ['a moment that is none', { started: 1e300 }],
    ['an endless text', { text: { fr: 'x'.repeat(20_001) } }],
    ['control characters', { text: { fr: 'a\u0000b' } }],
    ['half a character', { text: { fr: '\ud800' } }],
    ['another status', { status: 'fine' }],
  ])('does not understand %s', (_what, change) => {
    expect(incidentFact(statement('incident.open', { ...OPEN, ...change }, 'home', 1))).toBeNull()
  })
})
