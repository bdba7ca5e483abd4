// Who is told what, and when nobody is. Rows are the sentences of "Events" and what follows: fates in, letters out.
import { describe, expect, it } from 'vitest'
import { knowing, NO_ALERTS, renamed } from '../../../src/core/verdict/alert.ts'
import type { Letter, News } from '../../../src/core/verdict/letter.ts'
import { alarmsOf, each, fatesOf, letters, lettersOf } from '../fates.ts'
import { mail, START } from '../letters.ts'

type Row = readonly [string, readonly string[], string]

const plain: readonly Row[] = [
  ['mail 0-600', ['0 down mail', '600 up mail'], 'one mail down and one mail up'],
  ['mail 0-5', ['0 down mail', '5 up mail'], 'a confirmed outage is mailed however short'],
  [
    'mail 0-300 · mail 900-1200',
    ['0 down mail', '300 up mail', '900 down mail', '1200 up mail'],
    'a second outage is mailed again',
  ],
  ['mail~ 0-595', [], 'a partial one that is over before `mail_after` is no mail'],
  ['mail~ 0-900', ['600 partial mail', '900 up mail'], 'a partial one is mailed after `mail_after`, and its end'],
  ['mail~30 0-100', ['30 down mail', '100 up mail'], 'partial that becomes down is mailed at once'],
  [
    'mail~700 0-900',
    ['600 partial mail', '700 down mail', '900 up mail'],
    'partial that was mailed and becomes down is mailed at once, once more',
  ],
  ['mail~600 0-900', ['600 down mail', '900 up mail'], 'down is enough when both are due'],
]

const digest: readonly Row[] = [
  [
    each('abcdefgh', '0-900'),
    [
      '0 down a',
      '0 down b',
      '0 down c',
      '0 down d',
      '0 down e',
      '60 down f,g,h',
      '900 up a',
      '900 up b',
      '900 up c',
      '900 up d',
      '900 up e',
      '960 up f,g,h',
    ],
    'the first five mail at once, further ones within a minute in one',
  ],
  [
    `${each('abcde', '0-9000')} · f 10-9000 · g 30-9000 · h 60-9000`,
    ['0 down a', '0 down b', '0 down c', '0 down d', '0 down e', '70 down f,g,h'],
    'further ones wait a minute together, whenever they fall',
  ],
  [
    `${each('abcde', '0-9000')} · f 60-9000`,
    ['0 down a', '0 down b', '0 down c', '0 down d', '0 down e', '60 down f'],
    'the minute is over after sixty seconds',
  ],
  [
    `${each('abcde', '0-9000')} · f 65-9000`,
    ['0 down a', '0 down b', '0 down c', '0 down d', '0 down e', '65 down f'],
    'a minute later the next one mails at once again',
  ],
  [
    `${each('abcde', '0-9000')} · f 10-30`,
    ['0 down a', '0 down b', '0 down c', '0 down d', '0 down e', '70 down f', '70 up f'],
    'what is over while it waits in the digest is told down and up',
  ],
  [
    `${each('abcdef', '0-300')}`,
    [
      '0 down a',
      '0 down b',
      '0 down c',
      '0 down d',
      '0 down e',
      '60 down f',
      '300 up a',
      '300 up b',
      '300 up c',
      '300 up d',
      '300 up e',
      '360 up f',
    ],
    'ends are told in the same way',
  ],
]

const muted: readonly Row[] = [
  ['maintenance:mail 0-700 · mail 0-600', [], 'maintenance mutes'],
  [
    'maintenance:mail 0-300 · mail 0-600',
    ['420 down mail', '600 up mail'],
    'a service still down two intervals after its maintenance ended is mailed',
  ],
  ['maintenance:mail 0-300 · mail 0-415', [], 'a service back within two intervals after its maintenance is no mail'],
  [
    'maintenance:mail 100-700 · mail 0-600',
    ['0 down mail', '600 up mail'],
    'the end of what was mailed is told in maintenance too',
  ],
  [
    'maintenance:mail 0-700 · mail~ 0-1300',
    ['820 partial mail', '1300 up mail'],
    'a service still partial two intervals after its maintenance ended is mailed',
  ],
  ['unstable:mail 0-700 · mail 0-100 · mail 200-300', [], 'an unstable service is silent'],
  [
    'unstable:mail 0-700 · mail 0-900',
    ['700 down mail', '900 up mail'],
    'a service still down when it is calm is mailed',
  ],
  [
    'maintenance:mail 0-700 · mail 0-600 · web 0-600',
    ['0 down web', '600 up web'],
    'maintenance of one mutes no other',
  ],
]

