// A site's opinion on a check. Rows are the sentences of the section of that name: looks in, opinions out.
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time/time.ts'
import {
  age,
  hasMoved,
  isNews,
  joinFamilies,
  judge,
  nextLookIn,
  noOpinion,
  type Opinion,
} from '../../../src/core/verdict/verdict.ts'
import { BAD, lookAt, opinionAfter, opinionsAfter, START, when } from '../looks.ts'
import { RULE } from '../policy.ts'

const LETTER = { up: 'U', down: 'D', degraded: 'S', unknown: '?' } as const

const rows: readonly (readonly [string, string, string])[] = [
  ['ok', 'U', 'up from never seen at the first ok'],
  ['fail', '?', 'a fail alone says nothing yet of what was never seen'],
  ['fail fail fail', '??D', 'down after `fall` fails in a row, seen up before or not'],
  ['ok fail fail fail', 'UUUD', 'down after `fall` fails in a row'],
  ['ok fail fail ok fail fail', 'UUUUUU', 'an ok breaks the row'],
  ['ok fail fail fail ok', 'UUUDD', 'from down one ok is not enough'],
  ['ok fail fail fail ok ok', 'UUUDDU', 'from down up after `rise` oks in a row'],
  ['ok fail fail fail ok fail ok fail ok ok', 'UUUDDDDDDU', 'a fail between breaks the rise'],
  ['ok blind-fail ok', 'U?U', 'from unknown up at once if it was up before'],
  ['fail fail fail blind-fail ok ok', '??D??U', 'from unknown up after `rise` if it was down'],
  ['fail fail fail blind-ok ok blind-ok ok ok', '??D????U', 'a blind moment breaks the rise'],
  ['ok blind-fail fail fail fail', 'U???D', 'from unknown down after `fall` again'],
  ['ok blind-fail blind-fail blind-fail blind-fail', 'U????', 'whatever a bad line saw is unknown: fails'],
  ['ok blind-ok blind-ok', 'U??', 'whatever a bad line saw is unknown: oks'],
  ['ok fail fail tainted-fail fail fail', 'UUU???', 'tainted: its fails are unknown and reset the count'],
  ['ok fail fail tainted-fail fail fail fail', 'UUU???D', 'the count begins anew after a tainted fail'],
  ['ok fail fail tainted-ok', 'UUUU', 'tainted but good again: its oks count'],
  ['fail fail fail tainted-ok tainted-ok', '??DDU', 'tainted but good again: its oks count towards `rise`'],
  ['ok auth auth auth auth', 'UUUUU', 'a refused login is attention for admins, never a fail'],
  ['auth', 'U', 'a refused login shows that the service answers'],
  ['ok fail fail auth fail fail', 'UUUUUU', 'a refused login breaks a row of fails'],
  ['ok tainted-auth', 'UU', 'a refused login colours nothing on a tainted line either'],
  ['ok expired expired expired', 'UUUD', 'a bad certificate is a fail'],
  ['ok expired? expired? expired?', 'U???', 'with a bad clock a fail by validity dates is unknown'],
  [
    'ok fail-wrong-clock fail-wrong-clock fail-wrong-clock',
    'UUUD',
    'with a bad clock only validity-date fails are unknown',
  ],
  ['ok fail fail overload fail', 'UUUUD', 'overload changes nothing: not a count'],
  ['fail fail fail overload ok overload ok', '??DDDDU', 'overload changes nothing: not a rise'],
  ['overload', '?', 'overload changes nothing: never seen stays never seen'],
  ['ok blocked', 'U?', 'an address refused by policy is unknown'],
  ['config config', '??', 'a missing secret is unknown'],
  ['slow slow slow slow slow', 'UUUUS', 'degraded at 5 slow of the last 10'],
  [
    'slow slow slow slow ok ok ok ok ok ok slow',
    'UUUUUUUUUUU',
    'not degraded when the first slow is out of the last 10',
  ],
  ['slow ok slow ok slow ok slow ok slow', 'UUUUUUUUS', 'the 5 of the last 10 need not be in a row'],
  ['atlimit atlimit atlimit atlimit atlimit', 'UUUUU', 'slow is slower than `slow`, not as slow'],
  ['busy busy busy busy busy busy', 'UUUUUU', 'a busy home line makes nothing slow'],
  ['slow slow slow slow slow ok ok ok ok ok ok ok ok', 'UUUUSSSSSSSSS', 'still degraded at 2 of the last 10'],
  ['slow slow slow slow slow ok ok ok ok ok ok ok ok ok', 'UUUUSSSSSSSSSU', 'degraded is left at 1 of the last 10'],
  [Array(60).fill('slow').join(' '), `UUUU${'S'.repeat(56)}`, 'degraded never becomes down'],
  ['slow slow slow slow slow fail fail fail', 'UUUUSSSD', 'degraded falls by fails like anything else'],
  ['slow slow fail slow slow slow', 'UUUUUS', 'degraded counts looks, a fail between them is one'],
]

