// `/admin/`: what is wrong, what work goes on, how the copies of the page stand.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import type { CopyState } from '../../../src/core/shown/copy.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time/time.ts'
import type { Confidence } from '../../../src/core/verdict/agreement.ts'
import { nothingKnownOf, nothingKnownOfService } from '../../../src/core/verdict/known.ts'
import type { Outage } from '../../../src/core/verdict/outage.ts'
import type { State } from '../../../src/core/verdict/state.ts'
import { momentsOf } from '../../../src/page/words/page-moments.ts'
import { peerOf } from '../../core/peers.ts'
import { becomeAdmin, createCaller, PASSWORD, plain } from './caller.ts'
import { type House, openHouse } from './house.ts'

let house: House
afterEach(() => house.close())

it('shows when each copy was last made, and why the last try failed', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  expect((await ana.get('/admin/')).body).not.toContain('Copies de la page')
  const at = new Date().toISOString()
  const good: CopyState = { to: '/srv/status', at, fault: null, good: at, log: [] }
  const bad: CopyState = {
    ...good,
    to: 'rsync+ssh://page@b.test/srv/<status>',
    fault: 'Permission denied (publickey).',
    log: [
      { from: at, until: at, tries: 1, longest_ms: 12, fault: 'Permission <denied>' },
      { from: at, until: at, tries: 26, longest_ms: 12, fault: null },
    ],
  }
  writeFileSync(join(house.data, 'copies.json'), JSON.stringify([good, bad, { ...bad, to: '/mnt/usb', good: null }]))
  const { body } = await ana.get('/admin/')
  expect(body).toMatch(/\/srv\/status : faite à \d\d:\d\d/)
  expect(body).toMatch(
    /srv\/&lt;status&gt; : faite pour la dernière fois à \d\d:\d\d\. Dernier essai : Permission denied/,
  )
  expect(body).toContain('un échec : Permission &lt;denied&gt;</p>')
  expect(body).toMatch(/<p>(\d\d:\d\d) → \1 · faite 26 fois<\/p>/)
  expect(body).toContain('/mnt/usb : jamais faite. Dernier essai : Permission denied (publickey).')
})

it('says which other site is silent, but not of one that may still be starting', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const { when } = momentsOf('fr', 'Europe/Paris', Date.now())
  const since = Date.now() - 10 * 60_000
  house.peers.push(peerOf('offsite', {}, { since }))
  expect((await ana.get('/admin/')).body).toContain('Ligne, horloge et courriels vont bien.')
  house.peers.splice(0, 1, peerOf('offsite', {}, { heard: false, met: false, since: Date.now() - 5_000 }))
  expect((await ana.get('/admin/')).body).toContain('Ligne, horloge et courriels vont bien.')
  house.peers.splice(0, 1, peerOf('offsite', {}, { heard: false, met: true, since }))
  const { body } = await ana.get('/admin/')
  expect(body).toContain(`Le site offsite ne donne plus de nouvelles depuis ${when(since).replace(/^à /, '')}`)
  expect(body).not.toContain('vont bien')
})

/** What one site agreed with itself about a check. */
function agree(check: string, state: State, note: Confidence['note'] = 'one_site') {
  const at = Date.now()
  const known = nothingKnownOf(house.memory.checkById.get(check)!, at)
  const confidence = { confirmed: 1, of: 1, sites: ['home'], note }
  const agreement = { state, since: at, reason: null, confidence, rule: '1', disagreeSince: null }
  house.memory.know(check, { ...known, agreement })
}

it('tells in the list of checks what hinders one on our side', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const known = house.memory.checks.get('web.http')!
  const note = '127.0.0.1 is a private address; allow_private: true allows it'
  house.memory.know('web.http', { ...known, opinions: [{ ...known.opinions[0], reason: 'blocked', note }] })
  expect((await ana.get('/admin/checks/')).body).toMatch(
    new RegExp(`cette vérification est impossible d’ici\\s: ${note}`),
  )
})

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
    expect((await ana.get(`/admin/${page}`)).body).toContain('Nous cherchons la cause (pas sur la page)')
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

