// One recovery code, two sites that don't hear each other: both take it, and one of them tells admins once.
import { expect, it } from 'vitest'
import { createReuseWatch } from '../../src/access/reuse.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import { createFolk, type Folk, PASSWORD } from './folk.ts'

it('is accepted on both and reported once, by the site of the second login', async () => {
  const home = createFolk()
  const { codes } = await home.enrol('ana')
  const offsite = createFolk()
  offsite.told.push(...home.told)
  offsite.access.learn()
  const letters: string[] = []
  const watch = ({ access, at }: Folk, site: string) =>
    createReuseWatch({
      known: access.known,
      siteOf: (mark) => mark.slice(0, mark.indexOf(':')),
      site: () => site,
      write: ({ event, news }: Letter) => letters.push(`${site} ${event} ${news.kind === 'self' ? news.note : ''}`),
      now: () => at,
    })
  const watches = [watch(home, 'home'), watch(offsite, 'offsite')]
  const login = { name: 'ana', password: PASSWORD, code: codes[0]!, address: '192.0.2.1' }
  const shared = home.told.length
  for (const { access } of [home, offsite]) expect(await access.login(login)).toHaveProperty('account')

  const there = offsite.told.splice(shared).map((one, at) => ({ ...one, mark: `offsite:${at + 1}` }))
  const everything = [...home.told, ...there]
  for (const folk of [home, offsite]) {
    folk.told.splice(0, Infinity, ...everything)
    folk.access.learn()
  }
  for (const { look } of [...watches, ...watches]) look()
  expect(letters).toEqual([
    'offsite self ana logged in with one recovery code on home and on offsite, which did not hear each other',
  ])
  expect(await home.access.login(login)).toEqual({ fault: 'wrong' })
  // Whoever starts later was told before.
  watch(offsite, 'offsite').look()
  expect(letters).toHaveLength(1)
})