describe('the opinion of a site', () => {
  for (const [looks, states, sentence] of rows) {
    it(sentence, () =>
      expect(
        opinionsAfter(looks)
          .map(({ state }) => LETTER[state])
          .join(''),
      ).toBe(states),
    )
  }

  it('notes the first fail as suspicion, and an outage starts there, not at the third fail', () => {
    const [, first, , third] = opinionsAfter('ok fail fail fail')
    expect(first).toMatchObject({ state: 'up', suspectSince: when(1), fails: 1 })
    expect(third).toMatchObject({ state: 'down', since: when(1), suspectSince: when(1), fails: 3 })
  })

  it('keeps the start of the outage whatever comes and goes before the rise', () => {
    expect(opinionAfter('ok fail fail fail ok fail fail fail fail')).toMatchObject({ state: 'down', since: when(1) })
  })

  it('forgets the suspicion at an ok and at a tainted fail', () => {
    expect(opinionAfter('ok fail ok')).toMatchObject({ suspectSince: null, fails: 0 })
    expect(opinionAfter('ok fail fail tainted-fail')).toMatchObject({ suspectSince: null, fails: 0 })
    expect(opinionAfter('ok fail fail tainted-fail fail fail fail')).toMatchObject({ state: 'down', since: when(4) })
  })

  it('is up since the first of the oks that made it so', () => {
    expect(opinionAfter('fail fail fail ok ok')).toMatchObject({ state: 'up', since: when(3) })
    expect(opinionAfter('ok ok ok')).toMatchObject({ state: 'up', since: when(0), lastGood: when(2) })
  })

  it('is unknown since the look that learnt nothing', () => {
    expect(opinionAfter('ok ok blind-fail blind-fail')).toMatchObject({ state: 'unknown', since: when(2), known: 'up' })
  })

  it('says why', () => {
    expect(opinionAfter('ok fail')).toMatchObject({ reason: 'refused', note: 'refused' })
    expect(opinionAfter('ok blind-fail').reason).toBe('offline')
    expect(opinionAfter('ok open-fail').reason).toBe('offline')
    expect(opinionAfter('ok closed-fail').reason).toBe('blocked')
    expect(opinionAfter('ok expired?').reason).toBe('clock')
    expect(opinionAfter('ok auth').reason).toBe('auth')
    expect(opinionAfter('slow').reason).toBe('slow')
    expect(opinionAfter('busy').reason).toBeNull()
    expect(opinionAfter('fail ok').reason).toBeNull()
  })

  it('says that the resolver is at fault when no address came of it', () => {
    const [seen] = lookAt('fail', START)
    const unresolved = { ...seen, via: { dns: true, family: null, port: null } }
    expect(judge(noOpinion(START), unresolved, RULE, BAD).reason).toBe('resolver')
  })

  it('remembers whether the path was good at the last fail', () => {
    expect(opinionAfter('ok fail nopath').path).toBe(false)
    expect(opinionAfter('ok nopath fail').path).toBe(true)
  })

  it('knows no slow where the kind knows none', () => {
    expect(opinionAfter('slow slow slow slow slow slow', { ...RULE, slow: null }).state).toBe('up')
  })

  it('follows the rule of its check', () => {
    expect(opinionAfter('ok fail', { ...RULE, fall: 1 }).state).toBe('down')
    expect(opinionAfter('fail ok', { ...RULE, fall: 1, rise: 1 }).state).toBe('up')
    expect(opinionAfter('ok fail fail fail fail', { ...RULE, fall: 5 }).state).toBe('up')
  })
})