it('leads to the incident that is open about what is wrong, and warns of a second one', async () => {
  house = await openHouse({ files: HALL })
  const ana = await becomeAdmin(house, 'ana')
  house.memory.knowService('web', { ...nothingKnownOfService(Date.now()), status: 'operational' })
  fell('mail', 'host')
  fell('dates', 'host')
  fell('host', null)
  const open = (title: string, services: readonly string[]) => {
    const opened = house.post.incident.open({ title, text: 'Oui.', services }, { by: 'ana', key: null })
    if (!('done' in opened)) throw new Error(JSON.stringify(opened))
    return opened.done.id
  }
  open('Site web lent', ['web'])
  const ofMail = open('Courriel coupé', ['mail'])
  const links = async () =>
    [...(await ana.get('/admin/')).body.matchAll(/<a [^>]*href="([^"]*)">((?:Ouvrir un|Donner des)[^<]*)/g)].map(
      ([, href, label]) => [label, plain(href!)],
    )
  expect(await links()).toEqual([
    ['Donner des nouvelles : Courriel coupé', `/admin/incidents/${ofMail}`],
    ['Ouvrir un autre incident', '/admin/incidents/new'],
  ])
  const both = open('Serveur arrêté', ['host', 'mail'])
  expect((await links())[0]).toEqual(['Donner des nouvelles : Serveur arrêté', `/admin/incidents/${both}`])
  const [draft = ''] = (await ana.get('/admin/')).body.match(/<article[\s\S]*<\/article>/)!
  expect(draft).toMatch(/Un incident est déjà ouvert à ce sujet :[\s\S]*Serveur arrêté[\s\S]*Courriel coupé/)
  expect(draft).not.toContain('Site web lent')
  for (const id of [ofMail, both]) house.post.incident.update(id, { status: 'resolved' }, { by: 'ana', key: null })
  expect((await links())[0]).toEqual([
    'Ouvrir un incident : Serveur principal',
    '/admin/incidents/new?service=host&service=dates&service=mail',
  ])
})

it('says of a silenced service until when nobody is mailed, and does not say that a mail is on its way', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  for (const id of ['web', 'mail']) fell(id, null)
  const until = Math.floor(Date.now()) + HOUR
  const mute = { service: 'mail', muted: true, until, by: 'ana', at: Date.now() }
  house.board.say('mute', mute)
  const { body } = await ana.get('/admin/')
  const time = momentsOf('fr', 'Europe/Paris', Date.now()).until(until)
  const lines = Object.fromEntries(
    [...body.matchAll(/<li><b>([^<]*)<\/b> <span class="is-[\s\S]*?<p class="aside">([^<]*)/g)].map(
      ([, name, line]) => [name, line!.trim()],
    ),
  )
  expect(lines).toEqual({
    Courriel: `en silence ${time}, pas de courriel · personne n’a dit l’avoir vu`,
    'Site web': 'courriel pas encore parti · personne n’a dit l’avoir vu',
  })
  expect(body).toContain(`<li><a href="/admin/checks/mail.tcp">Courriel</a> · en silence ${time}, pas de courriel</li>`)
  expect(body).toContain('Ligne, horloge et courriels vont bien.')
  house.board.say('mute', { ...mute, muted: false, at: Date.now() + 1 })
  expect((await ana.get('/admin/')).body).not.toContain('en silence')
})

it('lists services to tick as the page does, what is down first, and names on its page what work is about', async () => {
  const files = {
    'a.yaml': 'service: Agenda\ngroup: docs\nchecks:\n  - tcp: a.test:1\n',
    'b.yaml': 'service: Sauvegardes\naudience: admins\nchecks:\n  - tcp: b.test:1\n',
    'c.yaml': 'service: Chat\ngroup: talk\nchecks:\n  - tcp: c.test:1\n',
  }
  house = await openHouse({ files, more: 'groups:\n  - talk: Parler\n  - docs: Documents\n' })
  const ana = await becomeAdmin(house, 'ana')
  const choices = async () =>
    [...(await ana.get('/admin/maintenance/new')).body.matchAll(/name="services" value="(\w+)"/g)].map(([, id]) => id)
  expect(await choices()).toEqual(['c', 'a', 'mail', 'web', 'b'])
  house.memory.knowService('a', { ...nothingKnownOfService(Date.now()), status: 'degraded_performance' })
  fell('web', null)
  expect(await choices()).toEqual(['web', 'a', 'c', 'mail', 'b'])

  const [begins, ends] = [DAY, DAY + HOUR].map((ahead) => new Date(Date.now() + ahead).toISOString())
  const work = { title: 'Mise à jour', text: 'Oui.', services: ['mail', 'c', 'b'], begins, ends }
  const planned = house.post.maintenance.plan(work, { by: 'ana', key: null })
  if (!('done' in planned)) throw new Error(JSON.stringify(planned))
  const { body } = await ana.get(`/admin/maintenance/${planned.done.id}`)
  expect(body).toMatch(
    /Services touchés\s: Chat · Courriel · Sauvegardes \(pas sur la page\) · <a href="\/fr\/maintenance\/">/,
  )
})

