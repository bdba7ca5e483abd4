// Every form of the admin pages, posted wrong: it comes back open, with what is wrong and all that was typed but secrets.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { DAY, HOUR } from '../../../src/core/time/time.ts'
import { type Admin, becomeAdmin, type Caller, createCaller, errand, type Fields, PASSWORD, plain } from './caller.ts'
import { type FormSeen, formsIn } from './forms-in.ts'
import { type House, openHouse, routesOf } from './house.ts'

const FROM = { by: 'ana', key: null } as const
/** Longer than a text may be. */
const LONG = 'Écrit la nuit, mot à mot. '.repeat(800).trim()
const WRONG_PASSWORD = 'ce n’est pas mon mot'
const WRONG_CODE = '314159'

let house: House
let ana: Admin
let guest: Caller
/** Places of what the forms are about. */
const at: Record<'open' | 'over' | 'work' | 'welcome', string> = { open: '', over: '', work: '', welcome: '' }
/** The second update of the open incident, the second time of the work. */
const item = { update: '', time: '' }

beforeAll(async () => {
  house = await openHouse()
  ana = await becomeAdmin(house, 'ana')
  await becomeAdmin(house, 'bob')
  guest = createCaller(house.url)
  house.access.createToken('script', ['incidents'], 'ana')
  const { path } = (await errand(house, { does: 'invite', name: 'carl' })) as { path: string }
  at.welcome = path
  const { incident, maintenance } = house.post
  const words = { title: { fr: 'Panne', en: 'Outage' }, text: 'On cherche.', services: ['web'] }
  const open = done(incident.open(words, FROM))
  item.update = done(incident.update(open.id, { text: 'On cherche encore.' }, FROM)).updates.at(-1)!.id
  at.open = `/admin/incidents/${open.id}`
  const over = done(incident.open({ title: 'Finie', text: 'On cherche.', status: 'resolved' }, FROM))
  at.over = `/admin/incidents/${over.id}`
  const begins = Math.floor(Date.now() / HOUR) * HOUR + DAY
  const times = { begins: iso(begins), ends: iso(begins + HOUR), repeats: 'FREQ=WEEKLY' }
  const work = maintenance.plan({ title: 'Mise à jour', text: 'Oui.', services: ['web'], ...times }, FROM)
  at.work = `/admin/maintenance/${done(work).id}`
  item.time = iso(house.board.occurrences(begins, begins + 30 * DAY)[1]!.begins)
}, 60_000)
afterAll(() => house.close())

function done<T>(answer: { readonly done: T } | object): T {
  if (!('done' in answer)) throw new Error(JSON.stringify(answer))
  return answer.done
}

function iso(moment: number): string {
  return new Date(moment).toISOString()
}

interface Row {
  readonly page: () => string
  /** Where it is posted to, from the page's address on, unless it is absolute. */
  readonly action: string
  /** Hidden fields that tell it from its likes. */
  readonly of?: () => Fields
  readonly typed: Fields
  /** Never shown again. */
  readonly secret?: Fields
  readonly by?: () => Caller
  /** No other form is on the page: what is wrong stands right above it. */
  readonly alone?: true
  readonly status?: number
}

const texts = (name: string) => ({ [`${name}.fr`]: 'Tapé en français', [`${name}.en`]: 'Typed "in" <English>' })
const tooLong = { 'text.fr': LONG, 'text.en': 'Typed "in" <English>' }
const onAccounts = { page: () => '/admin/accounts/', secret: { password: WRONG_PASSWORD } }

