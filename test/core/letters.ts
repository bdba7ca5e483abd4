// Letters about a hoster's bad Monday, one of every kind, for tests of what is said and sent.

import { HOUR, MINUTE, SECOND } from '../../src/core/time/time.ts'
import type { Affected, News } from '../../src/core/verdict/letter.ts'

/** 14:02:10 in Paris, a Monday. */
export const START = Date.UTC(2026, 10, 23, 13, 2, 10)

export const mail: Affected = {
  outage: 'mail-1',
  service: 'mail',
  name: { fr: 'Courriel', en: 'E-mail' },
  since: START,
  lastGood: START - 58 * SECOND,
  confidence: { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' },
  rule: '7a',
  checks: [
    {
      id: 'mail.smtp',
      kind: 'smtp',
      target: 'mx.nomagic.test:25',
      reason: 'refused',
      note: 'connect ECONNREFUSED 192.0.2.1:25',
    },
    { id: 'mail.imap', kind: 'imap', target: 'mail.nomagic.test:993', reason: 'timeout', note: 'no greeting in 10 s' },
  ],
}
export const files: Affected = {
  ...mail,
  outage: 'files-1',
  service: 'files',
  name: { fr: 'Fichiers', en: 'Files' },
  since: START + 20 * SECOND,
  checks: [
    {
      id: 'files.http',
      kind: 'http',
      target: 'https://files.nomagic.test/',
      reason: 'status',
      note: '502 Bad Gateway',
    },
  ],
}
export const host: Affected = {
  ...mail,
  outage: 'hetzner-1',
  service: 'hetzner',
  name: { fr: 'Serveur chez Hetzner', en: 'Server at Hetzner' },
  confidence: { confirmed: 2, of: 2, sites: ['home', 'offsite'], note: 'confirmed' },
  rule: '6',
  checks: [{ id: 'hetzner.ping', kind: 'ping', target: 'pve.nomagic.test', reason: 'timeout', note: '3 packets lost' }],
}

export const down: News = { kind: 'down', affected: [mail], children: [], suspected: null }
export const partial: News = {
  kind: 'partial',
  affected: { ...mail, confidence: { confirmed: 1, of: 2, sites: ['offsite'], note: 'disagree' }, rule: '2a' },
}
export const road: Extract<News, { kind: 'partial' }> = {
  kind: 'partial',
  affected: { ...mail, confidence: { confirmed: 1, of: 1, sites: ['home'], note: 'road' }, rule: '7b' },
}
/** Sending fails, reading works: a part of it. */
export const partOfMail: Affected = {
  ...mail,
  checks: [
    { id: 'mail.submission', kind: 'smtp', target: 'mail.nomagic.test:587', reason: 'refused', note: 'ECONNREFUSED' },
  ],
  extent: 'part',
  able: { works: ['read', 'receive'], fails: ['send'] },
}
export const up: News = { kind: 'up', over: [{ affected: mail, until: START + 72 * MINUTE }] }

export const NEWS: Readonly<Record<string, News>> = {
  down,
  parent: { kind: 'down', affected: [host], children: [mail, files], suspected: null },
  partly: { kind: 'down', affected: [partOfMail], children: [], suspected: null },
  untold: { kind: 'down', affected: [{ ...files, extent: 'part' }], children: [], suspected: null },
  inside: { kind: 'down', affected: [{ ...host, extent: 'inside' }], children: [], suspected: null },
  mixed: { kind: 'down', affected: [partOfMail, files], children: [], suspected: null },
  partsOnly: { kind: 'down', affected: [partOfMail, { ...files, extent: 'part' }], children: [], suspected: null },
  partOfMany: { kind: 'down', affected: [host], children: [partOfMail], suspected: null },
  insideUp: { kind: 'up', over: [{ affected: { ...host, extent: 'inside' }, until: START + 72 * MINUTE }] },
  settledPartly: { kind: 'settled', affected: partOfMail, down: true },
  digest: { kind: 'down', affected: [mail, files], children: [], suspected: null },
  suspected: {
    kind: 'down',
    affected: [mail, files],
    children: [],
    suspected: { id: 'hetzner', name: { fr: 'Serveur chez Hetzner', en: 'Server at Hetzner' } },
  },
  partial,
  road,
  roadOfMany: { ...road, others: [{ ...files, confidence: { confirmed: 1, of: 1, sites: ['home'], note: 'road' } }] },
  up,
  manyUp: {
    kind: 'up',
    over: [
      { affected: mail, until: START + 72 * MINUTE },
      { affected: files, until: START + 71 * MINUTE },
    ],
  },
  unstable: { kind: 'unstable', affected: mail, changes: 4 },
  settledUp: { kind: 'settled', affected: mail, down: false },
  settledDown: { kind: 'settled', affected: mail, down: true },
  degraded: {
    kind: 'degraded',
    affected: [
      { ...files, checks: [{ ...files.checks[0]!, reason: 'slow', note: '7 of 10 looks slower than 3 s' }] },
      { ...mail, checks: [] },
    ],
  },
  attention: {
    kind: 'attention',
    items: [
      {
        check: 'mail.imap',
        service: mail.name,
        kind: 'expiring',
        note: '9 days left of 90',
        since: START - 30 * HOUR,
      },
      { check: 'mail.submission', service: mail.name, kind: 'auth', note: '535 5.7.8', since: START },
      { check: 'mail.mailhealth', service: mail.name, kind: 'finding', note: 'no DMARC record', since: START },
    ],
  },
  blind: { kind: 'blind', since: START, until: null, layers: ['dns', 'v4', 'port:25'] },
  wasBlind: { kind: 'blind', since: START, until: START + 38 * MINUTE, layers: ['v4'] },
  self: { kind: 'self', what: 'disk', note: '12 MB are left on /var', remedy: 'make room in data/' },
  acknowledged: {
    kind: 'acknowledged',
    by: 'mail:alice@admins.example',
    outages: [
      { id: mail.outage, name: mail.name },
      { id: files.outage, name: files.name },
    ],
  },
  quiet: {
    kind: 'reminder',
    why: 'quiet',
    incident: 'k3vk3vk3vk3v',
    title: { fr: 'Envois bloqués', en: 'Sending is blocked' },
    since: START,
  },
  over: {
    kind: 'reminder',
    why: 'over',
    incident: 'k3vk3vk3vk3v',
    title: { fr: 'Envois bloqués', en: 'Sending is blocked' },
    since: START,
  },
  silent: { kind: 'twin', site: 'offsite', by: 'home', since: START, until: null },
  heard: { kind: 'twin', site: 'offsite', by: 'home', since: START, until: START + 38 * MINUTE },
  otherBlind: { kind: 'blind', site: 'offsite', since: START, until: null, layers: ['v4'] },
  ownRoad: { kind: 'road', site: 'offsite', since: START, address: '192.0.2.7', services: [mail.name] },
  test: { kind: 'test' },
}
