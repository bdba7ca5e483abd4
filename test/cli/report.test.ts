import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLedger } from '../../src/store/ledger.ts'
import { openResults } from '../../src/store/results.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { folderWith } from './folders.ts'
import { vigie } from './host.ts'

const NOW = Date.parse('2026-12-01T09:12:00+01:00')
const at = (text: string) => Date.parse(`${text}+01:00`)

const CHECKS = {
  'site.yaml': 'name: Essai | Test\nlanguages: [fr, en]\ntimezone: Europe/Paris\nsites: { home: {} }\n',
  'mail.yaml': 'service: { fr: Courriel, en: E-mail }\nchecks:\n  - tcp: mx.example.org:25\n',
  'pads.yaml': 'service: { fr: "=Textes, à plusieurs", en: Pads }\nchecks:\n  - tcp: pads.example.org:443\n',
  'new.yaml': 'service: { fr: Nouveau, en: New }\nchecks:\n  - tcp: new.example.org:443\n',
  'hidden.yaml': 'service: { fr: Caché, en: Hidden }\naudience: admins\nchecks:\n  - tcp: h.example.org:443\n',
}

/** A data folder with this past: `mail major_outage 2026-11-03T14:02:00`. */
function past(lines: readonly string[], alive = NOW) {
  const data = folderWith({ 'run.json': '{ "url": "http://127.0.0.1:1", "token": "x" }' })
  const results = openResults(data, { now: () => alive })
  for (const line of lines) {
    const [id, state, when] = line.split(' ') as [string, string, string]
    results.changed({ at: at(when), subject: 'status', id, since: at(when), state, rule: '', sites: {} })
  }
  results.changed({ at: alive, subject: 'line', id: 'home', since: alive, state: 'good', rule: '', sites: {} })
  return { data, results }
}

function outage(service: string, from: string, to: string | null, confirmed = true) {
  const [since, ended] = [at(from), to === null ? null : at(to)]
  const checks = [{ id: `${service}.smtp`, kind: 'smtp', reason: 'timeout', note: 'silent' }]
  const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' }
  const record = {
    id: `${service}-1`,
    service,
    audience: 'members',
    since,
    opened: since,
    ended,
    confirmed,
    confidence,
  }
  const sites = { ...record, rule: '7a', lastGood: null, checks }
  return { at: ended ?? since, subject: 'outage' as const, id: service, since, state: 'x', rule: '7a', sites }
}

function november() {
  const { data, results } = past([
    'mail operational 2026-10-01T00:00:00',
    'mail major_outage 2026-11-03T14:02:00',
    'mail operational 2026-11-03T15:14:00',
    'mail unknown 2026-11-05T00:00:00',
    'mail operational 2026-11-05T01:00:00',
    'old operational 2026-10-01T00:00:00',
    'hidden unknown 2026-10-01T00:00:00',
    'pads operational 2026-11-16T00:00:00',
    'pads partial_outage 2026-11-29T00:00:00',
  ])
  results.changed(outage('mail', '2026-11-03T14:02:00', '2026-11-03T15:14:00'))
  results.changed(outage('pads', '2026-11-29T00:00:00', null, false))
  results.close()
  return data
}

function report(data: string, ...more: readonly string[]) {
  return vigie(['report', '--checks', folderWith(CHECKS), '--data', data, ...more], { wall: () => NOW })
}

test('Of the last month that is over, in the language of the page, as Markdown.', async () => {
  const { code, out, err } = await report(november())
  expect([code, err]).toEqual([0, ''])
  expect(out.replaceAll('\u202f', ' ').replaceAll('\u00a0', ' ')).toBe(`# Essai \\| Test : disponibilité, novembre 2026

Du 1er novembre 2026 au 30 novembre 2026 inclus.
Établi le 1er déc. 2026, 09:12 (Europe/Paris).
Mesuré depuis le 16 nov. 2026, 00:00 seulement : =Textes, à plusieurs.
Jamais mesuré sur cette période : Nouveau.

| Service              | Disponibilité |   En panne | En partie | Sans mesure | Maintenance | Pannes | La plus longue |
| -------------------- | ------------: | ---------: | --------: | ----------: | ----------: | -----: | -------------: |
| Courriel             |       99,83 % | 1 h 12 min |         – |         1 h |           – |      1 |     1 h 12 min |
| =Textes, à plusieurs |         100 % |          – |       2 j |           – |           – |      1 |            2 j |

## Pannes

- 3 nov. 2026, 14:02, pendant 1 h 12 min : Courriel · Recevoir du courriel (le serveur ne répond pas)
- 29 nov. 2026, 00:00, en cours, depuis 2 j : =Textes, à plusieurs · en partie · Recevoir du courriel (le serveur ne répond pas)

- Disponibilité = 1 − temps en panne ÷ (temps total − temps sans mesure − maintenance).
- « En partie » : une partie du service ne répondait pas, ou il ne répondait pas de partout. Ce temps est compté à part.
- « Sans mesure » : vigie ne pouvait rien savoir, parce que sa propre ligne ne marchait pas ou qu’il était arrêté. Ce temps ne compte ni pour ni contre le service.
- Une panne commence au premier échec constaté et finit à la première bonne réponse.
`)
})

