import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import { ALICE, decision, ledgerAtHand, letter, NOON } from './ledger-at-hand.ts'

const BOB = 'bob@admins.example'
const hand = ledgerAtHand('outbox')

describe('the outbox', () => {
  it('has a letter due at once that was decided before the clock was set back', () => {
    hand.ledger.remember(
      decision({ letters: [{ letter: letter('early', 't', NOON + 30 * MINUTE), recipients: [ALICE] }] }),
    )
    expect(hand.ledger.due(NOON)).toHaveLength(1)
  })

  it('holds a letter once for each recipient, whoever decides it again', () => {
    const both = decision({ letters: [{ letter: letter('down 1'), recipients: [ALICE, BOB] }] })
    hand.ledger.remember(both)
    hand.ledger.remember(both)
    expect(hand.ledger.due(hand.now).map(({ recipient }) => recipient)).toEqual([ALICE, BOB])
    const [first] = hand.ledger.due(hand.now)
    hand.ledger.sent(first!.id, hand.now, 'smtp://relay:25', '250 ok')
    hand.ledger.remember(both)
    expect(hand.ledger.due(hand.now).map(({ recipient }) => recipient)).toEqual([BOB])
    expect(hand.ledger.unsent()).toBe(1)
  })

  it('gives letters oldest first, whole, and says when the next is due', () => {
    expect(hand.ledger.nextDue()).toBeNull()
    hand.now = NOON + 5000
    hand.ledger.remember(decision({ letters: [{ letter: letter('later', 't', hand.now), recipients: [ALICE] }] }))
    hand.now = NOON
    hand.post('sooner')
    expect(hand.ledger.due(NOON + 5000).map((one) => one.letter)).toEqual([
      letter('sooner'),
      letter('later', 't', NOON + 5000),
    ])
    expect(hand.ledger.due(NOON).map((one) => one.letter.key)).toEqual(['sooner'])
    expect(hand.ledger.nextDue()).toBe(NOON)
  })

  it.each([
    ['gives an outage another name, and leaves alone one whose name ends like it', false],
    ['gives it also to a letter that is only kept now', true],
  ])('%s', (_, together) => {
    const mail = { outage: 'mail-mhx2', service: 'mail' }
    const webmail = { outage: 'webmail-mhx2', service: 'webmail' }
    const news = { kind: 'down', affected: [mail, webmail], children: [], suspected: null } as unknown as Letter['news']
    const both: Letter = { key: 'mail-mhx2:down', event: 'down', thread: 'mail-mhx2', at: NOON, news }
    const letters = [{ letter: both, recipients: [ALICE] }]
    const renames = [{ from: 'mail-mhx2', to: 'mail-mhx1' }]
    if (together) hand.ledger.remember(decision({ letters, renames }))
    else for (const one of [decision({ letters }), decision({ renames })]) hand.ledger.remember(one)
    const renamed = { ...news, affected: [{ ...mail, outage: 'mail-mhx1' }, webmail] }
    expect(hand.ledger.due(NOON).map(({ letter }) => letter)).toEqual([
      { ...both, key: 'mail-mhx1:down', thread: 'mail-mhx1', news: renamed },
    ])
  })

  it('puts a refused letter off and counts the tries', () => {
    hand.post('a')
    const { id } = hand.ledger.due(hand.now)[0]!
    hand.ledger.began(id, hand.now, 'smtp://one:25')
    hand.ledger.failed(id, hand.now + 10, 'smtp://one:25', '421 busy', hand.now + MINUTE, false)
    expect(hand.ledger.due(hand.now + MINUTE - 1)).toEqual([])
    expect(hand.ledger.nextDue()).toBe(hand.now + MINUTE)
    expect(hand.ledger.due(hand.now + MINUTE)).toMatchObject([{ id, attempts: 1, uncertain: false, recipient: ALICE }])
    hand.ledger.began(id, hand.now + MINUTE, 'smtp://two:25')
    hand.ledger.failed(id, hand.now + MINUTE, 'smtp://two:25', 'no answer', hand.now + 2 * MINUTE, true)
    expect(hand.ledger.due(hand.now + 2 * MINUTE)).toMatchObject([{ attempts: 2, uncertain: true }])
    hand.ledger.began(id, hand.now + 2 * MINUTE, 'smtp://one:25')
    hand.ledger.sent(id, hand.now + 2 * MINUTE + 5, 'smtp://one:25', '250 2.0.0 queued as 1')
    expect(hand.ledger.due(hand.now + DAY)).toEqual([])
    expect(hand.ledger.nextDue()).toBeNull()
    expect(hand.ledger.attempts(10).map(({ relay, outcome, note }) => [relay, outcome, note])).toEqual([
      ['smtp://one:25', 'sent', '250 2.0.0 queued as 1'],
      ['smtp://two:25', 'uncertain', 'no answer'],
      ['smtp://one:25', 'failed', '421 busy'],
    ])
    expect(hand.ledger.attempts(1)).toHaveLength(1)
    expect(hand.said().map(({ type }) => type)).toEqual([
      'alert.intent',
      'alert.failed',
      'alert.intent',
      'alert.failed',
      'alert.intent',
      'alert.sent',
    ])
    expect(hand.said()[1]!.payload).toEqual({
      letter: 'a',
      about: ['a'],
      to: ALICE,
      relay: 'smtp://one:25',
      at: hand.now + 10,
      note: '421 busy',
      uncertain: false,
    })
  })

  it('knows after a kill between begun and sent that it may have gone out', () => {
    hand.post('a')
    hand.ledger.began(hand.ledger.due(hand.now)[0]!.id, hand.now, 'smtp://one:25')
    hand.reopen()
    expect(hand.ledger.due(hand.now)).toMatchObject([{ attempts: 1, uncertain: true }])
    expect(hand.ledger.attempts(1)).toMatchObject([{ outcome: 'begun' }])
  })

  it('does not wait for a moment that only a wrong clock named', () => {
    hand.post('a')
    const { id } = hand.ledger.due(hand.now)[0]!
    hand.now = NOON + 320 * DAY
    hand.ledger.began(id, hand.now, 'r')
    hand.ledger.failed(id, hand.now, 'r', 'no', hand.now + DAY, false)
    expect(hand.ledger.due(hand.now + HOUR)).toHaveLength(1)
    hand.now = NOON
    expect(hand.ledger.nextDue()).toBe(NOON)
    expect(hand.ledger.due(NOON)).toHaveLength(1)
  })

  it('takes back what is superseded, with what supersedes it, and to one recipient if told so', () => {
    hand.post('a', 'b')
    hand.ledger.remember(
      decision({ letters: [{ letter: letter('c'), recipients: [ALICE, BOB] }], withdraw: ['a', 'b'] }),
    )
    expect(hand.ledger.due(hand.now).map(({ letter, recipient }) => [letter.key, recipient])).toEqual([
      ['c', ALICE],
      ['c', BOB],
    ])
    expect(hand.ledger.withdraw(['c', 'unheard of'], BOB)).toBe(1)
    expect(hand.ledger.due(hand.now).map(({ recipient }) => recipient)).toEqual([ALICE])
    expect(hand.ledger.withdraw(['c'])).toBe(1)
    expect(hand.ledger.unsent()).toBe(0)
    hand.post('a')
    expect(hand.ledger.unsent(), 'news taken back stays so').toBe(0)
  })

  it('does not take back what went out', () => {
    hand.post('a')
    hand.ledger.sent(hand.ledger.due(hand.now)[0]!.id, hand.now, 'r', '250')
    expect(hand.ledger.withdraw(['a'])).toBe(0)
    expect(hand.ledger.sentOf('outage-1')).toHaveLength(1)
  })

  it('says what went out of a thread, and when it was first told', () => {
    hand.post('a', 'b', 'c')
    expect(hand.ledger.toldAt('outage-1')).toBeNull()
    for (const [index, { id }] of hand.ledger.due(hand.now).slice(0, 2).entries())
      hand.ledger.sent(id, NOON + 1000 * (index + 1), 'r', '250')
    expect(hand.ledger.sentOf('outage-1')).toEqual([
      { letter: letter('a'), recipient: ALICE, at: NOON + 1000 },
      { letter: letter('b'), recipient: ALICE, at: NOON + 2000 },
    ])
    expect(hand.ledger.toldAt('outage-1')).toBe(NOON + 1000)
    expect(hand.ledger.toldAt('outage-1', 'b')).toBe(NOON + 2000)
    expect(hand.ledger.toldAt('outage-1', 'c')).toBeNull()
    expect(hand.ledger.toldAt('other')).toBeNull()
  })

  it('forgets letters 90 days after they were done with, and never one that waits', () => {
    hand.post('a', 'b', 'c')
    const [a] = hand.ledger.due(hand.now)
    hand.ledger.began(a!.id, hand.now, 'r')
    hand.ledger.sent(a!.id, hand.now, 'r', '250')
    hand.ledger.withdraw(['b'])
    hand.ledger.prune(NOON + 90 * DAY)
    expect(hand.ledger.sentOf('outage-1')).toHaveLength(1)
    hand.ledger.prune(NOON + 90 * DAY + 1)
    expect(hand.ledger.sentOf('outage-1')).toEqual([])
    expect(hand.ledger.attempts(10)).toEqual([])
    expect(hand.ledger.due(hand.now).map(({ letter }) => letter.key)).toEqual(['c'])
  })
})