const ROWS: Readonly<Record<string, Row>> = {
  'opens an incident': {
    page: () => '/admin/incidents/new',
    action: '',
    typed: {
      ...texts('title'),
      ...texts('text'),
      services: ['mail'],
      status: 'identified',
      impact: 'critical',
      started: 'demain',
      raises: 'partial_outage',
    },
    alone: true,
  },
  'says how an incident goes': {
    page: () => at.open,
    action: '/update',
    typed: { ...tooLong, status: 'monitoring' },
  },
  'says how an incident goes, in no words': {
    page: () => at.open,
    action: '/update',
    typed: { 'text.fr': '', 'text.en': '', status: 'monitoring' },
  },
  'resolves an incident': { page: () => at.open, action: '/resolve', typed: tooLong },
  'corrects an incident': {
    page: () => at.open,
    action: '/correct',
    typed: { ...texts('title'), services: ['mail'], impact: 'critical', raises: 'major_outage', started: 'demain' },
  },
  'corrects an incident, its title and services taken out': {
    page: () => at.open,
    action: '/correct',
    typed: {
      'title.fr': '',
      'title.en': '',
      services: [],
      impact: 'none',
      raises: 'none',
      started: 'demain',
    },
  },
  'corrects an update': {
    page: () => at.open,
    action: '/reword',
    of: () => ({ update: item.update }),
    typed: tooLong,
  },
  'reopens an incident': { page: () => at.over, action: '/update', typed: { ...tooLong, status: 'monitoring' } },
  'looks back on an incident': { page: () => at.over, action: '/postmortem', typed: tooLong },
  'plans work': {
    page: () => '/admin/maintenance/new',
    action: '',
    typed: {
      ...texts('title'),
      ...texts('text'),
      services: ['mail'],
      begins: '2031-01-07T22:00',
      ends: '2031-01-07T21:00',
      repeats: 'weekday',
      until: '2032-01-07',
    },
    alone: true,
  },
  'moves the end of work': {
    page: () => at.work,
    action: '/prolong',
    of: () => ({ time: item.time }),
    typed: { ends: '2020-01-07T21:00' },
  },
  'says how work goes': { page: () => at.work, action: '/update', typed: tooLong },
  'changes an announcement': {
    page: () => at.work,
    action: '/change',
    typed: { ...texts('title'), ...tooLong, services: ['mail'] },
  },
  'invites somebody': { ...onAccounts, action: 'invite', typed: { name: 'Dora' } },
  'invites somebody by a name that won’t do': {
    ...onAccounts,
    action: 'invite',
    typed: { name: 'Dora Et Zoé !' },
    secret: { password: PASSWORD },
  },
  'makes a key': { ...onAccounts, action: 'key', typed: { name: 'publie', scopes: ['maintenance'] } },
  'makes a key that may do nothing': {
    ...onAccounts,
    action: 'key',
    typed: { name: 'publie', scopes: [] },
    secret: { password: PASSWORD },
  },
  'changes one’s access': { ...onAccounts, action: 'renew', typed: {} },
  'removes an account': { ...onAccounts, action: 'remove', of: () => ({ name: 'bob' }), typed: {} },
  'removes an invitation': { ...onAccounts, action: 'remove', of: () => ({ name: 'carl' }), typed: {} },
  'revokes a key': { ...onAccounts, action: 'revoke', of: () => ({ name: 'script' }), typed: {} },
  'logs in': {
    page: () => '/admin/login',
    action: '',
    typed: { name: 'anna', trust: ['yes'] },
    secret: { password: WRONG_PASSWORD, code: WRONG_CODE },
    by: () => guest,
    alone: true,
    status: 401,
  },
  'makes one’s account': {
    page: () => at.welcome,
    action: '',
    typed: { trust: ['yes'] },
    secret: { password: PASSWORD, code: WRONG_CODE },
    by: () => guest,
    alone: true,
  },
}

function find(forms: readonly FormSeen[], { page, action, of = () => ({}) }: Row): FormSeen | undefined {
  return forms.find(
    (form) =>
      form.action === page() + action && Object.entries(of()).every(([name, value]) => form.hidden[name] === value),
  )
}

/** Boxes that are not ticked are not sent. */
function sent(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value.length > 0 || value === ''))
}

it.each(Object.entries(ROWS))(
  'the form that %s keeps what was typed',
  async (_, row) => {
    const { page, typed, secret = {}, by = () => ana, alone = false, status = 422 } = row
    const before = formsIn((await by().get(page())).body)
    const form = find(before, row)!
    expect(Object.keys(form.fields).sort(), 'every field is in the table').toEqual(
      Object.keys({ ...typed, ...secret }).sort(),
    )
    const answer = await by().post(form.action, { ...form.hidden, ...sent(typed), ...secret })
    expect(answer.status).toBe(status)

    const after = formsIn(answer.body)
    const again = find(after, row)!
    const shown = Object.fromEntries(Object.keys(typed).map((name) => [name, again.fields[name]]))
    expect(shown).toEqual(typed)
    expect(again.closed, 'whatever holds it is open').toBe(false)
    expect(answer.body).toContain('role="alert"')
    if (!alone) {
      expect(again.html).toContain('class="fault"')
      const [, place] = /role="alert"[^#]*href="#([^"]+)"/.exec(answer.body)!
      expect(again.html, 'the page’s top leads to it').toContain(`id="${place}"`)
    }
    for (const word of Object.values(secret)) expect(answer.body).not.toContain(word)

    const names = ['update', 'time', 'name']
    for (const other of after.filter((one) => one !== again)) {
      const own = before.find(
        ({ action, hidden }) => action === other.action && names.every((name) => hidden[name] === other.hidden[name]),
      )
      expect(other.fields, `${other.action} is as it was`).toEqual(own!.fields)
      expect(other.html).not.toContain('class="fault"')
    }
  },
  60_000,
)

/** Fields that are marked as wrong, by name, each with what stands beside it. */
function marked({ html }: FormSeen): Readonly<Record<string, string>> {
  const beside = (id: string) => plain(new RegExp(`id="${id}">([^<]*)<`).exec(html)![1]!).replaceAll('\u00a0', ' ')
  const found = html.matchAll(
    / name="([^"]*)"[^>]* aria-invalid="true"[^>]*| name="([^"]*)"[^>]* aria-describedby="[^"]*wrong-[^>]*/g,
  )
  return Object.fromEntries([...found].map(([tag, one, other]) => [one ?? other, beside(/wrong-[\w.]+/.exec(tag)![0])]))
}

