import { expect, test } from 'vitest'
import { ALERTS_KEY, type AlertMemory, NO_ALERTS } from '../../src/core/verdict/alert.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { openResults } from '../../src/store/results.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { folderWith } from './folders.ts'
import { vigie } from './host.ts'

const NOW = Date.parse('2026-11-23T14:05:00+01:00')
const at = (text: string, day = '2026-11-23') => Date.parse(`${day}T${text}+01:00`)

const CHECKS = {
  'site.yaml': `name: Essai\ntimezone: Europe/Paris\nsites: { home: {} }
witnesses: ["192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53", "192.0.2.4:53", "192.0.2.5:53"]\n`,
  'web.yaml': 'service: Website\ndepends: [hetzner]\nchecks:\n  - tcp: www.example.org:443\n',
  'hetzner.yaml': 'service: Hetzner\nchecks:\n  - tcp: host.example.org:22\n',
}

function look(when: number, reason: 'timeout' | null, took = 40) {
  const outcome =
    reason === null
      ? ({ ok: true, note: 'open' } as const)
      : ({ ok: false, reason, note: 'no connection within 10s' } as const)
  const via = { dns: true, family: 4, port: 443 } as const
  return { check: 'web.tcp', strand: null, site: 'home', at: when, took, phases: {}, via, outcome }
}

/** Website was down from 14:01:15 on, and the mail about it went out by the second relay. */
function outage(mail: 'sent' | 'waits' = 'sent') {
  const data = folderWith()
  const results = openResults(data, { now: () => NOW })
  const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' }
  const agreed = (when: number, since: number, state: string, rule: string, fails: number) =>
    results.changed({
      at: when,
      subject: 'agreement',
      id: 'web.tcp',
      since,
      state,
      rule,
      sites: { home: { state, fails, path: true, reason: fails > 0 ? 'timeout' : null }, confidence },
      note: '',
    })
  const stood = (when: number, since: number, state: string) =>
    results.changed({ at: when, subject: 'status', id: 'web', since, state, rule: '', sites: {} })
  const line = (when: string, state: string) =>
    results.changed({
      at: at(when),
      subject: 'line',
      id: 'home',
      since: at(when),
      state,
      rule: '',
      sites: { layers: ['v4'] },
    })
  line('13:57:00', 'bad')
  line('13:58:30', 'good')
  results.look(look(at('13:58:00'), 'timeout', 10_000), true)
  results.look(look(at('13:59:00'), 'timeout', 10_000), true)
  results.look(look(at('14:00:00'), null), false)
  agreed(at('14:00:01'), at('14:00:00'), 'up', '1', 0)
  stood(at('14:00:01'), at('14:00:00'), 'operational')
  results.look(look(at('14:01:15'), 'timeout', 10_000), true)
  results.look(look(at('14:01:40'), 'timeout', 10_000), true)
  results.look(look(at('14:02:05'), 'timeout', 10_000), true)
  agreed(at('14:02:16'), at('14:01:15'), 'down', '7a', 3)
  stood(at('14:02:16'), at('14:01:15'), 'major_outage')
  const record = {
    id: 'web-1',
    service: 'web',
    audience: 'members',
    since: at('14:01:15'),
    opened: at('14:02:16'),
    ended: null,
    confirmed: true,
    confidence,
    rule: '7a',
    lastGood: null,
    checks: [],
  }
  results.changed({
    at: at('14:02:16'),
    subject: 'outage',
    id: 'web',
    since: at('14:01:15'),
    state: 'down',
    rule: '7a',
    sites: record,
  })
  results.close()

  const affected = {
    outage: 'web-1',
    service: 'web',
    name: { en: 'Website' },
    since: record.since,
    lastGood: null,
    confidence: { ...confidence, note: 'one_site' as const },
    rule: '7a',
    checks: [],
  }
  const key = openKey(data)
  const ledger = openLedger(data, { site: 'home', sealer: sealer(key), now: () => NOW })
  const news = { kind: 'down' as const, affected: [affected], children: [], suspected: null }
  const letter = { key: 'web-1:down', event: 'down' as const, thread: 'web-1', at: at('14:02:16'), news }
  if (mail === 'waits') {
    const waiting = [{ event: 'down' as const, affected, until: null, thread: 'web-1', since: letter.at }]
    const alerts: AlertMemory = { ...NO_ALERTS, waiting }
    ledger.remember({ living: new Map([[ALERTS_KEY, JSON.stringify(alerts)]]), letters: [], entries: [] })
    ledger.close()
    return data
  }
  ledger.remember({ living: new Map(), letters: [{ letter, recipients: ['admins@example.org'] }], entries: [] })
  const [queued] = ledger.due(NOW)
  ledger.began(queued!.id, at('14:02:16'), 'smtps://one.example')
  ledger.failed(queued!.id, at('14:02:17'), 'smtps://one.example', 'login refused (535)', at('14:02:17'), false)
  ledger.began(queued!.id, at('14:02:17'), 'smtp://two.example')
  ledger.sent(queued!.id, at('14:02:18'), 'smtp://two.example', '250 queued')
  ledger.close()
  return data
}

