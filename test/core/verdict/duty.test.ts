import { describe, expect, it } from 'vitest'
import type { Site } from '../../../src/core/check.ts'
import { MINUTE, SECOND } from '../../../src/core/time/time.ts'
import { type Claim, isOwn, mailTurnOf, placeOf } from '../../../src/core/verdict/duty.ts'
import type { Letter } from '../../../src/core/verdict/letter.ts'
import type { Peer } from '../../../src/core/verdict/word.ts'

const TAKEOVER = 90 * SECOND
const site = (id: string): Site => ({ id, url: null, key: null, where: null, role: 'full', domain: id })
const SITES = ['home', 'offsite', 'third'].map(site)
const peer = (id: string, more: Partial<Peer> = {}): Peer => ({
  site: id,
  heard: true,
  lately: true,
  met: true,
  since: 0,
  address: null,
  condition: { blind: null, mails: true, version: '1', configuration: 'c', configured: 0 },
  words: new Map(),
  ...more,
})
const claim = (kind: Claim['kind'], age: number, more: Partial<Claim> = {}): Claim => ({
  site: 'home',
  kind,
  uncertain: false,
  age,
  ...more,
})

describe('the place among sites that could mail', () => {
  it('is that of the configuration, without those unheard, blind or without a relay', () => {
    expect(placeOf('third', SITES, [peer('home'), peer('offsite')], false)).toBe(2)
    expect(placeOf('third', SITES, [peer('home', { heard: false }), peer('offsite')], false)).toBe(1)
    const condition = peer('home').condition!
    expect(placeOf('offsite', SITES, [peer('home', { condition: { ...condition, mails: false } })], false)).toBe(0)
    const blind = { since: 0, layers: ['v4'] }
    expect(placeOf('offsite', SITES, [peer('home', { condition: { ...condition, blind } })], false)).toBe(0)
    expect(placeOf('home', SITES, [peer('offsite'), peer('third')], false)).toBe(0)
    expect(placeOf('offsite', SITES, [peer('third')], false)).toBe(0)
  })

  it('is the last for one whose own line is bad', () => {
    expect(placeOf('home', SITES, [peer('offsite'), peer('third')], true)).toBe(2)
  })
})

describe('news of a site alone', () => {
  const own = (news: object) => isOwn({ news } as Pick<Letter, 'news'>)

  it('is of itself or handed in there: no other sends it', () => {
    for (const kind of ['self', 'test', 'twin', 'acknowledged', 'blind']) expect(own({ kind }), kind).toBe(true)
    for (const kind of ['down', 'partial', 'up', 'road', 'attention']) expect(own({ kind }), kind).toBe(false)
  })

  it('is not that another site is blind: whoever sees that may say it', () => {
    expect(own({ kind: 'blind', site: 'offsite' })).toBe(false)
    expect(own({ kind: 'twin', site: 'offsite' })).toBe(true)
  })
})

describe('whose turn it is', () => {
  const rows: readonly [string, readonly Claim[], number, number, string][] = [
    ['the first at once', [], 0, 0, 'ours'],
    ['the second not yet', [], 1, 10 * SECOND, 'wait 80'],
    ['the second when the first says nothing', [], 1, 90 * SECOND, 'ours'],
    ['the third later still', [], 2, 90 * SECOND, 'wait 90'],
    ['nobody while another is at it', [claim('intent', 30 * SECOND)], 0, 5 * MINUTE, 'wait 60'],
    ['whoever is left when that one never said how it ended', [claim('intent', 90 * SECOND)], 1, 5 * MINUTE, 'ours'],
    ['the second at once when the first failed', [claim('failed', 0)], 1, SECOND, 'ours'],
    ['not at once when it may have arrived', [claim('failed', 20 * SECOND, { uncertain: true })], 1, SECOND, 'wait 40'],
    ['nobody when it was sent', [claim('sent', 0)], 0, 0, 'sent'],
    [
      'nobody when it was sent, whatever another tries',
      [claim('intent', 0, { site: 'third' }), claim('sent', 0)],
      0,
      0,
      'sent',
    ],
    [
      'not while a third is at it after the first failed',
      [claim('failed', 0), claim('intent', 0, { site: 'third' })],
      1,
      0,
      'wait 90',
    ],
  ]
  it.each(rows)('%s', (_, claims, place, age, expected) => {
    const turn = mailTurnOf([claims], place, age, TAKEOVER)
    expect(turn.kind === 'wait' ? `wait ${turn.within / SECOND}` : turn.kind).toBe(expected)
  })

  it('a letter about two outages was sent when both were told', () => {
    expect(mailTurnOf([[claim('sent', 0)], []], 0, 0, TAKEOVER).kind).toBe('ours')
    expect(mailTurnOf([[claim('sent', 0)], [claim('sent', 0)]], 0, 0, TAKEOVER).kind).toBe('sent')
    expect(mailTurnOf([], 0, 0, TAKEOVER).kind).toBe('ours')
  })
})