it.each([
  [
    '/admin/incidents/new',
    { 'title.en': 'x\u0000'.repeat(300), started: 'demain' },
    ['title.en', 'text.fr', 'started'],
  ],
  [
    '/admin/maintenance/new',
    { ...texts('title'), 'text.fr': LONG, begins: '', ends: '' },
    ['text.fr', 'begins', 'ends'],
  ],
])('marks each field of %s that is wrong, and leads to it', async (path, typed, wrong) => {
  const { hidden } = formsIn((await ana.get(path)).body).find(({ action }) => action === path)!
  const { body } = await ana.post(path, { ...hidden, ...typed })
  const form = formsIn(body).find(({ action }) => action === path)!
  expect(Object.keys(marked(form)).sort()).toEqual([...wrong].sort())
  for (const says of Object.values(marked(form))) expect(says).toMatch(/^(Titre|Message|Début|Fin).* : .+\.$/)
  const [alert = ''] = /<p class="fault" role="alert">.*/.exec(body)!
  const places = [...alert.matchAll(/href="#([^"]+)"/g)].map(([, place]) => place!)
  expect(places).toHaveLength(path.includes('maintenance') ? 4 : wrong.length)
  for (const place of places) expect(form.html).toContain(`id="${place}"`)
})

/** Buttons alone: there is nothing to lose; or another one of a form that is in the table. */
const BUTTONS = [
  '/admin/incidents/new/fill',
  '/admin/accounts/end',
  '/admin/checks/:check/look',
  '/admin/checks/:check/silence',
  '/admin/checks/:check/speak',
  '/admin/drafts/dismiss',
  '/admin/drafts/publish',
  '/admin/ack/:token',
  '/admin/incidents/:id/retract',
  '/admin/language',
  '/admin/logout',
  '/admin/maintenance/:id/cancel',
  '/admin/maintenance/:id/end',
  '/admin/seen',
]

it('is told of every form there is', () => {
  const tested = Object.values(ROWS).map(({ page, action }) =>
    (page() + action)
      .replace(/(incidents|maintenance)\/[a-z0-9]{12}/, '$1/:id')
      .replace(/welcome\/.*/, 'welcome/:token'),
  )
  const known = new Set([...tested, ...BUTTONS])
  const posted = routesOf(house).filter(({ method, path }) => method === 'POST' && /^\/admin\/(?!api\/)/.test(path))
  expect(posted.length).toBeGreaterThan(25)
  expect(posted.map(({ path }) => path).filter((path) => !known.has(path))).toEqual([])
})

it('keeps a text as long as texts may be, each letter an accent, and one that is longer', async () => {
  for (const length of [20_000, 25_000]) {
    const { hidden } = formsIn((await ana.get('/admin/incidents/new')).body).find(
      ({ action }) => action === '/admin/incidents/new',
    )!
    const typed = { 'text.fr': 'é'.repeat(length), 'text.en': 'Typed. '.repeat(2_857).trim() }
    const answer = await ana.post('/admin/incidents/new', { ...hidden, ...typed, started: 'demain' })
    expect([length, answer.status]).toEqual([length, 422])
    const again = formsIn(answer.body).find(({ action }) => action === '/admin/incidents/new')!
    expect(again.fields).toMatchObject(typed)
  }
})

it('keeps what was typed while the disk takes nothing', async () => {
  const disk = vi.spyOn(house.board, 'say').mockImplementation(() => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  })
  try {
    const action = `${at.open}/update`
    const find = (body: string) => formsIn(body).find((form) => form.action === action)!
    const { hidden } = find((await ana.get(at.open)).body)
    const typed = { 'text.fr': 'Le disque est plein.', 'text.en': 'Disk full.', status: 'monitoring' }
    const { status, body } = await ana.post(action, { ...hidden, ...typed })
    expect([status, find(body).fields]).toEqual([503, typed])
    expect(find(body).html).toContain('Le disque n’a rien pris')
  } finally {
    disk.mockRestore()
  }
})