const twofold: readonly Row[] = [
  ['mail 0-600 · mail! 0-600', ['0 down mail', '600 up mail'], 'fails for members and for admins: one mail each way'],
  [
    'suspect:mail 0-10 · mail! 0-600 · mail 10-605',
    ['10 down mail', '605 up mail'],
    'what admins alone see first waits for the look at what members see',
  ],
  ['mail 0-600 · mail! 30-500', ['0 down mail', '600 up mail'], 'what admins alone see later is no mail'],
  ['mail! 0-600', ['0 down mail', '600 up mail'], 'what admins alone see is mailed at once where members see nothing'],
  ['suspect:mail 0-900 · mail! 0-600', ['85 down mail', '600 up mail'], 'nobody waits for ever for what members see'],
  [
    'mail 0-600 · mail! 5-1200',
    ['0 down mail', '600 up mail', '720 down mail', '1200 up mail'],
    'what does not come back with what members see is mailed',
  ],
  [
    'host 0-600 · mail<host 5-600 · mail!<host 5-600',
    ['0 down host', '600 up host'],
    'what hangs on a parent twice is explained twice',
  ],
  [
    'host 10-600 · suspect:host 0-10 · mail<host 0-600 · mail!<host 0-600',
    ['10 down host+mail', '600 up host'],
    'the mail of a parent names it once',
  ],
  [
    'a<host 0-300 · a!<host 0-300 · b<host 0-300',
    ['0 down a', '0 down b', '300 up a', '300 up b'],
    'counts once among those that fell together',
  ],
  ['mail/ 0-1200 · mail!/ 0-1200', ['600 partial mail', '1200 up mail'], 'is on a bad road once'],
]

const road: readonly Row[] = [
  [
    'host/ 0-1200 · a/ 5-1200 · b/ 20-1200',
    ['600 partial host,a,b', '1200 up host', '1200 up a', '1200 up b'],
    'a bad road is one mail for the provider',
  ],
  [
    'host/ 0-1200 · a<host/ 5-1200',
    ['600 partial host,a', '1200 up host'],
    'what hangs on the provider comes back with it',
  ],
  [
    'a/ 0-1200 · b~ 0-1200',
    ['600 partial a', '600 partial b', '1200 up a', '1200 up b'],
    'a service that sites disagree about is not on the road',
  ],
  ['a/ 0-1200 · b/ 5-300', ['600 partial a', '1200 up a'], 'what came back by itself is not spoken of'],
  [
    'a/ 0-1200 · maintenance:b 0-1300 · b/ 0-1200 · unstable:c 0-1300 · c/ 0-1200',
    ['600 partial a', '1200 up a'],
    'what is muted is not spoken of',
  ],
  ['a/ 0-1200 · b/ 0-1200', ['600 partial a,b', '1200 up a', '1200 up b'], 'two that are due at once are one mail'],
  [
    'a/800 0-1200',
    ['600 partial a', '800 down a', '1200 up a'],
    'the road is good again and it is down: mailed at once',
  ],
]

const tables: readonly (readonly [string, readonly Row[]])[] = [
  ['an outage', plain],
  ['the digest', digest],
  ['what is muted', muted],
  ['a bad road', road],
  ['a service with checks for admins only', twofold],
]

for (const [what, rows] of tables) {
  describe(what, () => {
    for (const [story, wanted, sentence] of rows) it(sentence, () => expect(letters(story)).toEqual(wanted))
  })
}

describe('the mail of an end', () => {
  it('says since when and until when', () => {
    const news = lettersOf(fatesOf('mail 10+20-603'), 1000).at(-1)!.letter.news
    expect(news.kind === 'up' && news.over.map(({ affected, until }) => until - affected.since)).toEqual([593_000])
  })
})

describe('threads', () => {
  it('keep partial, down and up of an outage together', () => {
    const threads = lettersOf(fatesOf('mail~700 0-900'), 1000).map(({ letter }) => letter.thread)
    expect(threads).toEqual(['mail-0', 'mail-0', 'mail-0'])
  })

  it('keep the end of what was told in a digest with the digest', () => {
    const told = lettersOf(fatesOf(`${each('abcde', '0-9000')} · f 10-900 · g 20-30`), 1000)
    const [digest, ...ends] = told.slice(5).map(({ letter }) => letter.thread)
    expect(ends).toEqual([digest, digest])
  })

  it('name every letter once for all', () => {
    const told = lettersOf(fatesOf('mail~700 0-900 · mail 1200-1300 · host 0-300 · web<host 5-900'), 2000)
    expect(new Set(told.map(({ letter }) => letter.key)).size).toBe(told.length)
  })
})

