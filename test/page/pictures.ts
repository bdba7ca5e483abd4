// Pictures of a small hoster at nine moments that a page must get right, and what they are made of.

import type { Service } from '../../src/core/check.ts'
import { standOn } from '../../src/core/history/day-picture.ts'
import type { Span } from '../../src/core/history/history.ts'
import type { CheckPicture, MaintenancePicture, Picture, ServicePicture } from '../../src/core/shown/picture.ts'
import type { Text } from '../../src/core/text.ts'
import { lastDays } from '../../src/core/time/days.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import type { Confidence } from '../../src/core/verdict/agreement.ts'
import type { Status } from '../../src/core/verdict/service.ts'
import type { State } from '../../src/core/verdict/state.ts'

/** Monday 23 November 2026, 14:12 in Paris. */
export const NOON = Date.parse('2026-11-23T13:12:00Z')
/** 14:02 that day. */
export const OUTAGE = NOON - 10 * MINUTE
/** 3 November, 14:02. */
export const LONG_AGO = OUTAGE - 20 * DAY

const CATALOGUE: readonly (readonly [string, Text, string | null])[] = [
  ['hetzner', { fr: 'Serveur principal', en: 'Main server' }, 'infrastructure'],
  ['mail', { fr: 'Courriel', en: 'E-mail' }, 'communication'],
  ['matrix', { fr: 'Messagerie instantanée Matrix', en: 'Matrix chat' }, 'communication'],
  ['webmail', { fr: 'Webmail, contacts et agenda', en: 'Webmail, contacts and calendar' }, 'communication'],
  ['files', { fr: 'Fichiers', en: 'Files' }, 'documents'],
  ['notes', { fr: 'Notes', en: 'Notes' }, 'documents'],
  ['pads', { fr: 'Textes à plusieurs', en: 'Shared texts' }, 'documents'],
  ['website', { fr: 'Site web', en: 'Website' }, null],
]

const NINETY = lastDays(90, NOON, 'Europe/Paris')

const UP: Confidence = { confirmed: 2, of: 2, sites: ['home', 'offsite'], note: 'confirmed' }

export function pictureOf(services: readonly ServicePicture[], changes: Partial<Picture> = {}): Picture {
  return {
    version: 1,
    hoster: {
      name: { fr: 'Nomagic', en: 'Nomagic' },
      about: {
        fr: 'Nomagic est une association qui héberge des logiciels libres pour ses membres.',
        en: 'Nomagic is an association that hosts free software for its members.',
      },
      security: null,
      contact: 'mailto:contact@nomagic.example',
      languages: ['fr', 'en'],
      timezone: 'Europe/Paris',
      groups: [
        { id: 'communication', name: { fr: 'Communication', en: 'Communication' } },
        { id: 'documents', name: { fr: 'Documents', en: 'Documents' } },
        { id: 'infrastructure', name: { fr: 'Infrastructure', en: 'Infrastructure' } },
      ],
      sites: [
        siteOf('home', 'https://a.status.example', { fr: 'Grenoble', en: 'Grenoble' }),
        siteOf('offsite', 'https://b.status.example', { fr: 'Paris', en: 'Paris' }),
      ],
    },
    site: 'home',
    at: NOON,
    nextBy: NOON + 2 * MINUTE,
    status: 'operational',
    restSeen: true,
    changed: LONG_AGO,
    blind: null,
    lines: [
      { site: 'home', line: 'good', since: LONG_AGO },
      { site: 'offsite', line: 'good', since: LONG_AGO },
    ],
    services,
    incidents: [],
    maintenances: [],
    notices: [],
    method: {
      witnesses: ['80.67.169.12', '9.9.9.9', 'www.wikimedia.org', 'www.debian.org', 'www.ripe.net'],
      path: ['www.hetzner.com'],
      policy: {
        loneFall: 8,
        hold: MINUTE,
        taint: MINUTE,
        witnessEvery: 15_000,
        flap: { changes: 3, within: 30 * MINUTE, calm: 15 * MINUTE },
      },
    },
    replica: false,
    ...changes,
  }
}

/** Ninety days of which the first sixteen are from before vigie, and a few had something. */
export function daysOf(id: string, status: Status = 'operational', since = LONG_AGO) {
  const seed = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const at = (daysAgo: number, length: number, was: Status): readonly [number, number, Status] => [
    NOON - daysAgo * DAY,
    length,
    was,
  ]
  const events = [
    at(60, 3 * HOUR, 'unknown'),
    at(44 - (seed % 5), 2 * HOUR, 'under_maintenance'),
    at(30 - (seed % 7), 17 * MINUTE, 'major_outage'),
    ...(seed % 3 === 0 ? [at(12, 5 * HOUR, 'partial_outage' as const)] : []),
    ...(seed % 4 === 0 ? [at(5, 40 * MINUTE, 'degraded_performance' as const)] : []),
  ] as const
  const spans: Span[] = []
  let from = NOON - 74 * DAY
  for (const [begin, length, was] of events) {
    spans.push({ from, to: begin, status: 'operational' }, { from: begin, to: begin + length, status: was })
    from = begin + length
  }
  if (status === 'operational') spans.push({ from, to: null, status })
  else spans.push({ from, to: since, status: 'operational' }, { from: since, to: null, status })
  return standOn(NINETY, spans, NOON)
}