it('gives back to be copied what was typed into a form that stands on its page no more', async () => {
  const { incident, maintenance } = house.post
  const words = { title: 'Panne', text: 'Oui.', services: ['web'] }
  const typed = 'Une longue nouvelle <b>tapée</b> la nuit.'
  const shown = 'Une longue nouvelle &lt;b&gt;tapée&lt;/b&gt; la nuit.'
  const back = async (path: string, name: string, fields: Fields, meanwhile: () => unknown) => {
    const form = formsIn((await ana.get(path)).body).find(({ action }) => action === `${path}/${name}`)!
    meanwhile()
    return ana.post(form.action, { ...form.hidden, ...fields })
  }

  const taken = done(incident.open(words, FROM)).id
  const update = await back(`/admin/incidents/${taken}`, 'update', { 'text.fr': typed }, () =>
    incident.retract(taken, null, FROM),
  )
  expect([update.status, update.body.includes(shown)]).toEqual([422, true])

  const ended = done(incident.open(words, FROM)).id
  const resolve = await back(`/admin/incidents/${ended}`, 'resolve', tooLong, () =>
    incident.update(ended, { status: 'resolved' }, FROM),
  )
  expect([resolve.status, resolve.body.includes(LONG)]).toEqual([422, true])

  const said = done(incident.open(words, FROM)).id
  done(incident.update(said, { text: 'Encore.' }, FROM))
  const reword = await back(`/admin/incidents/${said}`, 'reword', { 'text.fr': typed }, () => {
    const { updates } = house.board.incident(said)!
    return incident.retract(said, updates.at(-1)!.id, FROM)
  })
  expect([reword.status, reword.body.includes(shown)]).toEqual([422, true])

  const times = { begins: iso(Date.now() + DAY), ends: iso(Date.now() + DAY + HOUR) }
  const off = done(maintenance.plan({ ...words, ...times }, FROM)).id
  const news = await back(`/admin/maintenance/${off}`, 'update', { 'text.fr': typed }, () =>
    maintenance.cancel(off, {}, FROM),
  )
  expect([news.status, news.body.includes(shown)]).toEqual([422, true])

  const { form } = formsIn((await ana.get('/admin/')).body)[0]!.hidden
  for (const path of ['/admin/incidents/aaaaaaaaaaaa', '/admin/maintenance/aaaaaaaaaaaa']) {
    const nowhere = await ana.post(`${path}/update`, { form: form!, 'text.fr': typed })
    expect([nowhere.status, nowhere.body.includes(shown)]).toEqual([404, true])
  }
})

/** One of each sort; there are ten recovery codes to log in with. */
const ACROSS_A_LOGIN = [
  'opens an incident',
  'says how an incident goes',
  'corrects an incident',
  'corrects an update',
  'plans work',
  'moves the end of work',
  'changes an announcement',
  'makes a key that may do nothing',
]

it('finds all that was typed in its form again, but no secret, once one logged in where the session had ended', async () => {
  const eve = await becomeAdmin(house, 'eve')
  const rows = ACROSS_A_LOGIN.map((name) => ROWS[name]!)
  const posts = await Promise.all(
    rows.map(async (row) => {
      const form = find(formsIn((await eve.get(row.page())).body), row)!
      return { row, path: form.action, fields: { ...form.hidden, ...sent(row.typed), ...row.secret } }
    }),
  )
  const before = JSON.stringify([house.board.incidents(), house.board.maintenances()])
  const logins = [...eve.codes]
  for (const { row, path, fields } of posts) {
    await eve.submit('/admin/', '/admin/logout')
    const over = await eve.post(path, { ...fields, code: WRONG_CODE })
    expect([path, over.status]).toEqual([path, 403])
    const [door] = formsIn(over.body)
    expect(door!.action).toBe(path)

    const login = { name: 'eve', password: PASSWORD }
    const refused = await eve.post(path, { ...door!.hidden, ...login, code: WRONG_CODE })
    expect(refused.status).toBe(401)
    const again = await eve.post(path, { ...formsIn(refused.body)[0]!.hidden, ...login, code: logins.pop()! })
    expect([path, again.status]).toEqual([path, 200])
    expect(again.body).toContain('otre session était finie')
    const shown = find(formsIn(again.body), row)!
    expect(shown.closed).toBe(false)
    expect(Object.fromEntries(Object.keys(row.typed).map((name) => [name, shown.fields[name]]))).toEqual(row.typed)
    for (const { body } of [over, refused, again])
      for (const secret of [WRONG_PASSWORD, WRONG_CODE, PASSWORD]) expect(body).not.toContain(secret)
    expect(JSON.stringify([house.board.incidents(), house.board.maintenances()]), 'nothing was done').toBe(before)

    const { status, body } = await eve.post(path, { ...shown.hidden, ...fields, form: shown.hidden.form! })
    expect([path, status]).toEqual([path, 422])
    expect(body).not.toContain('otre session')
  }
}, 120_000)