describe('what time does to an opinion', () => {
  const up = opinionAfter('ok')
  const old = START + 3 * MINUTE
  const rows: readonly (readonly [Opinion, number | null, number, Opinion['state'], string])[] = [
    [up, null, old, 'up', 'it holds for three intervals'],
    [up, null, old + 1, 'unknown', 'no look younger than three intervals is unknown, never the last green'],
    [opinionAfter('fail fail fail'), null, START + HOUR, 'unknown', 'an old red is no better than an old green'],
    [up, START + SECOND, START + 2 * SECOND, 'unknown', 'our own fault makes it unknown'],
    [noOpinion(START), START, START + HOUR, 'unknown', 'never looked at stays unknown'],
  ]
  for (const [opinion, blindSince, now, state, sentence] of rows) {
    it(sentence, () => expect(age(opinion, RULE, blindSince, now).state).toBe(state))
  }

  it('nothing is too old while the next look is coming, unless our line is bad', () => {
    expect(age(up, RULE, null, START + HOUR, true)).toBe(up)
    expect(age(up, RULE, START + SECOND, START + HOUR, true).state).toBe('unknown')
  })

  it('unknown begins when the look got too old, or the line bad', () => {
    expect(age(up, RULE, null, START + HOUR)).toMatchObject({ since: old, known: 'up', reason: null })
    expect(age(up, RULE, START + 7, START + HOUR)).toMatchObject({ since: START + 7, reason: 'offline' })
  })

  it('says that the resolver is at fault when the last look came to no address', () => {
    const unresolved = { ...up, via: { dns: true, family: null, port: null } } as const
    expect(age(unresolved, RULE, START + 7, START + HOUR).reason).toBe('resolver')
  })

  it('the path counts as good before the first fail', () => expect(noOpinion(START).path).toBe(true))

  it('a blind moment resets the count and the suspicion', () => {
    expect(age(opinionAfter('ok fail fail'), RULE, START + HOUR, START + HOUR)).toMatchObject({
      fails: 0,
      suspectSince: null,
    })
  })

  it('what was down before is remembered, so that its way back is the same', () => {
    const aged = age(opinionAfter('fail fail fail'), RULE, START + MINUTE, START + MINUTE)
    expect(aged.known).toBe('down')
    expect(opinionsAfter('ok ok', RULE, aged).map(({ state }) => state)).toEqual(['unknown', 'up'])
  })

  it('an opinion that nothing happened to is the same object', () => {
    expect(age(up, RULE, null, START + SECOND)).toBe(up)
  })
})

describe('an opinion that moved', () => {
  const moved = (before: string, after: string) => {
    const [from, to] = [opinionAfter(before), opinionAfter(after)]
    return [hasMoved(from, to, 8), isNews(from, to)]
  }
  const rows: readonly (readonly [string, string, boolean, boolean, string])[] = [
    ['ok', 'ok ok', false, false, 'is not one that was seen again'],
    ['ok', 'ok fail', true, true, 'is one that begins to doubt'],
    ['ok blind-fail', 'ok closed-fail', true, false, 'for another reason is news to nobody else'],
    ['fail fail fail', 'fail fail fail fail', true, false, 'is one more fail of an outage, which can wait'],
  ]
  for (const [before, after, shown, told, sentence] of rows)
    it(sentence, () => expect(moved(before, after)).toEqual([shown, told]))
})

