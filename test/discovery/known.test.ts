// Domains whose services are known: all of them are found, and nothing else.
import type { Answer } from 'dns-packet'
import { expect, it } from 'vitest'
import { startReplica } from '../../src/demo/replica.ts'
import { discover } from '../../src/discovery/discover.ts'
import { filesOf } from '../../src/discovery/write.ts'
import { kinds } from '../../src/probes/index.ts'
import { briefly, readFiles } from '../config/folders.ts'
import { configurationOf } from '../core/policy.ts'
import { entriesOf, explore, holding, sourcesIn } from './world.ts'

it('All that the replica runs is found.', async () => {
  const configuration = configurationOf([], { domain: 'nomagic.test' })
  const replica = await startReplica({ configuration, now: Date.now, ping: () => {} })
  try {
    const found = await discover('nomagic.test', sourcesIn(replica.network, replica.network.resolvers()))
    const at = (preset: string, label: string) => ({ preset, url: `https://${label}.nomagic.test` })
    expect(entriesOf(found)).toEqual({
      mail: [
        { smtp: 'mx.nomagic.test:25', id: 'smtp' },
        { smtp: 'mail.nomagic.test:465', id: 'submission-465' },
        { smtp: 'mail.nomagic.test:587', id: 'submission-587' },
        { imap: 'mail.nomagic.test:993', id: 'imap-993' },
        { imap: 'mail.nomagic.test:143', id: 'imap-143' },
        { sieve: 'mail.nomagic.test:4190', id: 'sieve-4190' },
      ],
      webmail: [
        at('sogo', 'webmail'),
        { caldav: 'https://webmail.nomagic.test/' },
        { carddav: 'https://webmail.nomagic.test/' },
      ],
      files: [at('seafile', 'files')],
      office: [at('onlyoffice', 'office')],
      pads: [at('etherpad', 'pads')],
      notes: [at('hedgedoc', 'notes')],
      lufi: [at('lufi', 'lufi')],
      lutim: [at('lutim', 'lutim')],
      framadate: [at('framadate', 'framadate')],
      wallabag: [at('wallabag', 'wallabag')],
      turtl: [at('turtl', 'turtl')],
      website: [{ http: 'https://www.nomagic.test/', redirects: 3 }],
      xmpp: [
        { xmpp: 'nomagic.test', id: 'client', as: 'client' },
        { xmpp: 'nomagic.test', id: 'direct', as: 'client', tls: 'direct' },
        { xmpp: 'nomagic.test', id: 'server', as: 'server', every: '15m' },
      ],
      matrix: [
        { matrix: 'nomagic.test', id: 'client', federation: false },
        { matrix: 'nomagic.test', id: 'federation', federation: true, every: '15m' },
      ],
      domain: [{ domain: 'nomagic.test' }, { mailhealth: 'nomagic.test' }],
    })
    expect(found.missing).toEqual([])
    expect(briefly(readFiles(Object.fromEntries(filesOf('nomagic.test', found.found)), { kinds }))).toEqual([])
  } finally {
    await replica.stop()
  }
})

const srv = (name: string, port: number, target: string): Answer => ({
  type: 'SRV',
  name: `${name}.plain.test`,
  ttl: 60,
  data: { priority: 0, weight: 1, port, target },
})

it('A domain with records and no web is found by its records.', async () => {
  const { found } = await explore({
    domain: 'plain.test',
    names: holding([
      { type: 'MX', name: 'plain.test', ttl: 60, data: { preference: 10, exchange: 'mail.plain.test' } },
      srv('_xmpp-client._tcp', 5222, 'plain.test'),
      srv('_xmpps-client._tcp', 5223, 'plain.test'),
      srv('_xmpp-server._tcp', 5269, 'plain.test'),
      srv('_xmpps-server._tcp', 5270, 'plain.test'),
      srv('_matrix-fed._tcp', 8448, 'matrix.plain.test'),
      srv('_imaps._tcp', 993, 'mail.plain.test'),
      srv('_submission._tcp', 587, 'mail.plain.test'),
      srv('_caldavs._tcp', 443, 'mail.plain.test'),
    ]),
    serve: (_, request) => request.socket.destroy(),
    certified: ['plain.test'],
  })
  expect(entriesOf(found)).toEqual({
    mail: [
      { smtp: 'mail.plain.test:25', id: 'smtp' },
      { smtp: 'mail.plain.test:587', id: 'submission-587' },
      { imap: 'mail.plain.test:993', id: 'imap-993' },
    ],
    xmpp: [
      { xmpp: 'plain.test', id: 'client', as: 'client' },
      { xmpp: 'plain.test', id: 'direct', as: 'client', tls: 'direct' },
      { xmpp: 'plain.test', id: 'server', as: 'server', every: '15m' },
      { xmpp: 'plain.test', id: 'server-direct', as: 'server', tls: 'direct', every: '15m' },
    ],
    matrix: [
      { matrix: 'plain.test', id: 'client', federation: false },
      { matrix: 'plain.test', id: 'federation', federation: true, every: '15m' },
    ],
    calendars: [{ caldav: 'https://mail.plain.test/' }],
    domain: [{ domain: 'plain.test' }, { mailhealth: 'plain.test' }],
  })
})

it('A web site that sends everything on, or answers everything, is a web site and no more.', async () => {
  const hosts = ['shop.test', 'www.shop.test', 'vault.shop.test', 'mail.shop.test', 'site.shop.test']
  const { found } = await explore({
    domain: 'shop.test',
    names: holding([]),
    serve: (host, { url }, response) => {
      if (host === 'shop.test') response.writeHead(301, { location: `https://www.shop.test${url}` }).end()
      else response.end('<title>Shop</title> We sell pictures of vaultwarden, framadate, radicale and wallabag.')
    },
    certified: hosts,
  })
  expect(entriesOf(found)).toEqual({
    website: [{ http: 'https://www.shop.test/', redirects: 3 }],
    vault: [{ http: 'https://vault.shop.test/', redirects: 3 }],
    'site-web': [{ http: 'https://site.shop.test/', redirects: 3 }],
    domain: [{ domain: 'shop.test' }],
  })
  expect([...filesOf('shop.test', found.found).keys()].sort()).toEqual(
    ['domain', 'site-web', 'site', 'vault', 'website'].map((id) => `${id}.yaml`),
  )
})

it('Nothing at all is nothing at all.', async () => {
  const { found } = await explore({
    domain: 'empty.test',
    names: () => ({ rcode: 3 }),
    serve: (_, request) => request.socket.destroy(),
    certified: ['other.test'],
  })
  expect(found.found).toEqual([])
  expect(found.missing).toHaveLength(5)
})
