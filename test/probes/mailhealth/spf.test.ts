import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { examineSpf, isSpf, parseSpf } from '../../../src/probes/mailhealth/spf.ts'

type Zone = Readonly<Record<string, readonly string[] | null>>

const lookUp = (zone: Zone) => async (name: string, type: string) => {
  const found = zone[`${type} ${name}`]
  return found === undefined ? [] : found
}
const examine = (record: string, zone: Zone = {}) =>
  examineSpf('a.test', lookUp({ 'TXT a.test': ['other', record], 'MX a.test': ['10 mx'], 'A a.test': ['x'], ...zone }))

describe('an SPF record', () => {
  it.each([
    'v=spf1',
    'v=spf1 -all',
    'V=SPF1 A MX ~ALL',
    'v=spf1 a:h.test/24//64 mx/24 mx:h.test//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 include:b.test ?all',
    'v=spf1 exists:%{i}._spf.a.test ptr ptr:b.test redirect=b.test exp=why.a.test unknown=x',
    'v=spf1  a   -all ',
  ])('%s is understood', (text) => {
    expect(isSpf(text)).toBe(true)
    expect(parseSpf(text)).toHaveProperty('terms')
  })

  it.each([
    ['ip4:192.0.2.256', 'ip4:192.0.2.256'],
    ['ip4:192.0.2.0/33', 'ip4:192.0.2.0/33'],
    ['ip4', 'ip4'],
    ['ip6:192.0.2.1', 'ip6:192.0.2.1'],
    ['ip6:2001:db8::/129', 'ip6:2001:db8::/129'],
    ['include', 'include'],
    ['include:', 'include:'],
    ['a:', 'a:'],
    ['all:x', 'all:x'],
    ['mx/33', 'mx/33'],
    ['ipv4:192.0.2.1', 'ipv4:192.0.2.1'],
    ['redirect=a redirect=b', 'redirect'],
    ['-all;', '-all;'],
  ])('with %s is not', (term, wrong) => {
    expect(parseSpf(`v=spf1 ${term}`)).toEqual({ wrong })
  })

  it('is one only when it says so', () => {
    for (const text of ['v=spf10 -all', 'v=spf2.0/pra', 'spf1', ' v=spf1']) expect(isSpf(text), text).toBe(false)
  })

  it('is read whatever it says', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'a',
        'mx',
        'ip4:',
        'ip6:',
        '/',
        '//',
        '1',
        '::',
        'include:',
        'redirect=',
        '-all',
        '%{i}',
        '=',
        ':',
      ),
      fc.string({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const read = parseSpf(`v=spf1 ${words.join('')}`)
        expect('wrong' in read ? typeof read.wrong : Array.isArray(read.terms)).toBeTruthy()
      }),
      { numRuns: 1_000 },
    )
    const started = performance.now()
    parseSpf(`v=spf1 ${'a/'.repeat(30_000)}`)
    parseSpf(`v=spf1 ${' '.repeat(60_000)}`)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('what receivers mind of SPF', () => {
  const ten = Array.from({ length: 10 }, (_, at) => `a:h${at}.test`)
  const known = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`A h${at}.test`, ['192.0.2.1']]))
  const finds = 'SPF has more than 2 look-ups that find nothing: receivers give up'

  it.each<[string, Zone, readonly string[]]>([
    ['v=spf1 mx a -all', {}, []],
    ['v=spf1 +all', {}, ['SPF ends in +all: anybody may send in this name']],
    ['v=spf1 all', {}, ['SPF ends in +all: anybody may send in this name']],
    ['v=spf1 ip4:x -all', {}, ['SPF: "ip4:x" is not understood']],
    [`v=spf1 ${ten.join(' ')} -all`, known, []],
    [`v=spf1 ${ten.join(' ')} mx -all`, known, ['SPF needs more than 10 look-ups: receivers give up']],
    [
      `v=spf1 ${ten.slice(1).join(' ')} include:b.test -all`,
      { ...known, 'TXT b.test': ['v=spf1 mx:h0.test -all'] },
      ['SPF needs more than 10 look-ups: receivers give up'],
    ],
    [`v=spf1 ${ten.join(' ')} -all mx mx mx`, known, []],
    ['v=spf1 a:x.test a:y.test -all', {}, []],
    ['v=spf1 a:x.test mx:y.test exists:z.test -all', {}, [finds]],
    ['v=spf1 a:x.test a:y.test exists:%{i}.z.test -all', {}, []],
    ['v=spf1 include:b.test -all', {}, ['SPF of a.test leads to b.test, which has none']],
    [
      'v=spf1 include:b.test -all',
      { 'TXT b.test': ['v=spf1 +all'] },
      ['SPF of b.test ends in +all: anybody may send in this name'],
    ],
    [
      'v=spf1 include:b.test -all',
      { 'TXT b.test': ['v=spf1 a', 'v=spf1 mx'] },
      ['SPF of a.test leads to b.test, which has 2'],
    ],
    ['v=spf1 redirect=b.test', { 'TXT b.test': ['v=spf1 -all'] }, []],
    ['v=spf1 -all redirect=b.test', {}, []],
    ['v=spf1 include:a.test', {}, ['SPF needs more than 10 look-ups: receivers give up']],
  ])('%s', async (record, zone, findings) => {
    expect(await examine(record, zone)).toEqual(findings)
  })

  it('is also that there is none, or more than one', async () => {
    expect(await examineSpf('a.test', lookUp({}))).toEqual(['there is no SPF record'])
    const two = { 'TXT a.test': ['v=spf1 -all', 'v=spf1 a -all'] }
    expect(await examineSpf('a.test', lookUp(two))).toEqual(['there are 2 SPF records: receivers take that for none'])
  })

  it('is unknown where name servers say nothing', async () => {
    expect(await examineSpf('a.test', lookUp({ 'TXT a.test': null }))).toBeNull()
    expect(await examine('v=spf1 include:b.test -all', { 'TXT b.test': null })).toBeNull()
  })
})