test('On a terminal no line is broken by its edge, and nothing is lost.', async () => {
  const checks = folderWith(CHECKS)
  const { out } = await vigie(['report', '--checks', checks, '--data', november()], { wall: () => NOW, columns: 80 })
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(out).toMatch(/\| Courriel +\| +99,83.% \| +1 \| +1 h 12 min \|/)
  expect(out).toMatch(/\| Courriel +\| +1 h 12 min \| +– \| +1 h \| +– \|/)
})

test('In English, of a period that is still running.', async () => {
  const { out } = await report(november(), '--lang', 'en', '--year', '2026')
  expect(out).toContain('# Essai \\| Test: uptime, 2026\n')
  expect(out).toContain('The period isn’t over: figures end on 1 Dec 2026, 09:12.\n')
  expect(out).toMatch(/\| E-mail +\| 99\.91% \|/)
})

test('As CSV, a line a service, moments in UTC, and no formula.', async () => {
  const { out } = await report(november(), '--csv', '--lang', 'fr')
  expect(out.split('\r\n')).toEqual([
    'service,name,from,to,uptime,outage_s,partial_s,degraded_s,blind_s,maintenance_s,measured_s,outages,longest_s',
    `mail,Courriel,2026-10-31T23:00:00.000Z,2026-11-30T23:00:00.000Z,${1 - 4320 / 2588400},4320,0,0,3600,0,2588400,1,4320`,
    'new,Nouveau,,2026-11-30T23:00:00.000Z,,0,0,0,0,0,0,0,0',
    `pads,"'=Textes, à plusieurs",2026-11-15T23:00:00.000Z,2026-11-30T23:00:00.000Z,1,0,172800,0,0,0,1296000,1,172800`,
    '',
  ])
})

test('As JSON, with the outages and what they are of.', async () => {
  const { out } = await report(november(), '--json', '--from', '2026-11-03', '--to', '2026-11-05')
  const document = JSON.parse(out)
  expect(document).toMatchObject({
    version: 1,
    period: '2026-11-03..2026-11-05',
    from: '2026-11-02T23:00:00.000Z',
    to: '2026-11-05T23:00:00.000Z',
    complete: true,
    services: [
      { id: 'mail', name: { fr: 'Courriel', en: 'E-mail' }, outage_s: 4320, blind_s: 3600, outages: 1 },
      { id: 'new', share: null, since: null },
      { id: 'pads', since: null },
    ],
    outages: [{ service: 'mail', within_s: 4320, confirmed: true, checks: [{ kind: 'smtp', reason: 'timeout' }] }],
  })
})

test('An outage that only the other site measured is told, too.', async () => {
  const { data, results } = past(['mail operational 2026-10-01T00:00:00', 'mail unknown 2026-11-10T00:00:00'])
  const own = outage('mail', '2026-11-03T14:02:00', '2026-11-03T15:14:00')
  const theirs = outage('mail', '2026-11-12T08:00:00', '2026-11-12T09:00:00')
  results.changed(own)
  const change = { ...theirs, state: 'ended' as const, sites: { ...theirs.sites, id: 'mail-2' } }
  const piece = {
    stream: 'changes' as const,
    site: 'offsite',
    from: 0,
    next: NOW,
    more: false,
    sums: [],
    changes: [change],
  }
  results.keep(piece, { own: 'home', other: 'offsite', isKnown: () => true })
  results.close()
  const key = (n: number) => `ed25519:${Buffer.alloc(32, n).toString('base64')}`
  const site = CHECKS['site.yaml'].replace('home: {}', `home: { key: "${key(1)}" }, offsite: { key: "${key(2)}" }`)
  const checks = folderWith({ ...CHECKS, 'site.yaml': site })
  const { out } = await vigie(['report', '--json', '--checks', checks, '--data', data], { wall: () => NOW })
  const { outages } = JSON.parse(out) as { outages: readonly { id: string; within_s: number }[] }
  expect(outages.map(({ id, within_s }) => `${id} ${within_s}`)).toEqual(['mail-1 4320', 'mail-2 3600'])
})

test('Time after vigie ended is not measured, and an open outage is known until then only.', async () => {
  const { data, results } = past(['mail major_outage 2026-11-30T00:00:00'], at('2026-11-30T06:00:00'))
  results.changed(outage('mail', '2026-11-30T00:00:00', null))
  results.close()
  const { out } = await report(data, '--json')
  expect(JSON.parse(out).services[0]).toMatchObject({ outage_s: 21600, blind_s: 64800, longest_s: 21600 })
})