it('shows by its label what was typed to whoever can’t log in, and leads on from a button', async () => {
  const zoe = await becomeAdmin(house, 'zoe')
  const { hidden } = formsIn((await zoe.get('/admin/incidents/new')).body).find(
    ({ action }) => action === '/admin/incidents/new',
  )!
  const look = formsIn((await zoe.get('/admin/checks/web.http')).body).find(({ action }) => action.endsWith('/look'))!
  await zoe.submit('/admin/', '/admin/logout')
  const { body } = await zoe.post('/admin/incidents/new', { ...hidden, ...ROWS['opens an incident']!.typed })
  const labels = [
    ...body.matchAll(
      /<label for="copy-\d+">([^<]*)<\/label>\s*<(?:input[^>]*value="([^"]*)"|textarea[^>]*>\n?([^<]*))/g,
    ),
  ]
  expect(labels.map(([, label, line, text]) => [label, plain(line ?? text!)])).toEqual([
    ['Titre en français', 'Tapé en français'],
    ['Titre en anglais', 'Typed "in" <English>'],
    ['Message en français', 'Tapé en français'],
    ['Message en anglais', 'Typed "in" <English>'],
    ['Services touchés', 'Courriel'],
    ['Où en est-on', 'Cause trouvée'],
    ['Gravité', 'Presque tout est en panne'],
    ['Début', 'demain'],
    ['La page dit au moins', 'Panne partielle'],
  ])
  const pressed = await zoe.post(look.action, look.hidden)
  const inside = await zoe.post(look.action, {
    ...formsIn(pressed.body)[0]!.hidden,
    name: 'zoe',
    password: PASSWORD,
    code: zoe.codes[0]!,
  })
  expect([inside.status, inside.to]).toEqual([303, '/admin/checks/web.http?done=returned'])
  expect((await zoe.get(inside.to!)).body).toContain('Vous êtes de nouveau en ligne. Rien n’a été fait')
  expect(house.hurried).toEqual([])
}, 60_000)

it('shows again what was typed in a session before the one that sends it', async () => {
  const { hidden } = formsIn((await ana.get(at.open)).body).find(({ action }) => action === `${at.open}/update`)!
  const typed = { 'text.fr': 'Tapé avant.', 'text.en': '', status: 'monitoring' }
  const { status, body } = await ana.post(`${at.open}/update`, { ...hidden, ...typed, form: 'x'.repeat(43) })
  const again = formsIn(body).find(({ action }) => action === `${at.open}/update`)!
  expect([status, again.fields]).toEqual([403, typed])
  expect(again.html).toContain('Votre session a changé entre-temps')
})

it('finds what was typed again, too, where the login of an ended session’s page is sent once more', async () => {
  const liv = await becomeAdmin(house, 'liv')
  const path = '/admin/incidents/new'
  const row = ROWS['opens an incident']!
  const { hidden } = find(formsIn((await liv.get(path)).body), row)!
  await liv.submit('/admin/', '/admin/logout')
  const over = await liv.post(path, { ...hidden, ...sent(row.typed) })
  const login = { ...formsIn(over.body)[0]!.hidden, name: 'liv', password: PASSWORD, code: liv.codes[0]! }
  expect((await liv.post(path, login)).status).toBe(200)
  const { status, body } = await liv.post(path, login)
  expect(status).toBe(403)
  expect(body).toContain('Ce que vous aviez écrit est là')
  expect(find(formsIn(body), row)!.fields).toMatchObject(row.typed)
  expect(body).not.toContain(PASSWORD)
})

it('lets nobody in on an ended session’s page without its own token', async () => {
  const guest = createCaller(house.url)
  const over = await guest.post('/admin/incidents/new', { 'title.fr': 'Tapé' })
  const { hidden } = formsIn(over.body)[0]!
  const login = { name: 'ana', password: PASSWORD, code: ana.codes[1]! }
  const foreign = await guest.post('/admin/incidents/new', { ...hidden, ...login, form: 'x'.repeat(43) })
  expect([foreign.status, guest.cookies.has('vigie-lan')]).toEqual([403, false])
  expect(foreign.body).toContain('Tapé')
})
