// Which outages are told together: what fell and came back as one thing is one story, its cause first.
import type { Service } from '../../core/check.ts'
import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { ServicePicture } from '../../core/shown/picture.ts'
import { type Instant, MINUTE, type Millis } from '../../core/time/time.ts'
import { parentsOf, serviceIn } from '../../core/verdict/parent.ts'

/** Outages of several services that begin and end together are told as one: one thing befell them all. */
export interface Story {
  readonly since: Instant
  readonly ended: Instant | null
  /** In the order in which they began. */
  readonly outages: readonly OutageRecord[]
}

const BEGIN_TOGETHER: Millis = 2 * MINUTE
const END_TOGETHER: Millis = 5 * MINUTE

/** Folds outages into stories; both newest first. */
export function storiesOf(outages: readonly OutageRecord[]): readonly Story[] {
  const stories: { since: Instant; ended: Instant | null; outages: OutageRecord[] }[] = []
  for (const outage of [...outages].sort((a, b) => a.since - b.since)) {
    const story = stories.findLast(
      ({ since, ended, outages }) =>
        outage.since - since <= BEGIN_TOGETHER &&
        (ended === null || outage.ended === null
          ? ended === outage.ended
          : Math.abs(ended - outage.ended) <= END_TOGETHER) &&
        outages.every(({ service }) => service !== outage.service),
    )
    if (story === undefined) stories.push({ since: outage.since, ended: outage.ended, outages: [outage] })
    else {
      story.outages.push(outage)
      if (outage.ended !== null) story.ended = Math.max(story.ended ?? 0, outage.ended)
    }
  }
  return stories.reverse()
}

/** What explains most of the others leads, whenever it was noticed; what explains as many keeps its order. */
export function causeFirst(
  outages: readonly OutageRecord[],
  services: readonly ServicePicture[],
): readonly OutageRecord[] {
  if (outages.length < 2) return outages
  const byId = new Map(services.map(({ service }) => [service.id, service]))
  const parents = new Map(outages.map(({ service }) => [service, above(service, byId)]))
  const explained = (cause: string) => [...parents.values()].filter((above) => above.includes(cause)).length
  return outages
    .map((outage) => ({ outage, explains: explained(outage.service) }))
    .sort((a, b) => b.explains - a.explains)
    .map(({ outage }) => outage)
}

/** The services whose fall would explain that of a service. */
function above(service: string, byId: ReadonlyMap<string, Service>): readonly string[] {
  return parentsOf(byId.get(service)?.checks ?? [], byId).map(serviceIn)
}

/** A story as it is told while it goes on: what was said once is added to, never taken back. */
export interface RunningStory {
  /** The name of the outage that opened first, for ever. */
  readonly id: string
  /** When that was sure. */
  readonly opened: Instant
  /** When an outage last joined it or ended. */
  readonly changed: Instant
  readonly since: Instant
  /** Null: something of it is still down. */
  readonly ended: Instant | null
  /** What is still down, or was where all is over: each service once, by its last outage, the cause first. */
  readonly down: readonly [OutageRecord, ...OutageRecord[]]
  /** What works again while others don't. */
  readonly back: readonly OutageRecord[]
}

/**
 * Folds outages by no more than was known when each of them opened: those that begin together, and those of services whose
 * parent is down in the story. So none changes its name, whatever opens or ends later. The newest `most`, newest first.
 */
export function runningStories(
  outages: readonly OutageRecord[],
  services: readonly ServicePicture[],
  most: number,
): readonly RunningStory[] {
  const byId = new Map(services.map(({ service }) => [service.id, service]))
  const known = new Map<string, readonly string[]>()
  const explaining = (service: string) => {
    const parents = known.get(service) ?? above(service, byId)
    known.set(service, parents)
    return parents
  }
  const stories: Outages[] = []
  let open: Outages[] = []
  for (const outage of [...outages].sort((a, b) => a.opened - b.opened || (a.id < b.id ? -1 : 1))) {
    const isOpen = ({ ended }: OutageRecord) => ended === null || ended > outage.opened
    open = open.filter((story) => story.some(isOpen))
    const parents = explaining(outage.service)
    const story = open.findLast(
      (one) =>
        Math.abs(outage.since - one[0].since) <= BEGIN_TOGETHER ||
        one.some((other) => isOpen(other) && parents.includes(other.service)),
    )
    if (story !== undefined) story.push(outage)
    else {
      const begun: Outages = [outage]
      stories.push(begun)
      open.push(begun)
    }
  }
  return stories
    .slice(-most)
    .map((story) => runningStory(story, services))
    .reverse()
}

type Outages = [OutageRecord, ...OutageRecord[]]

/** `outages`: in the order in which they opened. */
function runningStory(outages: Outages, services: readonly ServicePicture[]): RunningStory {
  const latest = [...new Map(outages.map((outage) => [outage.service, outage])).values()]
  const open = latest.filter(({ ended }) => ended === null)
  const over = latest.filter(({ ended }) => ended !== null)
  const going = open.length > 0
  return {
    id: outages[0].id,
    opened: outages[0].opened,
    changed: Math.max(...outages.map(({ opened, ended }) => ended ?? opened)),
    since: Math.min(...(going ? open : outages).map(({ since }) => since)),
    ended: going ? null : Math.max(...over.map(({ ended }) => ended!)),
    down: causeFirst(going ? open : latest, services) as Outages,
    back: going ? causeFirst(over, services) : [],
  }
}