test.each([
  [['--month', '2026-13'], 'a month like 2026-11'],
  [['--year', '26'], 'a year like 2026'],
  [['--from', '2026-02-30'], 'a day looks like'],
  [['--to', '2026-11-01'], '--to wants --from'],
  [['--from', '2026-11-02', '--to', '2026-11-01'], 'before'],
  [['--month', '2026-11', '--year', '2026'], 'take one'],
  [['--month', '2027-01'], 'yet to come'],
  [['--lang', 'de'], 'fr or en'],
  [['--csv', '--json'], 'one of them'],
])('%s is wrong use.', async (words, hint) => {
  const { code, out, err } = await report(november(), ...words)
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(hint)
})

test('Where no vigie runs it says that this is of the past.', async () => {
  const data = november()
  rmSync(join(data, 'run.json'))
  expect((await report(data)).err).toBe(`No vigie runs on ${data}: this is what it last knew.\n`)
})

test('A folder nothing was measured into, and one that is damaged, are said.', async () => {
  const data = folderWith()
  expect(await report(data)).toEqual({
    code: 1,
    out: '',
    err: `vigie report: nothing was ever measured into ${data}: has a vigie run there?\n`,
  })
  const damaged = folderWith({ 'results.db': 'x'.repeat(8192) })
  expect(await report(damaged)).toMatchObject({ code: 1, err: expect.stringContaining('results.db is damaged') })
})

test('A month without any history is told to be so.', async () => {
  const { code, out, err } = await report(november(), '--month', '2025-01', '--lang', 'en')
  expect([code, err]).toEqual([1, ''])
  expect(out).toContain('Nothing was measured in this period.\n')
  expect(out).not.toContain('Outages')
})

test('In its first month the running one is meant, whose figures all begin at once.', async () => {
  const services = ['mail', 'pads', 'new']
  const { data, results } = past(services.map((id) => `${id} operational 2026-12-01T08:00:00`))
  results.close()
  const { code, out, err } = await report(data, '--lang', 'en')
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('# Essai \\| Test: uptime, December 2026\n')
  expect(out).toContain('Measured only since 1 Dec 2026, 08:00.\n')
  expect(JSON.parse((await report(data, '--json')).out)).toMatchObject({ period: '2026-12', complete: false })
  expect((await report(data, '--month', '2026-11')).code).toBe(1)
})

test('Services stand as on the page, names with commas apart, and long ones are cut on a screen alone.', async () => {
  const groups = 'groups: [ { b: { fr: B, en: B } }, { a: { fr: A, en: A } } ]\n'
  const long = 'Webmail, contacts et agenda partagé'
  const checks = folderWith({
    'site.yaml': CHECKS['site.yaml'] + groups,
    'mail.yaml': `group: a\n${CHECKS['mail.yaml']}`,
    'new.yaml': `group: a\n${CHECKS['new.yaml'].replace('fr: Nouveau', 'fr: "Rendez-vous et sondages"')}`,
    'pads.yaml': `group: b\n${CHECKS['pads.yaml'].replace('=Textes, à plusieurs', long)}`,
  })
  const data = november()
  const ask = (columns?: number) =>
    vigie(['report', '--checks', checks, '--data', data], { wall: () => NOW, ...(columns ? { columns } : {}) })
  const { out, err } = await ask()
  expect(err).toBe('')
  expect(out.indexOf(`| ${long}`)).toBeLessThan(out.indexOf('| Courriel'))
  expect((await report(data, '--month', '2026-10')).out).toContain(': Nouveau · =Textes, à plusieurs.')
  const screen = await ask(80)
  expect(screen.err).toContain('--lang en')
  for (const line of screen.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('What the team told stands below what was measured, of the period alone, in the language asked for.', async () => {
  const data = november()
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: () => NOW })
  const tell = (id: string, started: string, over: object = {}) =>
    ledger.say('incident.open', {
      ...{
        id,
        by: 'cli',
        at: at(started),
        key: null,
        update: id.replace(/.$/, 'u'),
        title: { fr: 'Disque *plein*', en: 'Disk full' },
      },
      ...{
        text: { fr: 'Nous regardons.' },
        status: 'investigating',
        impact: 'major',
        services: ['mail', 'hidden'],
        started: at(started),
      },
      ...{ raises: 'none', outages: [] },
      ...over,
    })
  tell('aaaaaaaaaaaa', '2026-11-03T14:02:00')
  tell('bbbbbbbbbbbb', '2026-10-03T14:02:00', { status: 'resolved' })
  ledger.close()
  const { out } = await report(data, '--lang', 'en')
  expect(out).toContain('## What the team told of it\n\n- 3 Nov 2026, 14:02, not over: Disk full (E-mail)\n')
  expect(out.match(/Disk full/g)).toHaveLength(1)
  expect((await report(data)).out).toContain('Disque \\*plein\\*')
  const document = JSON.parse((await report(data, '--json')).out) as { incidents: unknown[] }
  expect(document.incidents).toMatchObject([
    { id: 'aaaaaaaaaaaa', services: ['mail'], resolved: null, impact: 'major' },
  ])
})
