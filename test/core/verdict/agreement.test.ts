// What sites agree on. Rows are those of the table of the section "Agreement", and its paragraphs for one, three and more.
import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/time/time.ts'
import { type Agreement, agree, type Confidence, type Voice } from '../../../src/core/verdict/agreement.ts'
import type { State } from '../../../src/core/verdict/state.ts'
import { POLICY } from '../policy.ts'
import { agreed, DOWN, disagreed, NAMES, NOW, UNSEEN, UP, voice, voices } from '../voices.ts'

type Row = readonly [string, Agreement | null, State, string, Confidence['note'], number, number, string]

const two: readonly Row[] = [
  ['up up', null, 'up', '1', 'confirmed', 2, 2, '1: both up is up, confirmed by 2 of 2'],
  ['up2 up', null, 'up', '1', 'verifying', 2, 2, '1: a site that begins to doubt is being verified'],
  ['degraded degraded', null, 'degraded', '1', 'confirmed', 2, 2, 'degraded on both is degraded'],
  ['degraded up', null, 'up', '1', 'confirmed', 2, 2, 'degraded against up is up'],
  ['up degraded', null, 'up', '1', 'confirmed', 2, 2, 'up against degraded is up'],
  ['degraded unheard', null, 'degraded', '4', 'one_site', 1, 2, 'degraded on one, the other not heard, is degraded'],
  ['up down3', UP, 'up', '2a', 'disagree', 1, 2, '2a: in the hold the page keeps what it said: up'],
  ['up down3', DOWN, 'down', '2a', 'disagree', 1, 2, '2a: in the hold the page keeps what it said: down'],
  ['up down3', null, 'unknown', '2a', 'disagree', 1, 2, '2a: in the hold of a first start it is unknown'],
  ['up down3-road', UP, 'up', '2b', 'road', 1, 2, '2b: the other down by its bad path is up with a note'],
  ['up down3-line', UP, 'up', '2b', 'road', 1, 2, '2b: the other down by its bad line or port is up with a note'],
  ['up down3-road', null, 'up', '2b', 'road', 1, 2, '2b: needs no hold'],
  [
    'degraded down3-road',
    UP,
    'degraded',
    '2b',
    'road',
    1,
    2,
    '2b: what is measured over the good road counts: degraded',
  ],
  ['up unknown', UP, 'up', '3', 'one_site', 1, 2, '3: up, the other has no reliable measure'],
  ['up unheard', UP, 'up', '4', 'one_site', 1, 2, '4: up, the other is unheard'],
  ['down3 up', UP, 'up', '5a', 'disagree', 1, 2, '5: mirrors 2a'],
  ['down3-road up', UP, 'up', '5b', 'road', 1, 2, '5: mirrors 2b'],
  ['down3 down3', UP, 'down', '6', 'confirmed', 2, 2, '6: both down is down at once, confirmed by 2 of 2'],
  ['down3-road down3-road', UP, 'down', '6', 'confirmed', 2, 2, '6: both down over two bad roads: no one site’s fault'],
  ['down3 down3-road', UP, 'down', '7a', 'one_site', 1, 2, '6: a bad road confirms nothing: down, seen by us alone'],
  ['down3-road down3', UP, 'down', '9a', 'one_site', 1, 2, '6: a bad road confirms nothing: down, seen by the other'],
  [
    'down8 unknown',
    UP,
    'down',
    '7a',
    'one_site',
    1,
    2,
    '7a: down eight times, the other unknown, is down, seen by one',
  ],
  [
    'down8 unheard',
    UP,
    'down',
    '7a',
    'one_site',
    1,
    2,
    '7a: down eight times, the other unheard, is down, seen by one',
  ],
  ['down8-road unknown', UP, 'partial', '7b', 'road', 1, 2, '7b: over a bad path it is partial, cause not confirmed'],
  ['down8-road unheard', UP, 'partial', '7b', 'road', 1, 2, '7b: likewise with the other unheard'],
  ['down7 unknown', UP, 'up', '7c', 'verifying', 1, 2, '7c: down seven times is as before: up'],
  ['down7 unheard', DOWN, 'down', '7c', 'verifying', 1, 2, '7c: down seven times is as before: down'],
  ['down3 unheard', null, 'unknown', '7c', 'verifying', 1, 2, '7c: as before at the first start is unknown'],
  ['down7-road unheard', UP, 'up', '7c', 'verifying', 1, 2, '7c: a bad path changes nothing before eight'],
  ['up2 unknown', DOWN, 'down', '7c', 'verifying', 1, 2, '7c: a doubt from before it fell ends nothing: as before'],
  ['unknown up2', DOWN, 'down', '9c', 'verifying', 1, 2, '9: likewise the doubt of the other'],
  ['unknown up2', UNSEEN, 'unknown', '9c', 'verifying', 1, 2, '9: nor what was down until nobody knew any more'],
  ['up2 up2', DOWN, 'down', '7c', 'verifying', 2, 2, '1: nor do two of them'],
  ['up2 down3-road', DOWN, 'down', '2b', 'verifying', 1, 2, '2b: nor a doubt where a bad road explains the other'],
  ['up2 up', DOWN, 'up', '1', 'verifying', 2, 2, '1: a site without a doubt says that it came back'],
  ['unknown up', UP, 'up', '8', 'one_site', 1, 2, '8: the other says up'],
  ['unknown down8', UP, 'down', '9a', 'one_site', 1, 2, '9: the other alone says down, as 7a'],
  ['unknown down8-road', UP, 'partial', '9b', 'road', 1, 2, '9: with its path, as 7b'],
  ['unknown down7', UP, 'up', '9c', 'verifying', 1, 2, '9: with its count, as 7c'],
  ['unknown unknown', UP, 'unknown', '10', 'none', 0, 0, '10: nobody knows is unknown'],
  ['unknown unheard', UP, 'unknown', '10', 'none', 0, 0, '10: likewise with the other unheard'],
  ['up-line up', UP, 'up', '8', 'one_site', 1, 2, 'our line bad: unknown whatever it saw, the other says up'],
  ['down8-line up', UP, 'up', '8', 'one_site', 1, 2, 'our line bad: our down is nothing'],
  ['down8-line down3', UP, 'up', '9c', 'verifying', 1, 2, 'our line bad: two downs are one, and it needs eight'],
  ['down8-line down8', UP, 'down', '9a', 'one_site', 1, 2, 'our line bad: the other may say down'],
  ['down8-line unknown', UP, 'unknown', '10', 'none', 0, 0, 'our line bad and the other blind is unknown, not frozen'],
  ['down8-line unheard', UP, 'unknown', '10', 'frozen', 0, 0, 'our line bad and the other unheard: frozen'],
  ['up-line unheard', DOWN, 'unknown', '10', 'frozen', 0, 0, 'our line bad and the other unheard: frozen, up or down'],
  ['unknown down8-line', UP, 'unknown', '10', 'none', 0, 0, 'a down over a bad line is no word of the other either'],
]

