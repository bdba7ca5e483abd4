// What explains an outage, so that nobody is told of it twice. Rows are the sentences on parents: fates in, letters out.
import { describe, expect, it } from 'vitest'
import { each, letters } from '../fates.ts'

type Row = readonly [string, readonly string[], string]

const parents: readonly Row[] = [
  [
    'host 0-600 · mail<host 10-605',
    ['0 down host', '600 up host'],
    'a parent down holds back the mails of its children',
  ],
  ['host 0-600 · a<host 0-600 · b<host 0-600', ['0 down host+a,b', '600 up host'], 'they are folded into its own mail'],
  [
    'mail<host 0-600 · host 20-600',
    ['0 down mail', '20 down host', '600 up mail', '600 up host'],
    'what was mailed before is not taken back',
  ],
  [
    'suspect:host 0-20 · mail<host 5-610 · host 20-600',
    ['20 down host+mail', '600 up host'],
    'a child waits for the look of its parent',
  ],
  [
    'suspect:host 0-30 · mail<host 5-300',
    ['30 down mail', '300 up mail'],
    'a child of a parent that is well after all is mailed',
  ],
  [
    'suspect:host 0-900 · mail<host 5-300',
    ['90 down mail', '300 up mail'],
    'a child does not wait longer than the look can take',
  ],
  [
    'suspect:host 0-900 · mail<host 5-50',
    ['50 down mail', '50 up mail'],
    'what was over while it waited is told all the same',
  ],
  [
    'host 0-600 · mail<host 10-1000',
    ['0 down host', '600 up host', '720 down mail', '1000 up mail'],
    'a child still down two intervals after the recovery of its parent must mail',
  ],
  [
    'host 0-600 · mail<host 10-715',
    ['0 down host', '600 up host'],
    'a child back within two intervals after its parent is explained',
  ],
  [
    'host 0-600 · mail<host 10-720',
    ['0 down host', '600 up host'],
    'a child that comes back at the very moment it must mail was told',
  ],
  [
    'suspect:host 0-30 · host 30-600 · mail<host 595-700',
    ['30 down host', '600 up host'],
    'a child that fell last is explained like the others',
  ],
  [
    'host 0-600 · mail<host 610-900',
    ['0 down host', '600 up host', '610 down mail', '900 up mail'],
    'a child that falls after the recovery is mailed at once',
  ],
  [
    'host 0-100 · mail<host 10-900 · host 150-400',
    ['0 down host', '100 up host', '150 down host+mail', '400 up host', '520 down mail', '900 up mail'],
    'a parent that falls again holds back again and never loses',
  ],
  [
    'site 0-600 · host<site 5-600 · mail<host,site 10-600',
    ['0 down site', '600 up site'],
    'a parent of a parent explains both',
  ],
  [
    'host<site 0-600 · site 0-600 · mail<host,site 0-600',
    ['0 down site+host,mail', '600 up site'],
    'the order of what is decided does not matter',
  ],
  [
    'site 0-300 · host<site 5-700 · mail<host,site 10-700',
    ['0 down site', '300 up site', '420 down host+mail', '700 up host'],
    'a parent that must mail after its own parent folds its children',
  ],
  ['host 0-900 · mail<host~ 10-900', ['0 down host', '900 up host'], 'a parent down explains a child that is partial'],
  [
    'host~ 0-900 · mail<host~ 10-900',
    ['600 partial host', '900 up host'],
    'a parent partial explains a child that is partial',
  ],
  [
    'host~ 0-900 · mail<host 10-300',
    ['95 down mail', '300 up mail', '600 partial host', '900 up host'],
    'a parent partial does not explain a child that is down',
  ],
  [
    'host~50 0-600 · mail<host 10-605',
    ['50 down host+mail', '600 up host'],
    'a child down waits for a parent that is partial yet',
  ],
  [
    'host~ 0-300 · mail<host~ 10-1500',
    ['610 partial mail', '1500 up mail'],
    'a child that stays partial after its parent is mailed',
  ],
  [
    'mail~ 0-1500 · mailbox<mail 700-1300',
    ['600 partial mail', '785 down mailbox', '1300 up mailbox', '1500 up mail'],
    'a child down is mailed beside the partial of its parent',
  ],
  [
    'child<host~800 0-2000 · host 700-1000',
    ['600 partial child', '700 down host', '1000 up host', '1120 down child', '2000 up child'],
    'a child that was told partial is told down after the grace',
  ],
  ['maintenance:host 0-700 · host 0-600 · mail<host 10-650', [], 'a parent in maintenance explains its children'],
  [
    'maintenance:host 0-300 · host 0-600 · mail<host 10-605',
    ['420 down host+mail', '600 up host'],
    'a parent that is still down after it mails and folds its children',
  ],
  [
    `${each('abcde', '0-900')} · f<host 5-900 · host 10-900`,
    [
      '0 down a',
      '0 down b',
      '0 down c',
      '0 down d',
      '0 down e',
      '70 down host+f',
      '900 up a',
      '900 up b',
      '900 up c',
      '900 up d',
      '900 up e',
      '960 up host',
    ],
    'a child that waits in the digest is taken back and folded',
  ],
]