function siteOf(id: string, url: string, where: Text) {
  return { id, url, key: null, where, role: 'full' as const, domain: id }
}

/** A service in good health, but for the changes. */
export function serviceOf(
  id: string,
  name: Text,
  group: string | null,
  changes: Partial<ServicePicture> = {},
  configured: Partial<Service> = {},
): ServicePicture {
  const checks = changes.checks ?? [checkOf(`${id}.http`), checkOf(`${id}.tls`)]
  return {
    service: {
      id,
      name,
      group,
      about: null,
      url: `https://${id}.nomagic.example/`,
      audience: 'members',
      checks: [],
      ...configured,
    },
    status: 'operational',
    override: null,
    raised: false,
    state: 'up',
    since: LONG_AGO,
    unstable: false,
    cause: null,
    confidence: UP,
    suspect: false,
    measured: checks.length,
    of: checks.length,
    confirmed: 'operational',
    told: null,
    acknowledged: null,
    uptime: { days: 90, share: 0.99987, outage: 17 * MINUTE, partial: 0, blind: 0, maintenance: 0 },
    days: daysOf(id, changes.status ?? 'operational', changes.since ?? LONG_AGO),
    ...changes,
    checks,
  }
}

export function checkOf(id: string, changes: Partial<CheckPicture> = {}): CheckPicture {
  const state = changes.state ?? 'up'
  const seen = state === 'degraded' ? 'degraded' : state === 'partial' ? 'down' : state
  return {
    id,
    kind: id.split('.')[1]!,
    state,
    reason: null,
    since: LONG_AGO,
    seen: true,
    at: NOON - 20_000,
    took: 41.234,
    sites: ['home', 'offsite'].map((site) => ({
      site,
      state: seen,
      at: NOON - 20_000,
      failures: 0,
      suspectSince: null,
    })),
    ...changes,
  }
}

/** The catalogue, with some of its services changed. */
export function catalogue(changes: Readonly<Record<string, Partial<ServicePicture>>> = {}): readonly ServicePicture[] {
  return CATALOGUE.map(([id, name, group]) => serviceOf(id, name, group, changes[id]))
}

function failing(
  id: string,
  status: Status,
  state: State,
  changes: Partial<ServicePicture> = {},
): Partial<ServicePicture> {
  const reason = state === 'degraded' ? 'slow' : state === 'unknown' ? 'offline' : 'timeout'
  return {
    status,
    state,
    since: OUTAGE,
    checks: [
      checkOf(`${id}.http`, { state, reason, since: OUTAGE }),
      checkOf(`${id}.tls`, { state, reason, since: OUTAGE }),
    ],
    ...changes,
  }
}

export const DOWN = failing('mail', 'major_outage', 'down', { told: OUTAGE + MINUTE })

const MAIL_DOWN = ['smtp', 'submission', 'imap'].map((kind) =>
  checkOf(`mail.${kind}`, { state: 'down', reason: 'timeout', since: OUTAGE }),
)

/** Home reaches nothing of it: offsite does, or says nothing and home's road is bad. */
function halfSeen(note: 'disagree' | 'road', sites: readonly string[]): Partial<ServicePicture> {
  const check = checkOf('mail.smtp', { state: 'partial', reason: 'timeout', since: OUTAGE })
  const other = note === 'road' ? 'unknown' : 'up'
  const seen = check.sites.map((one) => ({ ...one, state: one.site === 'home' ? ('down' as const) : (other as State) }))
  return failing('mail', 'partial_outage', 'partial', {
    confidence: { confirmed: 1, of: 2, sites, note },
    checks: [{ ...check, sites: seen }],
    measured: 1,
    of: 1,
  })
}

/** Two looks at it failed, a third decides. */
function suspected(id: string): Partial<ServicePicture> {
  const check = checkOf(`${id}.http`, { seen: false })
  const sites = check.sites.map((one) => ({ ...one, failures: 2, suspectSince: NOON - 40_000 }))
  return {
    suspect: true,
    confidence: { ...UP, note: 'verifying' },
    checks: [{ ...check, sites }, checkOf(`${id}.tls`)],
  }
}

/** All of them while our own line is cut. */
const UNSEEN = Object.fromEntries(
  CATALOGUE.map(([id]) => [
    id,
    failing(id, 'unknown', 'unknown', {
      confidence: { confirmed: 0, of: 0, sites: [], note: 'frozen' },
      measured: 0,
      uptime: { days: 90, share: 0.99987, outage: 17 * MINUTE, partial: 0, blind: 3 * HOUR, maintenance: 0 },
    }),
  ]),
)

