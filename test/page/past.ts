// A past for the pictures: a day and ninety of response times, and some outages, the same for the same names.
import type { Almanac, Point, ServicePast } from '../../src/core/history/almanac.ts'
import type { OutageRecord } from '../../src/core/history/outage-record.ts'
import type { Picture, ServicePicture } from '../../src/core/shown/picture.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { feedFiles, serviceFeedFiles } from '../../src/page/programs/feed.ts'
import { checkOf as configured } from '../core/policy.ts'
import { MOMENTS, NOON, OUTAGE } from './pictures.ts'

/** The past of every service of a picture; open outages are those the picture shows, and so are today's. */
export function almanacOf(picture: Picture = MOMENTS.allWell): Almanac {
  const byId = new Map(picture.services.map((service) => [service.service.id, service]))
  return {
    past: (id) => pastOf(byId.get(id)),
    outagesOf: (id, since) => pastOf(byId.get(id)).outages.filter(({ ended }) => (ended ?? since) >= since),
    outages: () => picture.services.flatMap((service) => pastOf(service).outages).sort((a, b) => b.since - a.since),
    blind: () => [
      { from: NOON - 3 * DAY, to: NOON - 3 * DAY + 12 * MINUTE, layers: ['v4'] },
      { from: NOON - 60 * DAY, to: NOON - 60 * DAY + 3 * HOUR, layers: ['dns', 'v4'] },
    ],
  }
}

function pastOf(service: ServicePicture | undefined): ServicePast {
  if (service === undefined) return { service: '', responses: [], sights: [], outages: [] }
  const { id } = service.service
  const seed = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
  const fell = service.days.at(-1)?.tally?.outage ?? 0
  const open = ['major_outage', 'partial_outage'].includes(service.status)
  const checks = service.checks.map((check) => ({
    id: check.id,
    kind: check.kind,
    reason: check.reason,
    note: 'secret',
  }))
  return {
    service: id,
    responses: service.checks.flatMap((check) =>
      ['home', 'offsite'].map((site, at) => ({
        check: check.id,
        kind: check.kind,
        site,
        day: pointsOf(288, 5 * MINUTE, NOON - DAY, (40 + (seed % 60)) / (at + 1)),
        quarter: pointsOf(74, DAY, NOON - 73 * DAY, (40 + (seed % 60)) / (at + 1)),
      })),
    ),
    sights: [
      {
        site: 'home',
        blind: [
          { from: NOON - 60 * DAY, to: NOON - 60 * DAY + 3 * HOUR, layers: ['dns', 'v4'] },
          { from: NOON - 3 * DAY, to: NOON - 3 * DAY + 12 * MINUTE, layers: ['v4'] },
        ],
      },
      { site: 'offsite', blind: [{ from: NOON - 20 * DAY, to: NOON - 19 * DAY, layers: ['v4'] }] },
    ],
    outages: [
      ...(open ? [outageOf(id, OUTAGE, null, checks.slice(0, 1))] : []),
      ...(!open && fell > 0 ? [outageOf(id, NOON - 3 * HOUR, fell, checks.slice(0, 1))] : []),
      outageOf(
        id,
        NOON - 30 * DAY,
        17 * MINUTE,
        checks.map((check) => ({ ...check, reason: 'timeout' as const })),
      ),
      ...(seed % 3 === 0 ? [outageOf(id, NOON - 12 * DAY, 5 * HOUR, checks.slice(0, 1))] : []),
    ].sort((a, b) => b.since - a.since),
  }
}

/** Every Atom feed of a page with these outages. */
export function everyFeed(picture: Picture, outages: readonly OutageRecord[]) {
  const ownOf = ({ service }: ServicePicture) => outages.filter((outage) => outage.service === service.id)
  return [
    ...feedFiles(picture, outages),
    ...picture.services.flatMap((service) => [...serviceFeedFiles(picture, service, ownOf(service))]),
  ]
}

/** The picture with all of its services hanging on one of them. */
export function hangingOn(parent: string, picture: Picture): Picture {
  const services = picture.services.map((shown) => {
    const { service } = shown
    const check = configured(`${service.id}.http`, { depends: service.id === parent ? [] : [parent] })
    return { ...shown, service: { ...service, checks: [check] } }
  })
  return { ...picture, services }
}

export function outageOf(
  service: string,
  since: number,
  length: number | null,
  checks: OutageRecord['checks'] = [],
  changes: Partial<OutageRecord> = {},
): OutageRecord {
  return {
    id: `${service}-${since.toString(36)}`,
    service,
    audience: 'members',
    since,
    opened: since + MINUTE,
    ended: length === null ? null : since + length,
    confirmed: true,
    confidence: { confirmed: 2, of: 2, sites: ['home', 'offsite'], note: 'confirmed' },
    rule: '6',
    lastGood: since - MINUTE,
    checks,
    ...changes,
  }
}

/** A daily swell with a slow moment, one stretch without looks and one that failed. */
function pointsOf(count: number, step: number, from: number, base: number): readonly Point[] {
  return Array.from({ length: count }, (_, at) => at)
    .filter((at) => at < count * 0.3 || at > count * 0.34)
    .map((at) => {
      const failed = Math.abs(at - count * 0.7) < 2 ? 5 : 0
      const median = base * (1 + 0.4 * Math.sin((at / count) * 9)) + (at % 7)
      const p95 = at === Math.round(count * 0.85) ? 4_200 : median * (1.5 + (at % 5) / 10)
      return {
        at: from + at * step,
        good: 5 - failed,
        failed,
        median: failed ? null : median,
        p95: failed ? null : p95,
      }
    })
}
