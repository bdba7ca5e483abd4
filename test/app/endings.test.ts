// Since when an outage is over, for letters that go out late.
import { expect, it } from 'vitest'
import { createEndings } from '../../src/app/mailing.ts'
import type { Statement } from '../../src/core/ledger/statement.ts'
import type { ServiceKnown } from '../../src/core/verdict/known.ts'

const NOON = Date.UTC(2026, 10, 23, 12)

it('an outage that is over is known to be, also once others of its service came after it', () => {
  let seq = 0
  const say = (type: string, payload: object): Statement => ({
    ...{ origin: 'home', seq: ++seq, hlc: { at: NOON + seq, count: 0 }, seen: {} },
    type,
    payload: { service: 'web', audience: 'members', ...payload },
  })
  let tell: (news: readonly Statement[]) => void = () => {}
  const services = new Map<string, ServiceKnown>()
  const open = (id: string) =>
    services.set('web', { outages: { members: { id }, admins: null } } as unknown as ServiceKnown)
  const ended = createEndings(
    { services },
    {
      statements: () => [
        say('outage.open', { id: 'web-1', since: NOON }),
        say('outage.close', { id: 'web-1', since: NOON, ended: NOON + 1 }),
      ],
      onNews: (listener) => {
        tell = listener
        return () => {}
      },
    },
  )
  open('web-2')
  tell([say('outage.open', { id: 'web-2', since: NOON + 2 })])
  expect([ended('web-1'), ended('web-2')]).toEqual([NOON + 1, null])
  tell([{ ...say('outage.close', { id: 'web-2', since: NOON + 2, ended: NOON + 3 }), origin: 'offsite', seq: 1 }])
  expect(ended('web-2')).toBe(null)
  open('web-3')
  expect([ended('web-1'), ended('web-2'), ended('web-3')]).toEqual([NOON + 1, NOON + 3, null])
})