async function ask(data: string, ...words: readonly string[]) {
  const line = ['explain', ...words, '--checks', folderWith(CHECKS), '--data', data]
  const answer = await vigie(line, { wall: () => NOW, columns: 80 })
  if (words.includes('--json')) expect(answer.out, 'a moment that is no date').not.toMatch(/: \d{13}\b/)
  return answer
}

const bare = (text: string) => text.replace(/\x1b\[\d+m/g, '')

test('It tells the whole chain, from the looks to the mails.', async () => {
  const data = outage()
  const { code, out, err } = await ask(data, 'web')
  expect([code, err]).toEqual([0, `No vigie runs on ${data}: this is what it last knew.\n`])
  expect(bare(out)).toBe(`Website (web) on 23 November 2026 at 14:05:00, Europe/Paris

web.tcp: tcp www.example.org:443, every 1m; down after 3, up after 2
  LOOKED      TOOK  SAW
  13:58:00  10.0 s  the server does not answer: no connection within 10s; our
                    line was cut: it doesn’t count
  13:59:00  10.0 s  the server does not answer: no connection within 10s; so
                    soon after a cut of our line it doesn’t count
  14:00:00   40 ms  fine
  14:01:15  10.0 s  the server does not answer: no connection within 10s
  14:01:40  10.0 s  the server does not answer: no connection within 10s
  14:02:05  10.0 s  the server does not answer: no connection within 10s
  in a row    3 failures, the first at 14:01:15
  opinion     home: down, 3 failures, the server does not answer (when it was
              agreed)
  agreed      down since 14:01:15, 1 of 1 site, decided at 14:02:16
  rule 7a     this site alone says down, its line and its road to the provider
              are good

our line    good again; cut from 13:57:00 to 13:58:30 (internet access)
depends on  hetzner: no outage then
status      Down since 14:01:15, decided at 14:02:16: every check was down:
            web.tcp
outage      web-1: since 14:01:15, sure at 14:02:16 (rule 7a), not over
mails       down, decided at 14:02:16, to admins@example.org: went out
            14:02:16 smtps://one.example: not taken (login refused (535))
            14:02:17 smtp://two.example: taken (250 queued)

As of 14:02:16: looks that changed nothing are written once a minute.
`)
})

test('A moment before it was sure is told as it was said then, and as it is known now.', async () => {
  const { out } = await ask(outage(), 'web', '14:01:20')
  expect(bare(out)).toContain('status      Working since 14:00:00, decided at 14:00:01')
  expect(bare(out)).toContain('known now   Down, from 14:01:15.')
  expect(bare(out)).toMatch(/; down from\s+14:02:16 on/)
  expect(bare(out)).not.toContain('14:02:05')
})

test('What people had said is in it, as it stood then, where it led to the status or the mails.', async () => {
  const data = outage()
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: () => NOW })
  const said = (when: string) => ({ by: 'alice', at: at(when), key: null })
  const web = { service: 'web', until: at('15:00:00') }
  ledger.say('ack', { outage: 'web-1', by: 'mail:bob@example.org', at: at('14:02:40') })
  ledger.say('incident.open', {
    ...{
      ...said('14:03:00'),
      id: 'iiiiiiiiiiii',
      update: 'uuuuuuuuuuuu',
      started: at('14:01:15'),
      raises: 'major_outage',
    },
    ...{ title: { fr: 'Site en panne' }, text: { fr: 'On y est.' }, status: 'investigating', impact: 'major' },
    ...{ services: ['web'], outages: ['web-1'] },
  })
  ledger.say('mute', { ...web, muted: true, by: 'alice', at: at('14:03:10') })
  ledger.say('override', { ...web, ...said('14:03:20'), status: 'operational', text: null })
  ledger.say('maintenance.plan', {
    ...{
      ...said('14:03:30'),
      id: 'mmmmmmmmmmmm',
      title: { en: 'New disk' },
      text: { en: 'Short.' },
      services: ['web'],
    },
    plan: { begins: at('14:04:00'), ends: at('16:00:00'), repeats: null, timezone: 'Europe/Paris' },
  })
  ledger.say('override', { ...web, ...said('14:04:30'), status: null, text: null })
  ledger.say('maintenance.plan', { nonsense: true })
  ledger.close()
  const tell = async (when: string) => bare((await ask(data, 'web', when)).out).replace(/\s+/g, ' ')

  const soon = await tell('14:02:59')
  expect(soon).toContain('seen by bob@example.org at 14:02:40')
  for (const later of ['planned', 'override', 'incident', 'silenced']) expect(soon).not.toContain(later)

  const then = await tell('14:03:40')
  expect(then).toContain(
    'override the page said “Working” instead, by alice from 14:03:20 until 15:00:00 at the latest',
  )
  expect(then).toContain(
    'incident iiiiiiiiiiii, “Site en panne”, investigating, opened at 14:03:00 by alice: at least “Down”',
  )
  expect(then).toContain('silenced by alice until 15:00:00: no mails')
  expect(then).not.toContain('planned')

  const now = await tell('14:05:00')
  expect(now).toContain('planned maintenance mmmmmmmmmmmm, “New disk”, from 14:04:00 to 16:00:00, by alice: blue')
  expect(now).not.toContain('override')
  expect(JSON.parse((await ask(data, 'web', '--json')).out)).toMatchObject({
    people: {
      work: [{ maintenance: 'mmmmmmmmmmmm', begins: '2026-11-23T13:04:00.000Z' }],
      override: null,
      mute: { until: '2026-11-23T14:00:00.000Z' },
      incidents: [{ id: 'iiiiiiiiiiii', created: '2026-11-23T13:03:00.000Z' }],
    },
    acknowledged: { by: 'mail:bob@example.org', at: '2026-11-23T13:02:40.000Z' },
  })
})