const one: readonly Row[] = [
  ['up', null, 'up', '1', 'one_site', 1, 1, 'up is up, one site'],
  ['degraded', null, 'degraded', '1', 'one_site', 1, 1, 'degraded is degraded'],
  ['down3', UP, 'down', '7a', 'one_site', 1, 1, 'line good, down, path good is down: no eight fails needed'],
  ['down3-road', UP, 'partial', '7b', 'road', 1, 1, 'path bad is partial, cause not confirmed'],
  ['up2', UP, 'up', '7c', 'verifying', 1, 1, 'fewer than `fall` is as before, being verified'],
  ['unknown', UP, 'unknown', '10', 'none', 0, 0, 'unknown is unknown'],
  ['down3-line', UP, 'unknown', '10', 'frozen', 0, 0, 'line bad is unknown under a banner'],
  ['up-line', UP, 'unknown', '10', 'frozen', 0, 0, 'line bad is unknown even when it saw it up'],
]

const three: readonly Row[] = [
  ['up up up', null, 'up', '1', 'confirmed', 3, 3, '0 of 3 down is up'],
  ['degraded up up', null, 'up', '1', 'confirmed', 3, 3, '1 of 3 degraded is up'],
  ['degraded degraded up', null, 'degraded', '1', 'confirmed', 3, 3, '2 of 3 degraded is degraded'],
  ['down3 down3 up', UP, 'down', '6', 'confirmed', 2, 3, '2 of 3 down is down, "2 of 3"'],
  ['down3 down3 down3', UP, 'down', '6', 'confirmed', 3, 3, '3 of 3 down is down, "3 of 3"'],
  ['up up down3', UP, 'up', '2a', 'disagree', 2, 3, '1 of 3 down: in the hold as before'],
  ['up up down3', DOWN, 'down', '2a', 'disagree', 2, 3, '1 of 3 down: in the hold as before, down'],
  ['up up down3-road', UP, 'up', '2b', 'road', 2, 3, '1 of 3 down by its own path is up with a note'],
  ['down3 down3-road up', UP, 'up', '2a', 'disagree', 1, 3, '2 of 3 down, one by its own path: no quorum, held'],
  ['down3-road down3-road up', UP, 'up', '2b', 'road', 1, 3, '2 of 3 down by their own paths is up with a note'],
  ['down3 down3 down3-road', UP, 'down', '6', 'confirmed', 3, 3, '3 of 3 down whatever their paths'],
  ['down3 unknown unheard', UP, 'up', '7c', 'verifying', 1, 3, 'one heard with an opinion: row 7c'],
  ['down8 unknown unheard', UP, 'down', '7a', 'one_site', 1, 3, 'one heard with an opinion: row 7a, not "confirmed"'],
  ['down8-road unknown unknown', UP, 'partial', '7b', 'road', 1, 3, 'one heard with an opinion: row 7b'],
  ['unknown up unheard', UP, 'up', '8', 'one_site', 1, 3, 'one heard with an opinion: row 8'],
  ['unknown down8 unheard', UP, 'down', '9a', 'one_site', 1, 3, 'one heard with an opinion: row 9'],
  ['down3 down3 unheard', UP, 'down', '6', 'confirmed', 2, 2, '2 of 2 heard is down'],
  ['down3 up unheard', UP, 'up', '5a', 'disagree', 1, 2, '1 of 2 heard is no quorum: it never shrinks to one'],
  ['down3-line down3 up', UP, 'up', '2a', 'disagree', 1, 2, 'a site with a bad line is not of the quorum'],
]