it('says until when something holds that outlasts the day', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const at = Math.floor(Date.now())
  house.board.say('mute', { service: 'web', muted: true, until: at + DAY, by: 'ana', at })
  const away = createCaller(house.url)
  await away.submit('/admin/login', '/admin/login', {
    name: 'ana',
    password: PASSWORD,
    code: ana.codes[0]!,
    trust: 'yes',
  })
  const pages = ['', 'checks/', 'checks/web.http', 'accounts/']
  const bodies = await Promise.all(pages.map(async (page) => (await away.get(`/admin/${page}`)).body))
  for (const body of bodies) {
    expect(body).toMatch(/jusqu’au \d{1,2}(er)? \S+ (\d{4} )?à \d\d:\d\d/)
    expect(body).not.toMatch(/jusqu’à le/)
  }
  const link = await ana.submit('/admin/accounts/', '/admin/accounts/invite', { name: 'zoe', password: PASSWORD })
  expect(link.body).toMatch(/<b>Valable jusqu’à \d\d:\d\d<\/b>|<b>Valable jusqu’au /)
})

const HALL = {
  'host.yaml': 'service: { fr: Serveur principal, en: Main server }\nchecks:\n  - tcp: host.test:22\n',
  'dates.yaml':
    'service: { fr: "Rendez-vous et sondages", en: "Dates and polls" }\nchecks:\n  - http: https://dates.test/\n',
}

/** Down for sure, by what explains it. */
function fell(service: string, cause: string | null) {
  const at = Date.now()
  const outage: Outage = {
    id: `${service}-1`,
    service,
    audience: 'members',
    since: at,
    opened: at,
    confirmed: true,
    confirmedAt: at,
    planned: false,
    checks: [],
    ended: null,
  }
  const known = nothingKnownOfService(at)
  house.memory.knowService(service, {
    ...known,
    status: 'major_outage',
    outages: { members: outage, admins: null },
    cause,
  })
}

