// `/admin/`: what is wrong, what work goes on, how the copies of the page stand.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { CopyState } from '../../../src/core/shown/copy.ts'
import { DAY, HOUR } from '../../../src/core/time/time.ts'
import { nothingKnownOf } from '../../../src/core/verdict/known.ts'
import { becomeAdmin } from './caller.ts'
import { type House, openHouse } from './house.ts'

let house: House
afterEach(() => house.close())

it('shows when each copy was last made, and why the last try failed', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  expect((await ana.get('/admin/')).body).not.toContain('Copies de la page')
  const at = new Date().toISOString()
  const good: CopyState = { to: '/srv/status', at, fault: null, took_ms: 12, good: at }
  const bad: CopyState = {
    ...good,
    to: 'rsync+ssh://page@b.test/srv/<status>',
    fault: 'Permission denied (publickey).',
  }
  writeFileSync(join(house.data, 'copies.json'), JSON.stringify([good, bad, { ...bad, to: '/mnt/usb', good: null }]))
  const { body } = await ana.get('/admin/')
  expect(body).toMatch(/\/srv\/status : faite à \d\d:\d\d/)
  expect(body).toMatch(
    /srv\/&lt;status&gt; : faite pour la dernière fois à \d\d:\d\d\. Dernier essai : Permission denied/,
  )
  expect(body).toContain('/mnt/usb : jamais faite. Dernier essai : Permission denied (publickey).')
})

/** What one site agreed with itself about a check. */
function agree(check: string, state: 'up' | 'down') {
  const at = Date.now()
  const known = nothingKnownOf(house.memory.checkById.get(check)!, at)
  const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' } as const
  const agreement = { state, since: at, reason: null, confidence, rule: '1', disagreeSince: null }
  house.memory.know(check, { ...known, agreement })
}

it('tells of a service for admins what its checks say, and offers no incident that nobody would see', async () => {
  const copies = 'service: { fr: Sauvegardes, en: Backups }\naudience: admins\nchecks:\n  - heartbeat: 24h\n'
  house = await openHouse({ files: { 'copies.yaml': copies } })
  const ana = await becomeAdmin(house, 'ana')
  agree('copies.heartbeat', 'up')
  expect((await ana.get('/admin/')).body).not.toContain('Sauvegardes')
  expect((await ana.get('/admin/checks/')).body).toMatch(
    /Sauvegardes[\s\S]{0,300}is-operational|is-operational[\s\S]{0,300}Sauvegardes/,
  )
  agree('copies.heartbeat', 'down')
  const { body } = await ana.get('/admin/')
  expect(body).toContain('Sauvegardes')
  expect(body).not.toContain('service=copies')
  const told = { title: 'Copie', text: 'Oui.', services: ['copies'] }
  const opened = house.post.incident.open(told, { by: 'ana', key: null })
  const one = 'done' in opened ? opened.done.id : ''
  for (const page of ['', 'incidents/', `incidents/${one}`])
    expect((await ana.get(`/admin/${page}`)).body).toContain('On cherche (pas sur la page)')
  for (const form of ['incidents', 'maintenance'])
    expect((await ana.get(`/admin/${form}/new`)).body).toContain('Sauvegardes (pas sur la page)</label>')
})

it('asks in different words for an incident about what is wrong and for another one', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const links = async () => (await ana.get('/admin/')).body.match(/Ouvrir un[^<]*/g)
  const known = house.memory.services.get('mail')!
  for (const id of ['web', 'mail']) house.memory.knowService(id, { ...known, status: 'operational' })
  expect(await links()).toEqual(['Ouvrir un incident'])
  house.memory.knowService('mail', { ...known, status: 'major_outage' })
  expect(await links()).toEqual(['Ouvrir un incident : Courriel', 'Ouvrir un autre incident'])
})

it('lists work that goes on or comes within a week', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  expect((await ana.get('/admin/')).body).not.toContain('Maintenance en cours ou prévue')
  const plan = (title: string, days: number) => {
    const begins = new Date(Date.now() + days * DAY).toISOString()
    const ends = new Date(Date.now() + days * DAY + HOUR).toISOString()
    const planned = { title, text: 'Oui.', services: ['web'], begins, ends }
    expect(house.post.maintenance.plan(planned, { by: 'ana', key: null })).toHaveProperty('done')
  }
  plan('Mise à jour', 2)
  plan('Déménagement', 30)
  const { body } = await ana.get('/admin/')
  expect(body).toMatch(/Maintenance en cours ou prévue[\s\S]*Mise à jour<\/b><\/a> · Prévue/)
  expect(body).not.toContain('Déménagement')
})

it('says in the journal whether an incident or a message of it was taken back', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const from = { by: 'ana', key: null } as const
  const opened = house.post.incident.open({ title: 'Panne', text: 'Oui.', services: ['web'] }, from)
  if (!('done' in opened)) throw new Error('not opened')
  const { id } = opened.done
  house.post.incident.update(id, { text: 'Non.' }, from)
  house.post.incident.retract(id, house.board.incident(id)!.updates.at(-1)!.id, from)
  expect((await ana.get('/admin/journal/')).body).toContain('retire un message de l’incident')
  house.post.incident.retract(id, null, from)
  expect((await ana.get('/admin/journal/')).body).toContain('retire l’incident')
})

it('shows what a job said with its last ping, as text', async () => {
  const copies = 'service: { fr: Sauvegardes, en: Backups }\naudience: admins\nchecks:\n  - heartbeat: 24h\n'
  house = await openHouse({ files: { 'copies.yaml': copies } })
  const ana = await becomeAdmin(house, 'ana')
  const page = async () => (await ana.get('/admin/checks/copies.heartbeat')).body
  expect(await page()).not.toContain('Ce que la tâche a dit')
  house.pings.set('copies.heartbeat', { at: Date.now(), kind: 'fail', exit: 23, body: 'disk <b>full</b>\nsorry' })
  const body = await page()
  expect(body).toContain('Ce que la tâche a dit')
  expect(body).toContain('code de sortie 23')
  expect(body).toContain('<pre>disk &lt;b&gt;full&lt;/b&gt;\nsorry</pre>')
})