const fiveSites: readonly Row[] = [
  ['up up up up up', null, 'up', '1', 'confirmed', 5, 5, '0 of 5 down is up'],
  ['down3 down3 down3 up up', UP, 'down', '6', 'confirmed', 3, 5, '3 of 5 down is down, "3 of 5"'],
  ['down3 down3 up up up', UP, 'up', '2a', 'disagree', 3, 5, '2 of 5 down: in the hold as before'],
  ['down3-road down3-road up up up', UP, 'up', '2b', 'road', 3, 5, '2 of 5 down by their own paths is up with a note'],
  ['down3 down3 up up unheard', UP, 'up', '2a', 'disagree', 2, 4, '2 of 4 down is no quorum'],
  ['down3 down3 down3 up unheard', UP, 'down', '6', 'confirmed', 3, 4, '3 of 4 down is down'],
  ['down3 down3 unknown unknown unheard', UP, 'down', '6', 'confirmed', 2, 2, '2 of 2 with an opinion is down'],
]

const tables: readonly (readonly [string, readonly Row[]])[] = [
  ['two sites', two],
  ['one site', one],
  ['three sites', three],
  ['five sites', fiveSites],
]

for (const [count, rows] of tables) {
  describe(count, () => {
    for (const [words, before, state, rule, note, confirmed, of, sentence] of rows) {
      it(sentence, () => {
        const said = agreed(words, before)
        expect(said).toMatchObject({ state, rule, confidence: { note, confirmed, of } })
        expect(said.confidence.sites).toHaveLength(confirmed)
      })
    }
  })
}