describe('how soon the next look is', () => {
  const rows: readonly (readonly [string, number, string])[] = [
    ['ok', RULE.every, 'is `every` while all is well'],
    ['slow slow slow slow slow', RULE.every, 'is `every` while degraded'],
    ['ok fail', RULE.retry, 'is `retry` after the first fail'],
    ['fail fail fail', RULE.retry, 'is `retry` while down'],
    ['fail fail fail ok', RULE.retry, 'is `retry` on the way up'],
    ['ok blind-fail', RULE.retry, 'is `retry` while unknown'],
  ]
  for (const [looks, pace, sentence] of rows)
    it(sentence, () => expect(nextLookIn(opinionAfter(looks), RULE)).toBe(pace))

  it('is `retry` until there is an opinion', () => expect(nextLookIn(noOpinion(START), RULE)).toBe(RULE.retry))
  it('is never longer than `every`', () => {
    expect(nextLookIn(opinionAfter('fail'), { ...RULE, every: 5 * SECOND })).toBe(5 * SECOND)
  })
})

describe('both families of a check', () => {
  const up = opinionAfter('ok')
  const down = opinionAfter('ok fail fail fail')
  const slow = opinionAfter('slow slow slow slow slow')
  const blind = opinionAfter('ok blind-fail')
  const never = noOpinion(START)
  const rows: readonly (readonly [Opinion, Opinion, Opinion['state'], string])[] = [
    [up, up, 'up', 'both up is up'],
    [up, down, 'degraded', 'IPv6 down alone is degraded'],
    [down, up, 'degraded', 'IPv4 down alone is degraded'],
    [down, down, 'down', 'both down is down'],
    [slow, up, 'degraded', 'one slow is degraded'],
    [up, slow, 'degraded', 'the other slow is degraded'],
    [slow, down, 'degraded', 'slow beside down is degraded'],
    [up, never, 'up', 'IPv6 that cannot be measured has no say: up'],
    [down, never, 'down', 'IPv6 that cannot be measured has no say: down'],
    [down, blind, 'down', 'IPv6 that cannot be measured any more has no say: down'],
    [never, up, 'up', 'IPv4 that cannot be measured has no say: up'],
    [never, down, 'down', 'IPv6 down where IPv4 was never known is down'],
    [opinionAfter('fail fail fail blind-fail'), down, 'down', 'IPv6 down where IPv4 was down is down'],
    [blind, down, 'unknown', 'IPv6 down beside an IPv4 that our line hides is not red'],
    [blind, never, 'unknown', 'nothing known of either is unknown'],
  ]
  for (const [four, six, state, sentence] of rows) it(sentence, () => expect(joinFamilies(four, six).state).toBe(state))

  it('one family down alone is named, with its reason and since when', () => {
    const joined = joinFamilies(up, down)
    expect(joined).toMatchObject({ reason: 'refused', since: when(1), fails: 0 })
    expect(joined.note).toMatch(/^IPv6: /)
    expect(joinFamilies(down, up).note).toMatch(/^IPv4: /)
  })

  it('one family alone is down since the other came back, where that was later', () => {
    const back = { ...up, since: when(9) }
    expect([joinFamilies(down, back).since, joinFamilies(back, down).since]).toEqual([when(9), when(9)])
  })

  it('well over both it says what was seen last, of two alike what IPv4 saw', () => {
    const [fourth, sixth] = [opinionAfter('ok'), opinionAfter('ok ok')]
    expect(joinFamilies(fourth, sixth)).toBe(sixth)
    expect(joinFamilies(sixth, fourth)).toBe(sixth)
    const same = { ...fourth }
    expect(joinFamilies(fourth, same)).toBe(fourth)
  })

  it('both are down since the second of them, and as surely as the less sure', () => {
    const later = opinionAfter('ok ok ok fail fail fail fail fail')
    expect(joinFamilies(down, later)).toMatchObject({ since: when(3), suspectSince: when(3), fails: 3 })
    expect(joinFamilies(later, down)).toMatchObject({ since: when(3), suspectSince: when(3), fails: 3 })
  })
})
