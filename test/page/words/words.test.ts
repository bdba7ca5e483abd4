import { describe, expect, test } from 'vitest'
import { REASONS } from '../../../src/core/reason-words.ts'
import { LANGUAGES, list } from '../../../src/core/text.ts'
import {
  CERTAINTY,
  type Certainty,
  CONDITIONS,
  layerName,
  layerNames,
  TITLES,
  typeset,
  wordThen,
} from '../../../src/page/words/words.ts'

describe('words', () => {
  test.each([
    ['conditions', CONDITIONS],
    ['reasons', REASONS],
    ['titles', TITLES],
  ])('%s are there in every language, each different from the others', (_name, table) => {
    for (const language of LANGUAGES) {
      const texts = Object.values<string>(table[language])
      expect(texts.every((text) => text.length > 2)).toBe(true)
      expect(new Set(texts).size).toBe(texts.length)
    }
    expect(Object.keys(table.fr)).toEqual(Object.keys(table.en))
  })

  test('of one language are never those of the other', () => {
    for (const key of Object.keys(REASONS.fr) as (keyof typeof REASONS.fr)[])
      expect(REASONS.fr[key]).not.toBe(REASONS.en[key])
  })

  test('leave no place for a line break before French punctuation', () => {
    expect(typeset('« en panne » : oui ; non ?', 'fr')).toBe('«\u00a0en panne\u00a0»\u00a0: oui\u00a0; non\u00a0?')
    expect(typeset('a : b', 'en')).toBe('a : b')
  })

  test('of a moment that is over say when that was', () => {
    expect(wordThen('En panne', '14:12', 'fr')).toBe('À 14:12\u00a0: en panne')
    expect(wordThen('Slow', '14:12', 'en')).toBe('At 14:12: slow')
  })

  test('keep together what a hyphen joins', () => {
    expect(typeset('écrivez-nous, essayez-les, rendez-vous', 'fr')).toBe(
      'écrivez\u2011nous, essayez\u2011les, rendez-vous',
    )
  })

  test('make lists', () => {
    expect([list([], 'fr'), list(['A'], 'fr'), list(['A', 'B'], 'fr'), list(['A', 'B', 'C'], 'en')]).toEqual([
      '',
      'A',
      'A et B',
      'A, B and C',
    ])
  })

  test('name the parts of our own line', () => {
    expect(layerName('dns', 'fr')).toBe('recherche d’adresses')
    expect(layerName('port:25', 'en')).toBe('port 25')
    expect(layerNames(['dns', 'v4'], 'fr')).toBe('accès à internet')
    expect(layerNames(['dns', 'port:25'], 'en')).toBe('address lookup, port 25')
  })
})

const SURE: Certainty = {
  note: 'confirmed',
  confirmed: 2,
  of: 2,
  places: ['Grenoble', 'Paris'],
  against: [],
  state: 'up',
  fresh: false,
}

const CERTAINTIES: readonly (readonly [Partial<Certainty>, string, string])[] = [
  [{}, 'constaté depuis 2 endroits sur 2 (Grenoble et Paris)', 'seen from 2 of 2 places (Grenoble and Paris)'],
  [
    { note: 'one_site', confirmed: 1, of: 1, places: ['Grenoble'] },
    'constaté depuis un seul endroit (Grenoble)',
    'seen from one place only (Grenoble)',
  ],
  [
    { note: 'one_site', confirmed: 1, places: ['Paris'] },
    'constaté depuis 1 endroit sur 2 (Paris)',
    'seen from 1 of 2 places (Paris)',
  ],
  [
    { note: 'disagree', places: ['Paris'], against: ['Grenoble'] },
    'joignable depuis Paris, pas depuis Grenoble',
    'reachable from Paris, not from Grenoble',
  ],
  [{ note: 'verifying' }, 'en cours de vérification', 'being verified'],
  [
    { note: 'road', state: 'partial', places: ['Grenoble'] },
    'injoignable depuis Grenoble ; cause non confirmée, peut-être la liaison entre nous et lui',
    'unreachable from Grenoble; cause not confirmed, maybe the connection to it',
  ],
  [
    { note: 'road', places: ['Paris'], against: ['Grenoble'] },
    'joignable depuis Paris ; la liaison depuis Grenoble est en cause',
    'reachable from Paris; the connection from Grenoble is at fault',
  ],
  [{ places: [] }, 'constaté depuis 2 endroits sur 2', 'seen from 2 of 2 places'],
  [
    { note: 'one_site', confirmed: 1, of: 1, places: [] },
    'constaté depuis un seul endroit',
    'seen from one place only',
  ],
  [{ note: 'disagree', places: [] }, 'joignable depuis certains endroits', 'reachable from some places'],
  [
    { note: 'road', state: 'partial', places: [] },
    'injoignable d’ici ; cause non confirmée, peut-être la liaison entre nous et lui',
    'unreachable from here; cause not confirmed, maybe the connection to it',
  ],
  [
    { note: 'road', places: [] },
    'joignable ; la liaison depuis un autre endroit est en cause',
    'reachable; the connection from another place is at fault',
  ],
  [{ note: 'frozen', state: 'unknown' }, 'notre propre ligne est en cause', 'our own line is at fault'],
  [
    { note: 'frozen' },
    'dernier état connu, notre propre ligne est en cause',
    'last known state, our own line is at fault',
  ],
  [{ note: 'none', fresh: true }, 'première vérification en cours', 'first check under way'],
  [{ note: 'none' }, 'impossible à dire pour l’instant', 'nobody can tell for now'],
]

test.each(CERTAINTIES)('how sure we are is said in words: %j', (changes, fr, en) => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ')
  expect(plain(CERTAINTY.fr({ ...SURE, ...changes }))).toBe(fr)
  expect(plain(CERTAINTY.en({ ...SURE, ...changes }))).toBe(en)
})