describe('after the hold', () => {
  const hold = POLICY.hold
  const rows: readonly (readonly [string, number, State, string])[] = [
    ['up down3', hold - 1, 'up', '1 of 2 is as before until the hold is over'],
    ['up down3', hold, 'partial', '1 of 2 is partial'],
    ['down3 up', hold, 'partial', '1 of 2 is partial, mirrored'],
    ['up down3-old', hold, 'up', '1 of 2 that grows silent is as before'],
    ['up down3-old down3 up up', hold, 'partial', '1 of 2 that say so and is still heard is enough'],
    ['down3 up-old', hold, 'partial', 'what we see ourselves needs nobody to be heard'],
    ['up down3-road', 60 * MINUTE, 'up', '1 of 2 down by its own path stays up'],
    ['up up down3', hold, 'up', '1 of 3 is up with a note'],
    ['up up down3', POLICY.mailAfter - 1, 'up', '1 of 3 is up with a note until `mail_after`'],
    ['up up down3', POLICY.mailAfter, 'partial', '1 of 3 is partial after `mail_after`'],
    ['down3 up unheard', hold, 'partial', '1 of 2 that are heard is partial'],
    ['down3 down3 up up up', hold, 'partial', '2 of 5 is partial'],
    ['down3 down3 up up unheard', hold, 'partial', '2 of 4 is partial'],
    ['down3 up up up up', hold, 'up', '1 of 5 is up with a note'],
    ['down3 up up up up', POLICY.mailAfter, 'partial', '1 of 5 is partial after `mail_after`'],
  ]
  for (const [words, lasting, state, sentence] of rows) {
    it(sentence, () => expect(disagreed(words, lasting).state).toBe(state))
  }

  it('1 of 3 is up with a note also when it was down before', () => {
    expect(disagreed('up up down3', hold - 1, DOWN).state).toBe('down')
    expect(disagreed('up up down3', hold, DOWN)).toMatchObject({ state: 'up', confidence: { note: 'disagree' } })
    expect(disagreed('up up down3', hold, null).state).toBe('up')
  })

  it('partial began at the first failed look', () => {
    expect(disagreed('up down3', hold).since).toBe(NOW - 2 * MINUTE)
  })

  it('partial lasts as long as they disagree', () => {
    const partial = disagreed('up down3', hold)
    expect(agreed('up down9', partial, NOW + 30 * MINUTE)).toMatchObject({ state: 'partial', disagreeSince: NOW })
    expect(agreed('up down9-old', partial, NOW + 30 * MINUTE)).toMatchObject({ state: 'partial', disagreeSince: NOW })
  })

  it('an agreement between begins the hold anew', () => {
    const again = agreed('up up', agreed('up down3', UP, NOW), NOW + 30 * SECOND)
    expect(again.disagreeSince).toBeNull()
    const third = agreed('up down3', again, NOW + 40 * SECOND)
    expect(agreed('up down3', third, NOW + 70 * SECOND).state).toBe('up')
    expect(agreed('up down3', third, NOW + 100 * SECOND).state).toBe('partial')
  })

  it('a moment in which one of them is unheard does not begin the hold anew', () => {
    const silent = agreed('down3 unheard', agreed('down3 up', UP, NOW), NOW + 30 * SECOND)
    expect(silent).toMatchObject({ state: 'up', rule: '7c' })
    expect(agreed('down3 up', silent, NOW + 60 * SECOND).state).toBe('partial')
  })

  it('a bad road that turns good begins the hold anew', () => {
    const road = agreed('up down9-road', agreed('up down3-road', UP, NOW), NOW + 5 * MINUTE)
    expect(road).toMatchObject({ rule: '2b', disagreeSince: NOW })
    const good = agreed('up down9', road, NOW + 5 * MINUTE)
    expect(good).toMatchObject({ state: 'up', rule: '2a' })
    expect(agreed('up down9', good, NOW + 6 * MINUTE).state).toBe('partial')
  })

  it('partial becomes down at once when the other falls too', () => {
    expect(agreed('down3 down3', disagreed('up down3', hold), NOW + 2 * MINUTE)).toMatchObject({
      state: 'down',
      rule: '6',
    })
  })
})

