import { expect, it } from 'vitest'
import { writeMessage } from '../../../src/core/letter/message.ts'
import { MINUTE } from '../../../src/core/time/time.ts'
import type { Letter } from '../../../src/core/verdict/letter.ts'
import { files, host, mail, NEWS, START } from '../letters.ts'
import { configurationOf } from '../policy.ts'

const TO = 'admins@elsewhere.example'
const configuration = configurationOf([], {
  name: { fr: 'Nomagie', en: 'Nomagic' },
  languages: ['en'],
  alerts: [{ email: TO, on: ['down', 'up'] }],
})

const thread = host.outage
const fell: Letter = { key: `${thread}:down`, event: 'down', thread, at: START, news: NEWS.parent! }
const end = START + 30 * MINUTE
const over: Letter = {
  ...{ key: `${thread}:up`, event: 'up', thread, at: end },
  news: { kind: 'up', over: [{ affected: host, until: end }] },
}

it.each([
  ['all of which are over', [mail, files], 'What depended on it works again, too.'],
  [
    'one of which is open',
    [mail],
    'What depended on it should follow; a mail of its own will tell of what stays down.',
  ],
] as const)('the end of a parent tells of its children, %s', (_, ended, words) => {
  const circumstances = {
    configuration: () => configuration,
    ended: (outage: string) => (ended.some((one) => one.outage === outage) ? end : null),
    acknowledge: () => null,
  }
  const { body } = writeMessage(over, TO, { at: START + MINUTE, letter: fell }, circumstances, end + MINUTE)
  expect(body.replaceAll('\n', ' ')).toContain(words)
  expect(writeMessage(fell, TO, null, circumstances, START + MINUTE).body).not.toContain('depended on it')
  expect(writeMessage(fell, TO, null, circumstances, START + MINUTE).subject).toMatch(/^\[Nomagic\] /)
})

it('the end of one of several that one mail told of says nothing of what hung on any of them', () => {
  const circumstances = { configuration: () => configuration, ended: () => end, acknowledge: () => null }
  const news = fell.news as Extract<Letter['news'], { readonly kind: 'down' }>
  const several = { ...fell, news: { ...news, affected: [...news.affected, mail] } }
  const { body } = writeMessage(over, TO, { at: START + MINUTE, letter: several }, circumstances, end + MINUTE)
  expect(body).not.toContain('depended on it')
})