test('A service that came and went is told as the page told it.', async () => {
  const data = outage()
  const results = openResults(data, { now: () => NOW })
  const flapping = (when: number, state: string, sites: object) =>
    results.changed({ at: when, subject: 'flapping', id: 'web', since: when, state, rule: '', sites })
  flapping(at('14:02:30'), 'unstable', { worst: 'major_outage' })
  flapping(at('14:04:00'), 'calm', {})
  results.close()
  const told = bare((await ask(data, 'web', '14:03:00')).out).replace(/\s+/g, ' ')
  expect(told).toContain('since 14:02:30 it had changed too often: the page called it unstable, at its worst down')
  expect(bare((await ask(data, 'web', '14:04:30')).out)).not.toContain('unstable')
})

test('A mail that is decided and waits for its turn is told as such.', async () => {
  const data = outage('waits')
  expect(bare((await ask(data, 'web')).out).replace(/\s+/g, ' ')).toContain('mails decided, and waits for its turn: ')
  expect(JSON.parse((await ask(data, 'web', '--json')).out)).toMatchObject({ letters: [], waits: true })
  expect(JSON.parse((await ask(outage(), 'web', '--json')).out)).toMatchObject({ waits: false })
})

test('As JSON, with ISO moments.', async () => {
  const { out } = await ask(outage(), 'web', '--json')
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    service: 'web',
    at: '2026-11-23T13:05:00.000Z',
    said: { state: 'major_outage', since: '2026-11-23T13:01:15.000Z' },
    because: { rule: 'all_down', checks: ['web.tcp'] },
    checks: [{ id: 'web.tcp', run: { kind: 'fail', length: 3 }, agreed: { rule: '7a' } }],
    outage: { id: 'web-1', ended: null },
    letters: [
      { key: 'web-1:down', attempts: [{ relay: 'smtps://one.example' }, { outcome: 'sent', note: '250 queued' }] },
    ],
  })
})

