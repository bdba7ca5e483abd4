// Taking a template into the form of a new incident: it fills what nobody wrote, and loses nothing that somebody did.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Admin, becomeAdmin, type Fields, plain, type Seen } from './caller.ts'
import { formsIn } from './forms-in.ts'
import { type House, openHouse } from './house.ts'

const SLOW = `title: { fr: "{services} : au ralenti", en: "{services}: slow" }
text: { fr: "{services} : cela marche, mais lentement.", en: "{services}: it works, but slowly." }
impact: none
`
const HOST = `title: { fr: "Hébergeur en panne", en: "Provider down" }
text: { fr: "Rien ne répond.", en: "Nothing answers." }
status: monitoring
impact: critical
services: [mail, web]
`
const NEW = '/admin/incidents/new'

const OVER = `title: { fr: "Tout est revenu" }
text: { fr: "C’est fini." }
status: resolved
`

let house: House
let ana: Admin
beforeAll(async () => {
  house = await openHouse({
    files: { 'templates/slow.yaml': SLOW, 'templates/host.yaml': HOST, 'templates/over.yaml': OVER },
  })
  ana = await becomeAdmin(house, 'ana')
})
afterAll(() => house.close())

function formOf({ body }: Seen) {
  return formsIn(body).find(({ action }) => action === NEW)!
}

/** Sends the form as it stands with these fields put in, by the button that takes a template. */
async function take(from: Seen, fields: Fields): Promise<Seen> {
  const { hidden, fields: standing } = formOf(from)
  return ana.post(`${NEW}/fill`, { ...hidden, ...standing, ...fields })
}

it('begins without one', async () => {
  const { fields, html } = formOf(await ana.get(NEW))
  expect(fields.template).toBe('')
  expect(html).toContain('<option value="">Sans modèle</option>')
  expect(html).toContain('formaction="/admin/incidents/new/fill"')
})

it('publishes by the button that Enter presses, the first of the form', async () => {
  const { html } = formOf(await ana.get(NEW))
  expect(/<button[^>]*>[^<]*/.exec(html)![0]).toMatch(/^<button (?!.*formaction).*>Publier$/)
})

it('leads to the form whoever comes back to where a template was taken', async () => {
  expect((await ana.get(`${NEW}/fill`)).to).toBe(NEW)
})

it('says that there is none, when none was chosen', async () => {
  const page = plain((await take(await ana.get(NEW), { 'title.fr': 'Mon titre' })).body)
  expect(page).toMatch(/Sans modèle.: il ne reste que ce que vous avez écrit\. Rien n’est encore publié\./)
  expect(page).not.toContain('Le modèle est repris')
})

it('fills what is empty, for the services that are ticked, and keeps all that was written and chosen', async () => {
  const written = { 'title.fr': 'Mon titre', 'text.en': 'My words', services: ['mail'], status: 'identified' }
  const taken = await take(await ana.get(NEW), {
    ...written,
    template: 'slow',
    started: '14:02',
    raises: 'partial_outage',
  })
  expect(taken.status).toBe(200)
  expect(taken.body).toContain('Le modèle est repris là où vous n’aviez rien écrit. Rien n’est encore publié.')
  expect(formOf(taken).fields).toMatchObject({
    ...written,
    'title.en': 'E-mail: slow',
    'text.fr': 'Courriel : cela marche, mais lentement.',
    template: 'slow',
    impact: 'none',
    started: '14:02',
    raises: 'partial_outage',
  })
  expect(house.board.incidents()).toEqual([])

  const other = await take(taken, { template: 'host' })
  expect(formOf(other).fields).toMatchObject({
    ...written,
    'title.en': 'Provider down',
    'text.fr': 'Rien ne répond.',
    impact: 'critical',
  })
  const none = await take(other, { template: '', impact: 'major' })
  expect(formOf(none).fields).toMatchObject({
    ...written,
    'title.en': '',
    'text.fr': '',
    impact: 'major',
    template: '',
  })
})

it('ticks the services of the template where none was ticked, and fills in anew when others are', async () => {
  const host = await take(await ana.get(NEW), { template: 'host' })
  expect(formOf(host).fields).toMatchObject({ services: ['mail', 'web'], status: 'monitoring' })
  const slow = await take(await ana.get(`${NEW}?service=mail`), { template: 'slow' })
  expect(formOf(slow).fields).toMatchObject({ 'title.fr': 'Courriel : au ralenti', status: 'investigating' })
  const both = await take(slow, { services: ['mail', 'web'], 'title.en': 'Mine' })
  expect(formOf(both).fields).toMatchObject({ 'title.fr': 'Nos services : au ralenti', 'title.en': 'Mine' })
})

it('keeps the choice, and what it had put there, in a form that is refused', async () => {
  const taken = await take(await ana.get(NEW), { template: 'slow', 'title.fr': 'Mon titre' })
  const { hidden, fields } = formOf(taken)
  const refused = await ana.post(NEW, { ...hidden, ...fields, started: 'demain' })
  expect([refused.status, formOf(refused).fields.template]).toEqual([422, 'slow'])
  const again = formOf(await take(refused, { template: 'host' })).fields
  expect(again).toMatchObject({ 'title.fr': 'Mon titre', 'title.en': 'Provider down' })
  const sent = await ana.post(NEW, { ...formOf(taken).hidden, ...fields })
  expect(sent.to).toMatch(/^\/admin\/incidents\/[a-z0-9]{12}\?done=published$/)
  expect(plain((await ana.get(sent.to!)).body)).toContain('Mon titre')
})

it('names a template in the address, too', async () => {
  const { fields } = formOf(await ana.get(`${NEW}?template=slow&service=web`))
  expect(fields).toMatchObject({ template: 'slow', 'title.fr': 'Site web : au ralenti', services: ['web'] })
  expect(formOf(await ana.get(`${NEW}?template=host`)).fields.status).toBe('monitoring')
  const over = formOf(await ana.get(`${NEW}?template=over`))
  expect([over.fields.status, over.hidden['put.status']]).toEqual(['investigating', 'investigating'])
})
