// What a month or a year was like: the figures of the page, over a period one chooses.

import type { Text } from '../text.ts'
import type { Instant, Millis } from '../time/time.ts'
import { SILENCE, type Span, shareOf, type Tally, tally, withStatus } from './history.ts'
import type { OutageRecord } from './outage-record.ts'

/** A service, its status over time and its outages, as far back as is known. */
export interface Course {
  readonly id: string
  readonly name: Text
  readonly spans: readonly Span[]
  readonly outages: readonly OutageRecord[]
}

export interface Report {
  readonly from: Instant
  /** The end of the period, or now when it isn't over. */
  readonly to: Instant
  readonly services: readonly ServiceReport[]
  /** Of all services, the first first. */
  readonly outages: readonly Episode[]
}

export interface ServiceReport {
  readonly id: string
  readonly name: Text
  /** Where the figures begin: the period's start, or later when history does. Null: nothing is known of the period. */
  readonly since: Instant | null
  /** 0 to 1; null when nothing was measured. */
  readonly share: number | null
  readonly tally: Tally
  /** How many outages, those of a part of the service included, and how long the longest was within the period. */
  readonly outages: number
  readonly longest: Millis
}

/** An outage of the period. One that crosses its border is told whole and counted inside. */
export interface Episode {
  readonly record: OutageRecord
  readonly service: Text
  readonly within: Millis
}

const NOTHING: Tally = { outage: 0, partial: 0, degraded: 0, blind: 0, maintenance: 0, measured: 0 }

/**
 * The figures of a period up to `now`. `alive`: the last moment anything was remembered; what lies between it and now
 * was not measured, unless it is as short as the pause between two writes.
 */
export function reportOf(
  courses: readonly Course[],
  period: { readonly from: Instant; readonly to: Instant },
  alive: Instant,
  now: Instant,
): Report {
  const { from } = period
  const to = Math.min(period.to, now)
  const silent = now - alive > SILENCE
  const services = courses.map((course) => {
    const { id, name, spans } = course
    const known = silent && spans.length > 0 ? withStatus(spans, 'unknown', alive) : spans
    return { ...figuresOf(known, from, to), id, name, episodes: episodesOf(course, from, silent ? alive : to, to) }
  })
  return {
    from,
    to,
    services: services.map(({ episodes, ...figures }) => ({
      ...figures,
      outages: episodes.length,
      longest: Math.max(0, ...episodes.map(({ within }) => within)),
    })),
    outages: services.flatMap(({ episodes }) => episodes).sort((a, b) => a.record.since - b.record.since),
  }
}

function figuresOf(spans: readonly Span[], from: Instant, to: Instant) {
  const begin = spans[0]?.from ?? to
  if (begin >= to) return { since: null, share: null, tally: NOTHING }
  const since = Math.max(from, begin)
  const sum = tally(spans, since, to)
  return { since, share: shareOf(sum), tally: sum }
}

/** `known`: until when an outage without an end is known to have lasted. */
function episodesOf({ name, outages }: Course, from: Instant, known: Instant, to: Instant): readonly Episode[] {
  return outages.flatMap((record) => {
    const end = Math.min(record.ended ?? known, to)
    if (record.since >= to || end <= from) return []
    return [{ record, service: name, within: end - Math.max(record.since, from) }]
  })
}