test('Of old times the sums of looks are told, and what is no longer known.', async () => {
  const data = folderWith()
  const results = openResults(data, { now: () => NOW })
  const day = '2026-11-10'
  results.changed({
    at: at('10:00:00', day),
    subject: 'status',
    id: 'web',
    since: at('10:00:00', day),
    state: 'operational',
    rule: '',
    sites: {},
  })
  for (let minute = 0; minute < 30; minute++)
    results.look(look(at(`12:${String(minute).padStart(2, '0')}:00`, day), minute === 20 ? 'timeout' : null), false)
  results.flush()
  while (results.rollUp(NOW, 'Europe/Paris', true));
  results.close()
  const { out } = await ask(data, 'web', `${day} 12:21`)
  expect(bare(out)).toContain('Single looks are kept for 7 days: of that time the sums of five minutes are')
  expect(bare(out)).toContain('› 12:20:00  4 fine, half of them within 40 ms; 1 × the server does not answer')
  expect(bare(out)).toContain('Working since 10:00:00')
  expect(bare((await ask(data, 'web', '2026-11-09')).out)).toContain('No look before that is known.')
})

test.each([
  [[], 'which service? There are hetzner, web'],
  [['wbe'], 'did you mean "web"?'],
  [['web', 'noon'], 'no moment: "noon"'],
  [['web', '2027-01-01'], 'yet to come'],
])('%s is wrong use.', async (words, hint) => {
  const { code, err } = await ask(folderWith(), ...words)
  expect(code).toBe(2)
  expect(bare(err)).toContain(hint)
})

test('A moment clocks showed twice is said to be the first.', async () => {
  const data = outage()
  expect(bare((await ask(data, 'web', '2026-10-25', '02:30')).err)).toContain('clocks showed that twice')
})

test('Nothing known of a time is said, with exit code 1.', async () => {
  const { code, out } = await ask(outage(), 'web', '2026-10-01')
  expect(code).toBe(1)
  expect(bare(out)).toContain('nothing was known of it yet')
})

test('Of many looks that saw the same the first and the last are told, and how many lie between; all with --json.', async () => {
  const data = folderWith({ 'run.json': '{ "url": "http://127.0.0.1:1", "token": "x" }' })
  const results = openResults(data, { now: () => NOW })
  const minutes = ['01', '02', '03', '04', '05', '06'].map((minute) => at(`13:${minute}:00`))
  // Before that it did not run: the pause is not among "the same".
  for (const minute of ['40', '41']) results.look(look(at(`12:${minute}:00`), 'timeout', 10_000), true)
  for (const minute of minutes) results.look(look(minute, 'timeout', 10_000), true)
  results.look(look(at('13:07:00'), null), false)
  const stood = { subject: 'status', id: 'web', rule: '', sites: {}, note: '' } as const
  results.changed({ ...stood, at: at('13:07:01'), since: at('13:07:00'), state: 'operational' })
  results.close()
  const ask = (...more: readonly string[]) =>
    vigie(['explain', 'web', '13:08', '--checks', folderWith(CHECKS), '--data', data, ...more], { wall: () => NOW })
  const { out } = await ask()
  expect(out).toMatch(/12:40:00[^\n]*\n +12:41:00[^\n]*\n +13:01:00[^\n]*\n +… +4 more of the same\n +13:06:00/)
  const json = JSON.parse((await ask('--json')).out) as { checks: { looks: unknown[] }[] }
  expect(json.checks[0]!.looks).toHaveLength(9)
})