const ties: readonly Row[] = [
  [
    'web 0-50 · host 100-600 · mail<host 600-700',
    ['0 down web', '50 up web', '100 down host', '600 up host'],
    'a child that falls as its parent comes back is explained',
  ],
  [
    'suspect:host 0-30 · mail<host 5-30 · host 30-100',
    ['30 down mail', '30 down host', '30 up mail', '100 up host'],
    'a child that comes back as its parent falls is not explained',
  ],
  [
    'web 0-100 · host~ 50-150 · mail<host 100-200',
    ['0 down web', '100 up web', '150 down mail', '200 up mail'],
    'a parent that was partial and came back keeps back no child that is down',
  ],
]

const late: readonly Row[] = [
  [
    'host 0-600 · mail<host 590+20-700',
    ['0 down host', '600 up host'],
    'that failed before its parent came back, and came back soon after, is explained',
  ],
  [
    'host 0-600 · mail<host 590+20-1000',
    ['0 down host', '600 up host', '720 down mail', '1000 up mail'],
    'that is still down two intervals later must mail',
  ],
  ['maintenance:host 0-700 · host 0-600 · mail<host 590+20-700', [], 'is explained by a parent in maintenance'],
  [
    'unstable:host 0-700 · host 0-600 · mail<host 590+20-700',
    [],
    'is explained by a parent that is told to be unstable',
  ],
  [
    'site 0-600 · host<site 5-600 · mail<host 590+20-700',
    ['0 down site', '600 up site'],
    'is explained by a parent that its own parent explains',
  ],
  [
    `${each('abcde', '0-9000')} · host 5-30 · mail<host 20+15-60`,
    ['0 down a', '0 down b', '0 down c', '0 down d', '0 down e', '65 down host', '65 up host'],
    'is explained by a parent that waits in the digest',
  ],
  [
    'host~ 0-700 · mail<host 690+20-760',
    ['600 partial host', '700 up host', '710 down mail', '760 up mail'],
    'is not explained by a parent that was partial, nor held back',
  ],
  [
    `${Array.from({ length: 8 }, (_, n) => `host~ ${n * 120}-${n * 120 + 90}`).join(' · ')} · mail<host 30-900`,
    ['90 down mail', '900 up mail'],
    'is not held back by a parent that is partial again and again',
  ],
  [
    'host 5-15 · rack<host/ 5-35 · mail<rack,host~30 25-35',
    ['5 down host+rack', '15 up host', '35 down mail', '35 up mail'],
    'is in no letter about an outage that was over before',
  ],
  [
    'host 0-600 · web 0-620 · mail<host 590+20-700',
    ['0 down host', '0 down web', '600 up host', '620 up web'],
    'is explained whatever else comes back meanwhile',
  ],
]

const together: readonly Row[] = [
  [
    each('abc', '<host 0-600'),
    ['0 down a,b,c?host', '600 up a', '600 up b', '600 up c'],
    'three of three children down together are one mail for the parent',
  ],
  [
    `${each('abc', '<host 0-300')} · d<host 2000-2005`,
    ['0 down a', '0 down b', '0 down c', '300 up a', '300 up b', '300 up c', '2000 down d', '2005 up d'],
    'three of four are less than 80 %',
  ],
  [
    `${each('abcd', '<host 0-300')} · e<host 2000-2005`,
    ['0 down a,b,c,d?host', '300 up a', '300 up b', '300 up c', '300 up d', '2000 down e', '2005 up e'],
    'four of five are 80 %',
  ],
  [each('ab', '<host 0-300'), ['0 down a', '0 down b', '300 up a', '300 up b'], 'two are never enough'],
  [
    'a<host 0-600 · b<host 30-600 · c<host 60-600',
    ['0 down a', '30 down b', '60 down c?host', '600 up a', '600 up b', '600 up c'],
    'it is for those not yet mailed',
  ],
  [
    'a<host 0-600 · b<host 30-600 · c<host 30-600',
    ['0 down a', '30 down b,c?host', '600 up a', '600 up b', '600 up c'],
    'two that are not yet mailed are one mail',
  ],
  [
    `${each('abc', '<host 0-600')} · x 0-600`,
    ['0 down a,b,c?host', '0 down x', '600 up a', '600 up b', '600 up c', '600 up x'],
    'nobody else is of that mail',
  ],
  [
    `${each('ab', '<host 0-9000')} · ${each('xyz', '0-9000')} · q 10-9000 · c<host 20-9000`,
    ['0 down a', '0 down b', '0 down x', '0 down y', '0 down z', '70 down q,c'],
    'a digest of others as well suspects no parent',
  ],
  [
    'a<host 0-600 · b<host 30-600 · c<host 125-600',
    ['0 down a', '30 down b', '125 down c', '600 up a', '600 up b', '600 up c'],
    'more than two minutes apart is not together',
  ],
  [
    'a<host 0-600 · b<host 30-600 · c<host 120-600',
    ['0 down a', '30 down b', '120 down c?host', '600 up a', '600 up b', '600 up c'],
    'two minutes apart is together',
  ],
  [
    'a<host 0-600 · b<host 0-600 · c<host~ 0-590',
    ['0 down a', '0 down b', '600 up a', '600 up b'],
    'partial is not down',
  ],
]

const tables: readonly (readonly [string, readonly Row[]])[] = [
  ['parents', parents],
  ['a child that falls or comes back with its parent', ties],
  ['a child that is sure late', late],
  ['children that fall together', together],
]

for (const [what, rows] of tables) {
  describe(what, () => {
    for (const [story, wanted, sentence] of rows) it(sentence, () => expect(letters(story)).toEqual(wanted))
  })
}