it('folds services under the one that explains them, seen together with one tap and one letter', async () => {
  const alerts = 'mail: { from: vigie@asso.test, relays: [ "smtp://relay.test" ] }\nalerts: [ email: b@asso.test ]\n'
  house = await openHouse({ files: HALL, more: alerts })
  const ana = await becomeAdmin(house, 'ana')
  house.memory.knowService('web', { ...nothingKnownOfService(Date.now()), status: 'operational' })
  for (const child of ['dates', 'mail']) fell(child, 'host')
  fell('host', null)
  const { body } = await ana.get('/admin/')
  expect(body.match(/<button>J’ai vu/g)).toHaveLength(1)
  expect(body).toContain('J’ai vu (3 services)')
  expect(body).toMatch(
    /<b>Serveur principal<\/b>[\s\S]*Également en panne : <bdi>Rendez-vous et sondages<\/bdi> · <bdi>Courriel/,
  )
  expect(body.match(/Ouvrir un[^<]*/g)).toEqual(['Ouvrir un incident : Serveur principal', 'Ouvrir un autre incident'])
  const [, query] = body.match(/incidents\/new(\?service=[^"]*)/)!
  const opening = (await ana.get(`/admin/incidents/new${plain(query!)}`)).body
  expect(opening.match(/value="\w+" checked/g)).toHaveLength(3)
  const seen = [...body.matchAll(/name="outage" value="([^"]*)"/g)].map(([, id]) => id!)
  const done = await ana.submit('/admin/', '/admin/seen', { outage: seen })
  expect(done.to).toBe('/admin/?done=seen')
  for (const id of ['host-1', 'dates-1', 'mail-1']) expect(house.board.acknowledgement(id)?.by).toBe('ana')
  expect(house.ledger.unsent()).toBe(1)
  const after = (await ana.get('/admin/')).body
  expect(after).not.toContain('J’ai vu')
  expect(after, 'a letter of this second').toContain('Ligne, horloge et courriels vont bien.')
  const news = { kind: 'test' } as const
  const letter = { key: 'test', event: 'attention', thread: 'test', at: Date.now() - 2 * MINUTE, news } as const
  house.ledger.remember({ living: new Map(), entries: [], letters: [{ letter, recipients: ['b@asso.test'] }] })
  expect((await ana.get('/admin/')).body).toContain('1 courriel n’est pas parti.')
})

it('answers a form that was refused by what is in the way', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  fell('mail', null)
  expect((await ana.submit('/admin/', '/admin/seen', { outage: 'over-1' })).status).toBe(422)
  const disk = vi.spyOn(house.board, 'say').mockImplementation(() => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  })
  try {
    const { status, body } = await ana.submit('/admin/', '/admin/drafts/publish')
    expect([status, body.includes('le disque n’a rien pris')]).toEqual([503, true])
  } finally {
    disk.mockRestore()
  }
})

it('shows the words of a draft, which name its services, once', async () => {
  house = await openHouse({ files: HALL })
  const ana = await becomeAdmin(house, 'ana')
  fell('dates', 'host')
  fell('host', null)
  const [draft = ''] = (await ana.get('/admin/')).body.match(/<article[\s\S]*<\/article>/)!
  expect(draft).toContain('Également touchés')
  expect(draft.match(/Rendez-vous et sondages/g)).toHaveLength(1)
})

it('begins with our own line when that is cut, and does not list what is unknown for that alone', async () => {
  house = await openHouse({ files: HALL })
  const ana = await becomeAdmin(house, 'ana')
  const at = Date.now()
  house.memory.line = {
    ...house.memory.line,
    tested: true,
    layers: { v4: { good: false, since: at, lastBad: at } },
  }
  for (const id of ['host', 'dates', 'web', 'mail']) {
    house.memory.knowService(id, nothingKnownOfService(at))
    const { checks } = house.memory.serviceById.get(id)!
    for (const { id: check } of checks) agree(check, 'unknown', id === 'mail' ? 'none' : 'frozen')
  }
  const { body } = await ana.get('/admin/')
  expect(body).toMatch(
    /<h1[^\n]*\n+<p class="notice">Notre ligne n’est pas sûre depuis [^<]* 3 services ne sont pas vérifiés\./,
  )
  expect(body.match(/<li><b>[^<]*/g)).toEqual(['<li><b>Courriel'])
  expect(body).not.toContain('Ligne, horloge et courriels vont bien')
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

it.each([
  ['FREQ=MONTHLY;BYDAY=4SA', 'Chaque mois, le 4e samedi'],
  ['FREQ=MONTHLY;BYDAY=-1SU', 'Chaque mois, le dernier dimanche'],
  ['FREQ=MONTHLY;BYMONTHDAY=1', 'Chaque mois, le 1er'],
  ['FREQ=WEEKLY;BYDAY=MO', 'Chaque semaine, le lundi'],
  ['FREQ=WEEKLY;BYDAY=MO;UNTIL=20991231', 'Chaque semaine, le lundi, jusqu’au 31 décembre 2099'],
  ['FREQ=WEEKLY;BYDAY=SU;UNTIL=20990301', 'Chaque semaine, le dimanche, jusqu’au 1er mars 2099'],
  ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO'],
])('tells how work repeats by %s', async (repeats, told) => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const [begins, ends] = [DAY, DAY + HOUR].map((ahead) => new Date(Date.now() + ahead).toISOString())
  const work = { title: 'Mise à jour', text: 'Oui.', services: ['web'], begins, ends, repeats }
  const planned = house.post.maintenance.plan(work, { by: 'ana', key: null })
  if (!('done' in planned)) throw new Error(JSON.stringify(planned))
  expect((await ana.get(`/admin/maintenance/${planned.done.id}`)).body).toContain(`<p class="aside">${told}</p>`)
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

it('tells lengths of time as people write them', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const { body } = await ana.get('/admin/checks/web.http')
  expect(body).toContain('<dt>Toutes les</dt> <dd>1\u00a0min</dd>')
})

it('shows one hint about the hours of work, at its beginning', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const { body } = await ana.get('/admin/maintenance/new')
  expect(body.match(/Heures\s: Europe\/Paris\./g)).toHaveLength(1)
})

it('says in the journal what was done, of services by their names', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const from = { by: 'ana', key: null } as const
  const at = Date.now()
  const opened = house.post.incident.open({ title: 'Panne', text: 'Oui.', services: ['web'] }, from)
  if (!('done' in opened)) throw new Error('not opened')
  house.post.incident.update(opened.done.id, { status: 'resolved', text: 'Fini.' }, from)
  fell('mail', null)
  house.post.acknowledge(['mail-1'], from)
  house.post.override('web', { status: 'major_outage', for: '1h' }, from)
  for (const muted of [true, false]) house.board.say('mute', { service: 'web', muted, until: at + HOUR, by: 'ana', at })
  const { body } = await ana.get('/admin/journal/')
  const acts = [...body.matchAll(/<b>ana<\/b> ([^<]*) <bdi>([^<]*)/g)].map(([, act, about]) => `${act} ${about}`)
  expect(acts.slice(0, 6)).toEqual([
    'lève le silence du service : Site web',
    'met en silence le service : Site web',
    'dit comment va le service : Site web',
    'a vu la panne : Courriel',
    'résout l’incident Panne',
    'ouvre l’incident Panne',
  ])
})

it('names a key as a key, where somebody has its name', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  const from = { by: 'token:ana', key: null } as const
  const opened = house.post.incident.open({ title: 'Panne', text: 'Oui.', services: ['web'] }, from)
  if (!('done' in opened)) throw new Error('not opened')
  expect((await ana.get('/admin/journal/')).body).toContain('<b>la clé ana</b> ouvre l’incident')
  const page = `/admin/incidents/${opened.done.id}`
  expect((await ana.get(page)).body).toContain('<span class="aside">la clé ana</span>')
  expect((await ana.get(page, { 'accept-language': 'en' })).body).toContain('<span class="aside">the key ana</span>')
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
