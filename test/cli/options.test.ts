import { expect, test } from 'vitest'
import { optionsFrom, readArguments } from '../../src/cli/options.ts'

test('Options may stand anywhere, with a space or an equals sign.', () => {
  const { words, given, wrong } = readArguments(['--data', 'd', 'check', '--json', 'mail', '--checks=c', 'xmpp'])
  expect({ words, given: Object.fromEntries(given), wrong }).toEqual({
    words: ['check', 'mail', 'xmpp'],
    given: { data: 'd', json: '', checks: 'c' },
    wrong: null,
  })
})

test('After -- everything is a word.', () => {
  expect(readArguments(['check', '--', '--json']).words).toEqual(['check', '--json'])
})

test('Of an option given twice the last counts.', () => {
  expect(readArguments(['--data', 'a', '--data', 'b']).given.get('data')).toBe('b')
})

test('What isn’t given comes from the environment, then from the default.', () => {
  const environment = { VIGIE_DATA: '/srv/data', VIGIE_SITE: '', VIGIE_CHECKS: '/srv/checks' }
  expect(optionsFrom(new Map([['checks', 'mine']]), environment)).toMatchObject({
    checks: 'mine',
    data: '/srv/data',
    site: undefined,
    listen: undefined,
    help: false,
    json: false,
    watch: false,
    csv: false,
    realPace: false,
    given: new Map([['checks', 'mine']]),
  })
  expect(optionsFrom(new Map(), {})).toMatchObject({ checks: 'checks', data: 'data' })
})