describe('since when', () => {
  it('6: down since the earlier suspicion', () => {
    expect(DOWN.since).toBe(NOW - 2 * MINUTE)
  })

  it('down stays where it began when one of them saw a single ok between', () => {
    const [home, offsite] = voices('down3 down3') as [Voice, Voice]
    const again = { ...offsite, opinion: { ...offsite.opinion, suspectSince: NOW, fails: 1 } }
    expect(agree(DOWN, [home, again], POLICY, NOW, 'home').since).toBe(NOW - 2 * MINUTE)
  })

  it('7a: down since the first failed look of the one', () => {
    expect(agreed('down8 unheard').since).toBe(NOW - MINUTE)
  })

  it('1: up since the last of them saw it so, and never since a time to come', () => {
    expect(UP.since).toBe(NOW - MINUTE)
    const [home, offsite] = voices('up up') as [Voice, Voice]
    const ahead = { ...offsite, opinion: { ...offsite.opinion, since: NOW + MINUTE } }
    expect(agree(null, [home, ahead], POLICY, NOW, 'home').since).toBe(NOW)
  })

  it('10: unknown since our own opinion was, or since now where our line hides it', () => {
    expect(agreed('unknown unheard', UP).since).toBe(NOW - MINUTE)
    expect(agreed('up-line unheard', UP).since).toBe(NOW)
  })

  it('10: unknown since now where until now another site knew, however long ours has been unknown', () => {
    const theirs = agreed('unknown up')
    expect(agreed('unknown unheard', theirs, NOW + 60 * MINUTE).since).toBe(NOW + 60 * MINUTE)
  })

  it('a state that stays keeps its beginning', () => {
    expect(agreed('up up', UP, NOW + MINUTE).since).toBe(UP.since)
    const unknown = agreed('unknown unheard', UP)
    expect(agreed('unknown unknown', unknown, NOW + MINUTE).since).toBe(unknown.since)
  })

  it('in the hold what was said keeps its beginning', () => {
    expect(agreed('up down3', UP, NOW + MINUTE).since).toBe(UP.since)
  })
})

describe('the reason', () => {
  it('is what the sites that decide say', () => {
    expect(agreed('up up').reason).toBeNull()
    expect(agreed('up degraded').reason).toBe('slow')
    expect(DOWN.reason).toBe('refused')
    expect(disagreed('up down3', POLICY.hold).reason).toBe('refused')
  })
})

describe('what one of two saw', () => {
  const long = voice('up', 0)
  const home = { ...long, opinion: { ...long.opinion, since: NOW - 60 * MINUTE } }
  const lasting = [NOW, NOW + POLICY.hold].reduce<Agreement | null>(
    (before, now) => agree(before, [home, voice('down3', 1)], POLICY, now, 'home'),
    UP,
  )

  it.each(['unheard', 'unknown', 'down3-line'])(
    'is over when that site drops out (%s), not when the other was well first',
    (word) => {
      expect(lasting?.state).toBe('partial')
      const later = NOW + 240 * MINUTE
      expect(agree(lasting, [home, voice(word, 1)], POLICY, later, 'home')).toMatchObject({ state: 'up', since: later })
    },
  )

  it('is over when that site sees it well again', () => {
    const up = voice('up', 1)
    const back = { ...up, opinion: { ...up.opinion, since: NOW + 90 * MINUTE } }
    expect(agree(lasting, [home, back], POLICY, NOW + 92 * MINUTE, 'home').since).toBe(NOW + 90 * MINUTE)
  })
})

describe('failure domains', () => {
  const mates = (words: string) =>
    words.split(' ').map((word, index) => voice(word, index, index < 2 ? 'isp' : NAMES[index]))

  it('sites that share their fate count once', () => {
    expect(agree(UP, mates('down3 down3 up'), POLICY, NOW, 'home')).toMatchObject({
      state: 'up',
      rule: '5a',
      confidence: { of: 2 },
    })
  })

  it('of two that share their fate the one that sees it up is believed', () => {
    expect(agree(UP, mates('down3 up down3'), POLICY, NOW, 'home')).toMatchObject({
      state: 'up',
      confidence: { confirmed: 1 },
    })
  })

  it('two sites in one domain are not "one site": down needs eight fails', () => {
    expect(agree(UP, mates('down3 down3'), POLICY, NOW, 'home')).toMatchObject({ state: 'up', rule: '7c' })
    expect(agree(UP, mates('down8 down8'), POLICY, NOW, 'home')).toMatchObject({ state: 'down', rule: '7a' })
  })
})
