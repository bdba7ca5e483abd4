// What a domain publishes about itself is found, all of it and nothing else.
import type { Answer } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { readAutoconfig, readHostMeta, readProperties } from '../../src/discovery/documents.ts'
import { filesOf } from '../../src/discovery/write.ts'
import { kinds } from '../../src/probes/index.ts'
import { briefly, readFiles } from '../config/folders.ts'
import { entriesOf, explore, holding } from './world.ts'

const DOMAIN = 'asso.test'

const srv = (name: string, port: number, host: string): Answer => ({
  type: 'SRV',
  name: `${name}.${DOMAIN}`,
  ttl: 60,
  data: { priority: 0, weight: 0, port, target: host },
})

const RECORDS: readonly Answer[] = [
  { type: 'MX', name: DOMAIN, ttl: 60, data: { preference: 20, exchange: `mx2.${DOMAIN}` } },
  { type: 'MX', name: DOMAIN, ttl: 60, data: { preference: 10, exchange: `mx1.${DOMAIN}` } },
  srv('_submissions._tcp', 465, `mail.${DOMAIN}`),
  srv('_imaps._tcp', 993, `mail.${DOMAIN}`),
  srv('_pop3s._tcp', 0, '.'),
  srv('_xmpp-client._tcp', 5222, `chat.${DOMAIN}`),
  srv('_xmpp-server._tcp', 5269, `chat.${DOMAIN}`),
]

const PAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [DOMAIN]: {
    '/': '<title>Une association</title>',
    '/.well-known/matrix/server': `{"m.server": "matrix.${DOMAIN}:443"}`,
    '/.well-known/host-meta': `<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="urn:xmpp:alt-connections:websocket" href="wss://chat.${DOMAIN}/ws/"/></XRD>`,
    [`/.well-known/chatonsinfos/${DOMAIN}.properties`]: `# nous\nsubs.fichiers = https://${DOMAIN}/fichiers.properties\nsubs.mauvais = http://127.0.0.1/x\n`,
    '/fichiers.properties': `service.website = https://fichiers.${DOMAIN}/\nsoftware.name = Seafile\n`,
  },
  [`fichiers.${DOMAIN}`]: { '/': '<title>Connexion</title>', '/api2/ping/': '"pong"' },
  [`pad.${DOMAIN}`]: { '/': '<title>HedgeDoc</title>', '/_health': '{"ready": true}' },
  [`blog.${DOMAIN}`]: { '/': '<p>Nous parlons de wallabag ici.</p>', '/api/info': 'not it' },
}

const run = () =>
  explore({
    domain: DOMAIN,
    names: holding(RECORDS),
    serve: (host, { url }, response) => {
      const body = PAGES[host]?.[url ?? '']
      response.writeHead(body === undefined ? 404 : 200).end(body ?? '')
    },
    certified: [...Object.keys(PAGES), `mail.${DOMAIN}`, `mx1.${DOMAIN}`, 'elsewhere.example'],
  })

it('What a domain publishes is found, costs a handful of requests, and becomes sound files.', async () => {
  const { found, asked } = await run()
  expect(entriesOf(found)).toEqual({
    mail: [
      { smtp: 'mx1.asso.test:25', id: 'smtp' },
      { smtp: 'mx2.asso.test:25', id: 'smtp-2' },
      { smtp: 'mail.asso.test:465', id: 'submission-465' },
      { imap: 'mail.asso.test:993', id: 'imap-993' },
    ],
    fichiers: [{ preset: 'seafile', url: 'https://fichiers.asso.test' }],
    website: [{ http: 'https://asso.test/', redirects: 3 }],
    pad: [{ preset: 'hedgedoc', url: 'https://pad.asso.test' }],
    blog: [{ http: 'https://blog.asso.test/', redirects: 3 }],
    xmpp: [
      { xmpp: DOMAIN, id: 'client', as: 'client' },
      { xmpp: DOMAIN, id: 'server', as: 'server', every: '15m' },
      { xmpp: DOMAIN, id: 'websocket', as: 'client', websocket: 'wss://chat.asso.test/ws/', every: '5m' },
    ],
    matrix: [
      { matrix: DOMAIN, id: 'client', federation: false },
      { matrix: DOMAIN, id: 'federation', federation: true, every: '15m' },
    ],
    domain: [{ domain: DOMAIN }, { mailhealth: DOMAIN }],
  })
  expect(found.missing).toEqual(['MTA-STS: no policy', 'calendars and contacts: no SRV record and no /.well-known'])
  expect(asked.length).toBeLessThan(30)
  expect(asked.filter((one) => /elsewhere|127\.0\.0\.1/.test(one))).toEqual([])
  const files = Object.fromEntries(filesOf(DOMAIN, found.found))
  expect(briefly(readFiles(files, { kinds }))).toEqual([])
  expect(files['fichiers.yaml']).toBe(
    [
      '# Found by list of services, answers like Seafile.',
      'service: Seafile',
      'group: documents',
      'url: https://fichiers.${domain}/',
      'checks:',
      '  # It misses that a file comes back byte for byte: the file server hands out each under an address of its own.',
      '  - preset: seafile',
      '    url: https://fichiers.${domain}',
      '',
    ].join('\n'),
  )
})

describe('documents of strangers', () => {
  it('of mail clients count only where the connection is encrypted', () => {
    const server = (type: string, host: string, port: string, socket: string) =>
      `<${type === 'smtp' ? 'outgoing' : 'incoming'}Server type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType></${type === 'smtp' ? 'outgoing' : 'incoming'}Server>`
    const text = `<clientConfig version="1.1"><emailProvider id="x">${server('imap', 'Mail.asso.test', '993', 'SSL')}${server('pop3', 'mail.asso.test', '110', 'plain')}${server('smtp', 'mail.asso.test', '587', 'STARTTLS')}${server('imap', '-x', '99999', 'SSL')}</emailProvider></clientConfig>`
    expect(readAutoconfig(text)).toEqual([
      { kind: 'imap', host: 'mail.asso.test', port: 993 },
      { kind: 'smtp', host: 'mail.asso.test', port: 587 },
    ])
  })

  it.each(['', '<', '<!DOCTYPE x [<!ENTITY a "b">]><x/>', '{"a":', '\0\0', '<a>'.repeat(100)])(
    'that are none are as if they weren’t there: %j',
    (text) => {
      expect(readAutoconfig(text)).toEqual([])
      expect(readHostMeta(text)).toEqual({ bosh: null, websocket: null })
      expect(readProperties(text).size).toBe(0)
    },
  )
})