const NEW_DISK: MaintenancePicture = {
  id: 'mnt000000005',
  of: 'mnt000000005',
  title: { fr: 'Nouveau disque', en: 'New disk' },
  text: { fr: 'Nous changeons un disque.', en: 'We replace a disk.' },
  services: ['pads'],
  created: LONG_AGO,
  changed: LONG_AGO,
  sequence: 0,
  begins: OUTAGE,
  ends: OUTAGE + 118 * MINUTE,
  cancelled: null,
  repeats: false,
  updates: [],
}

export const MOMENTS = {
  allWell: pictureOf(catalogue()),
  onset: pictureOf(catalogue({ files: suspected('files') }), { changed: NOON - 20_000 }),
  spreading: pictureOf(
    catalogue({ mail: { ...DOWN, checks: MAIL_DOWN }, files: suspected('files'), notes: suspected('notes') }),
    { status: 'major_outage', changed: OUTAGE, restSeen: false },
  ),
  oneDown: pictureOf(catalogue({ mail: { ...DOWN, checks: MAIL_DOWN } }), { status: 'major_outage', changed: OUTAGE }),
  partly: pictureOf(
    catalogue({
      mail: failing('mail', 'partial_outage', 'down', {
        checks: [
          checkOf('mail.smtp'),
          checkOf('mail.submission', { state: 'down', reason: 'refused', since: OUTAGE }),
          checkOf('mail.imap'),
        ],
        told: OUTAGE + MINUTE,
      }),
    }),
    { status: 'partial_outage', changed: OUTAGE },
  ),
  parentDown: pictureOf(
    catalogue({
      hetzner: failing('hetzner', 'major_outage', 'down', { told: OUTAGE + MINUTE }),
      ...Object.fromEntries(
        ['mail', 'matrix', 'webmail', 'files', 'notes', 'pads'].map((id) => [
          id,
          failing(id, 'major_outage', 'down', { cause: 'hetzner', ...(id === 'mail' ? { checks: MAIL_DOWN } : {}) }),
        ]),
      ),
    }),
    { status: 'major_outage', changed: OUTAGE },
  ),
  disputed: pictureOf(catalogue({ mail: halfSeen('disagree', ['offsite']) }), {
    status: 'partial_outage',
    changed: OUTAGE,
  }),
  unreached: pictureOf(catalogue({ mail: halfSeen('road', ['home']) }), { status: 'partial_outage', changed: OUTAGE }),
  degraded: pictureOf(catalogue({ files: failing('files', 'degraded_performance', 'degraded') }), {
    status: 'degraded_performance',
    changed: OUTAGE,
  }),
  blind: pictureOf(catalogue(UNSEEN), {
    status: 'unknown',
    blind: { since: OUTAGE, layers: ['dns', 'v4'], told: null },
    changed: OUTAGE,
  }),
  maintenance: pictureOf(catalogue({ pads: { status: 'under_maintenance', since: OUTAGE } }), {
    status: 'under_maintenance',
    changed: OUTAGE,
    maintenances: [NEW_DISK],
  }),
  cutAtWork: pictureOf(catalogue({ ...UNSEEN, pads: { status: 'under_maintenance', since: OUTAGE } }), {
    status: 'unknown',
    blind: { since: OUTAGE, layers: ['dns', 'v4'], told: null },
    changed: OUTAGE,
    maintenances: [NEW_DISK],
  }),
  unstable: pictureOf(
    catalogue({ matrix: failing('matrix', 'major_outage', 'down', { unstable: true, told: OUTAGE + MINUTE }) }),
    { status: 'major_outage', changed: OUTAGE },
  ),
  demo: pictureOf(
    catalogue({
      notes: {
        measured: 1,
        checks: [checkOf('notes.http'), checkOf('notes.tls', { state: 'unknown', reason: 'config' })],
      },
    }),
    { replica: true, notices: [{ kind: 'no_witnesses' }, { kind: 'history_lost', since: OUTAGE }] },
  ),
} satisfies Readonly<Record<string, Picture>>

export const EVERY_MOMENT: readonly (readonly [string, Picture])[] = Object.entries(MOMENTS)

/** Thirty services of three checks each: what the budgets are about. */
export function thirtyServices(at = NOON): Picture {
  const services = Array.from({ length: 30 }, (_, index) =>
    serviceOf(
      `service-${index}`,
      { fr: `Service numéro ${index}`, en: `Service number ${index}` },
      ['communication', 'documents', 'infrastructure'][index % 3]!,
      { checks: ['http', 'tls', 'tcp'].map((kind) => checkOf(`service-${index}.${kind}`)) },
    ),
  )
  return pictureOf(services, { at, nextBy: at + 2 * MINUTE })
}
