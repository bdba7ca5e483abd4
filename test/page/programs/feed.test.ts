import { describe, expect, it } from 'vitest'
import type { OutageRecord } from '../../../src/core/history/outage-record.ts'
import { HOUR, MINUTE } from '../../../src/core/time/time.ts'
import { badgeFiles } from '../../../src/page/programs/badge.ts'
import { securityFiles } from '../../../src/page/programs/security.ts'
import { statuspageFeeds } from '../../../src/page/programs/statuspage-feed.ts'
import { everyFeed, hangingOn } from '../past.ts'
import { MOMENTS, NOON } from '../pictures.ts'
import { incident, saying, work } from '../said.ts'

const outage = (over: Partial<OutageRecord> = {}): OutageRecord => ({
  id: 'mail-1',
  service: 'mail',
  audience: 'members',
  since: NOON - HOUR,
  opened: NOON - HOUR + MINUTE,
  ended: null,
  confirmed: true,
  confidence: { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' },
  rule: '7a',
  lastGood: NOON - HOUR - MINUTE,
  checks: [{ id: 'mail.submission', kind: 'tls', reason: 'refused', note: 'connection refused' }],
  ...over,
})

const picture = MOMENTS.allWell
const filesOf = (files: Iterable<{ path: string; body: string }>) =>
  new Map([...files].map(({ path, body }) => [path, body]))

describe('feeds of outages', () => {
  it('are there for all services and for each, in every language', () => {
    const paths = [...filesOf(everyFeed(picture, [])).keys()]
    expect(paths).toContain('feed.atom')
    expect(paths).toContain('fr/feed.atom')
    expect(paths).toContain('en/services/mail/feed.atom')
    expect(paths).toHaveLength(3 + 2 * picture.services.length)
  })

  it('say in words what happened, in the language of the feed', () => {
    const feeds = filesOf(everyFeed(picture, [outage({ ended: NOON })]))
    expect(feeds.get('fr/feed.atom')).toContain('panne terminée, elle a duré 1 h')
    expect(feeds.get('en/feed.atom')).toContain('the server refuses the connection')
    expect(feeds.get('fr/feed.atom')).toContain('En panne le 23 novembre 2026, de 13:12 à 14:12 (1 h).')
    expect(feeds.get('en/feed.atom')).not.toContain('since')
  })

  it('keep an id for life, and every byte while nothing is new', () => {
    const before = filesOf(everyFeed(picture, [outage()])).get('fr/feed.atom')!
    const later = filesOf(everyFeed({ ...picture, at: picture.at + 5 * HOUR }, [outage()])).get('fr/feed.atom')!
    expect(later).toBe(before)
    const over = filesOf(everyFeed(picture, [outage({ ended: NOON })])).get('fr/feed.atom')!
    const idOf = (feed: string) => /<entry>\s*<id>([^<]+)/.exec(feed)?.[1]
    expect(idOf(over)).toBe(idOf(before))
    expect(over).not.toBe(before)
  })

  it('hold an outage of one service in its own feed alone', () => {
    const feeds = filesOf(everyFeed(picture, [outage()]))
    expect(feeds.get('fr/services/mail/feed.atom')).toContain('<entry>')
    expect(feeds.get('fr/services/matrix/feed.atom')).not.toContain('<entry>')
  })

  it('escape whatever a name holds', () => {
    const hostile = { ...picture, hoster: { ...picture.hoster, name: { fr: `<b>&"'\u0000]]>` } } }
    for (const body of filesOf(everyFeed(hostile, [outage()])).values()) {
      expect(body).not.toContain('<b>')
      expect(body).not.toContain('\u0000')
    }
  })
})

describe('feeds of one outage of many services', () => {
  const hanging = hangingOn('hetzner', picture)
  const fell = (...ids: readonly string[]) =>
    ids.map((id, at) => outage({ id: `${id}-1`, service: id, opened: NOON - HOUR + at * 1_000 }))
  const entriesOf = (outages: readonly OutageRecord[], path: string) =>
    (
      filesOf(path.startsWith('history') ? statuspageFeeds(hanging, outages) : everyFeed(hanging, outages)).get(path) ??
      ''
    )
      .split(/<(?:entry|item)>/)
      .slice(1)
  const found = (entry: string | undefined, element: string) =>
    new RegExp(`<${element}[^>]*>([^<]*)`).exec(entry ?? '')?.[1]

  it('are one entry, which grows under its name, and is told by the cause', () => {
    const [first] = entriesOf(fell('mail'), 'fr/feed.atom')
    expect(found(first, 'title')).toBe('Courriel\u00a0: en panne')
    const [grown, ...more] = entriesOf(fell('mail', 'files', 'hetzner'), 'fr/feed.atom')
    expect(more).toEqual([])
    expect(found(grown, 'id')).toBe(found(first, 'id'))
    expect(found(grown, 'updated')! > found(first, 'updated')!).toBe(true)
    expect(found(grown, 'title')).toBe('Serveur principal et 2 autres services\u00a0: en panne')
    expect(grown).toContain('Services concernés\u00a0: Serveur principal\u00a0; Courriel\u00a0; Fichiers.')
  })

  it('say which of them work again', () => {
    const [mail, ...others] = fell('mail', 'files', 'hetzner')
    const [entry] = entriesOf([mail!, ...others.map((one) => ({ ...one, ended: NOON }))], 'en/feed.atom')
    expect(found(entry, 'title')).toBe('E-mail: down')
    expect(entry).toContain('Working again: Main server; Files.')
  })

  it('tell each service its own part alone', () => {
    const [mail, ...others] = fell('mail', 'files', 'hetzner')
    const [entry, ...more] = entriesOf([{ ...mail!, ended: NOON }, ...others], 'en/services/mail/feed.atom')
    expect(more).toEqual([])
    expect(found(entry, 'title')).toBe('E-mail: outage over, it lasted 1 h')
  })

  it.each(['history.atom', 'history.rss'])('are one in Statuspage’s shape, too (%s)', (path) => {
    const all = entriesOf(fell('mail', 'files', 'hetzner'), path)
    expect(all.map((entry) => found(entry, 'title'))).toEqual(['Main server and 2 other services down'])
    expect(all[0]).toContain(':Incident/mail-1<')
    expect(all[0]).toContain('Affected: Main server; E-mail; Files.')
  })
})

describe('Statuspage’s feeds', () => {
  it('begin each entry with its current state', () => {
    const files = filesOf(statuspageFeeds(picture, [outage({ ended: NOON })]))
    expect(/&lt;strong&gt;(\w+)/.exec(files.get('history.atom')!)?.[1]).toBe('Resolved')
    expect(files.get('history.rss')).toContain('<pubDate>')
  })

  it('claim no cause that nobody named', () => {
    const files = filesOf(statuspageFeeds(picture, [outage()]))
    expect(/&lt;strong&gt;(\w+)/.exec(files.get('history.atom')!)?.[1]).toBe('Investigating')
  })
})

describe('badges', () => {
  it('say label and word, and keep shields’ schema', () => {
    const files = filesOf(badgeFiles(MOMENTS.oneDown))
    for (const { service } of MOMENTS.oneDown.services) {
      expect(JSON.parse(files.get(`badge/${service.id}.json`)!)).toMatchObject({
        schemaVersion: 1,
        message: expect.stringMatching(/./),
      })
      expect(files.get(`badge/${service.id}.svg`)).toContain('role="img"')
    }
  })
})

describe('security.txt', () => {
  it('is there only when somebody is named, and expires within a year', () => {
    expect([...securityFiles(picture)]).toEqual([])
    const [file] = [
      ...securityFiles({ ...picture, hoster: { ...picture.hoster, security: 'mailto:security@elsewhere.example' } }),
    ]
    const expires = Date.parse(/^Expires: (.+)$/m.exec(file!.body)?.[1] ?? '')
    expect(expires - picture.at).toBeGreaterThan(90 * 24 * HOUR)
    expect(expires - picture.at).toBeLessThan(365 * 24 * HOUR)
  })
})

describe('feeds of what people said', () => {
  const told = saying({ incidents: [incident()], maintenances: [work()] })

  it('hold an incident with every update, newest first, in the language of the feed', () => {
    const feeds = filesOf(everyFeed(told, []))
    const french = feeds.get('fr/feed.atom')!
    expect(french).toContain('<title>Courriel\u00a0: envois refusés – cause trouvée</title>')
    expect(french.indexOf('Le disque est plein')).toBeLessThan(french.indexOf('regardons'))
    expect(french).toContain('&lt;strong&gt;regardons&lt;/strong&gt;')
    expect(feeds.get('en/feed.atom')).toContain('&lt;div lang=&quot;fr&quot;&gt;&lt;p&gt;Le disque')
    expect(french).toContain(
      '<link rel="alternate" type="text/html" href="https://a.status.example/fr/incidents/inc000000042/"/>',
    )
  })

  it('tell each service what is its own', () => {
    const feeds = filesOf(everyFeed(told, []))
    expect(feeds.get('fr/services/mail/feed.atom')).toContain('incident/inc000000042')
    expect(feeds.get('fr/services/matrix/feed.atom')).not.toContain('incident/')
    expect(feeds.get('fr/services/matrix/feed.atom')).toContain(
      'Maintenance\u00a0: Mise à jour de Synapse, le 24 novembre 2026',
    )
    expect(feeds.get('fr/services/matrix/feed.atom')).toMatch(/Le 24 novembre 2026, de \d\d:\d\d à \d\d:\d\d\./)
  })

  it('keep every byte while nothing is said', () => {
    const later = { ...told, at: told.at + 60 * MINUTE }
    expect(everyFeed(later, [])).toEqual(everyFeed(told, []))
  })

  it('are read by Statuspage’s readers: the first strong is the state', () => {
    const history = filesOf(statuspageFeeds(told, [outage({ ended: NOON })])).get('history.atom')!
    const entries = history.split('<entry>').slice(1)
    const states = entries.map((entry) => /&lt;strong&gt;([^&]+)&lt;/.exec(entry)?.[1])
    expect(states).toEqual(['Identified', 'Resolved', 'Scheduled'])
    expect(history).toContain('<title>E-mail: sending refused</title>')
  })
})
