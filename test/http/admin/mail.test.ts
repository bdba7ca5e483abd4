// `/admin/mail/`: what went out, as it stood in the mailbox.
import { afterEach, expect, it } from 'vitest'
import { becomeAdmin } from './caller.ts'
import { type House, openHouse } from './house.ts'

let house: House
afterEach(() => house.close())

it('names a mail by its subject, also one about vigie itself', async () => {
  house = await openHouse()
  const at = Date.now()
  const key = `self:copy:git+ssh://copies.test:${at}`
  const news = { kind: 'self', what: 'page', note: 'git+ssh://copies.test: denied', remedy: 'Try it by hand.' } as const
  const letter = { key, event: 'self', thread: key, at, news } as const
  house.ledger.remember({ living: new Map(), letters: [{ letter, recipients: ['a@b.test'] }], entries: [] })
  const [waiting] = house.ledger.due(at)
  house.ledger.began(waiting!.id, at, 'smtp://relay.test:25')
  const { body } = await (await becomeAdmin(house, 'ana')).get('/admin/mail/')
  expect(body).toContain('[Essai] ')
  expect(body).not.toContain(key)
})