test('A service for admins alone is on no page, whatever the page would call it.', async () => {
  const data = folderWith()
  const results = openResults(data, { now: () => NOW })
  const stood = { subject: 'status', id: 'web', rule: '', sites: {}, note: '' } as const
  results.changed({ ...stood, at: at('13:07:01'), since: at('13:07:00'), state: 'unknown' })
  results.close()
  const checks = folderWith({ ...CHECKS, 'web.yaml': `audience: admins\n${CHECKS['web.yaml']}` })
  const { out } = await vigie(['explain', 'web', '13:08', '--checks', checks, '--data', data], { wall: () => NOW })
  expect(out).toMatch(/status +on no page: it is for admins alone/)
})

test('Where only names can’t be looked up it says that what has an address counts.', async () => {
  const said = async (layers: readonly string[]) => {
    const data = folderWith()
    const results = openResults(data, { now: () => NOW })
    const line = { subject: 'line', id: 'home', state: 'bad', rule: '', sites: { layers }, note: '' } as const
    results.changed({ ...line, at: at('13:00:00'), since: at('13:00:00') })
    results.look(look(at('13:07:00'), null), false)
    results.close()
    const words = ['explain', 'web', '13:08', '--checks', folderWith(CHECKS), '--data', data]
    return (await vigie(words, { wall: () => NOW })).out.replace(/\s+/g, ' ')
  }
  expect(await said(['dns'])).toContain('doesn’t count; what is looked at by its address does')
  expect(await said(['dns', 'v4'])).not.toContain('by its address')
})

test('says what a job said with its last ping, the end of it, and not of later ones', async () => {
  const data = folderWith()
  const results = openResults(data, { now: () => NOW })
  results.changed({
    at: at('13:00:00'),
    subject: 'status',
    id: 'job',
    since: at('13:00:00'),
    state: 'operational',
    rule: '',
    sites: {},
  })
  results.close()
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: () => NOW })
  const body = [...Array.from({ length: 20 }, (_, line) => `copying ${line}`), '', 'no space\u001b[31m left'].join(
    '\r\n',
  )
  const last = { at: at('14:01:00'), kind: 'fail', exit: 23, body }
  ledger.remember({ living: new Map([['push:job.heartbeat', JSON.stringify(last)]]), letters: [], entries: [] })
  ledger.close()
  const checks = folderWith({ ...CHECKS, 'job.yaml': 'service: Job\nchecks:\n  - heartbeat: 24h\n' })
  const ran = await vigie(['explain', 'job', '--data', data, '--checks', checks], { wall: () => NOW })
  expect(ran.out).toContain('last ping   exit code 23, at 14:01:00; it said, its last 8 lines:')
  expect(ran.out).toContain('no space [31m left')
  expect(ran.out).toContain('copying 13')
  expect(ran.out).not.toContain('copying 12')
  const before = await vigie(['explain', 'job', '14:00', '--data', data, '--checks', checks], { wall: () => NOW })
  expect(before.out).toContain('last ping   no longer known: another came at 14:01:00')
  const json = await vigie(['explain', 'job', '--json', '--data', data, '--checks', checks], { wall: () => NOW })
  expect(JSON.parse(json.out).checks[0].last_ping).toEqual({ ...last, at: '2026-11-23T13:01:00.000Z' })
})

test('What can’t be looked at from here says why, however long ago that began.', async () => {
  const data = folderWith()
  const results = openResults(data, { now: () => NOW })
  const note = '10.0.0.7 is a private address; allow_private: true allows it'
  const blocked = (when: number) => ({ ...look(when, null), outcome: { ok: null, reason: 'blocked', note } as const })
  for (let minute = 0; minute < 30; minute++) results.look(blocked(at('13:30:00') + minute * 60_000), minute === 0)
  results.close()
  openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: () => NOW }).close()
  const { out } = await vigie(['explain', 'web', '--checks', folderWith(CHECKS), '--data', data], { wall: () => NOW })
  expect(out.replace(/\s+/g, ' ')).toContain(`this check can’t be made from here: ${note}`)
})