describe('letters about a service that comes and goes', () => {
  const letter = (news: News): Letter => ({
    key: `mail-1:${news.kind}`,
    event: 'down',
    thread: 'mail-1',
    at: START,
    news,
  })
  const unstable = letter({ kind: 'unstable', affected: mail, changes: 3 })
  const settled = (down: boolean) => letter({ kind: 'settled', affected: mail, down })

  it('count among the mails of the hour', () => {
    expect(knowing(NO_ALERTS, [unstable, settled(false)], START).sent).toEqual(
      Array(2).fill({ at: START, event: 'down', services: 0 }),
    )
    expect(knowing(NO_ALERTS, [], START)).toBe(NO_ALERTS)
  })

  it('have told of an outage only where they say that it is down still', () => {
    expect(knowing(NO_ALERTS, [unstable, settled(false)], START).alarms).toEqual({})
    expect(knowing(NO_ALERTS, [settled(true)], START).alarms).toEqual({
      'mail-1': { told: 'down', letter: 'mail-1:settled', thread: 'mail-1' },
    })
  })
})

it('the letter that says that a service comes and goes tells of its outages, and of what hangs on them', () => {
  const story = 'unstable:host 0-900 · host 100-2000 · mail<host 100-2000 · web 100-2000'
  const spoken = { letter: 'host-comes-and-goes:unstable' }
  expect(alarmsOf(story, 800)).toMatchObject({
    'host-100': { ...spoken, told: 'unstable', thread: 'host-comes-and-goes' },
    'mail-100': { ...spoken, told: 'folded', thread: 'mail-100' },
    'web-100': { letter: 'web-100:down' },
  })
  expect(letters(story), 'and it is told of once it no longer does').toContain('900 down host+mail')
})

describe('an outage that takes another name', () => {
  it('keeps what was told of it, its letters, its thread and what waits, and touches no other', () => {
    const other = { told: 'partial', letter: 'mail-10:partial', thread: 'mail-10' } as const
    const item = { event: 'up', until: START, since: START } as const
    const waiting = (outage: string) => ({ ...item, affected: { ...mail, outage }, thread: outage })
    const before = {
      ...NO_ALERTS,
      alarms: {
        'mail-1': { told: 'down', letter: 'mail-1:down', thread: 'mail-1' },
        'mail-2': { told: null, letter: null, thread: 'mail-2' },
        'mail-10': other,
      },
      waiting: [waiting('mail-1'), waiting('mail-10')],
    } as const
    expect(renamed(before, 'mail-1', 'mail-7')).toEqual({
      ...before,
      alarms: {
        'mail-7': { told: 'down', letter: 'mail-7:down', thread: 'mail-7' },
        'mail-2': { told: null, letter: null, thread: 'mail-2' },
        'mail-10': other,
      },
      waiting: [waiting('mail-7'), waiting('mail-10')],
    })
  })
})

describe('the cap', () => {
  const twenty = Array.from({ length: 30 }, (_, index) => `s${index} ${index * 100}-20000`).join(' · ')

  it('holds back the twenty-first mail of an hour, and tells all that waits in one when a place is free', () => {
    const told = letters(twenty, 4000)
    expect(told).toHaveLength(21)
    expect(told[19]).toBe('1900 down s19')
    expect(told[20]).toBe('3600 down s20,s21,s22,s23,s24,s25,s26,s27,s28,s29')
  })

  it('drops nothing that is over before a place is free: down first, then up', () => {
    const told = letters(`${twenty} · short 2010-2100`, 4000)
    expect(told[20]).toMatch(/^3600 down s20,short,s21/)
    expect(letters(`${twenty} · short 2010-2100`, 4200)).toContainEqual(expect.stringMatching(/^3700 up short/))
  })

  it('holds for children that fall together as well', () => {
    const story = twenty.replace(/ · s2\d.*$/, '')
    expect(letters(`${story} · ${each('abc', '<host 2000-20000')}`, 4000).slice(20)).toEqual(['3600 down a,b,c?host'])
  })

  it('drops no partial one either', () => {
    const story = twenty.replace(/ · s2\d.*$/, '')
    expect(letters(`${story} · part~ 1500-2500`, 4000).slice(20)).toEqual(['3600 partial part', '3700 up part'])
  })
})
