// Which outages are told together: what fell and came back as one thing is one story, its cause first.
import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { ServicePicture } from '../../core/shown/picture.ts'
import { type Instant, MINUTE, type Millis } from '../../core/time/time.ts'
import { parentsOf } from '../../core/verdict/decide.ts'

/** Outages that begin and end together are told as one: one thing befell them all. */
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
      ({ since, ended, outages: [first] }) =>
        first !== undefined &&
        outage.since - since <= BEGIN_TOGETHER &&
        (ended === null || outage.ended === null
          ? ended === outage.ended
          : Math.abs(ended - outage.ended) <= END_TOGETHER),
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
  const above = new Map(outages.map(({ service }) => [service, parentsOf(service, byId)]))
  const explained = (cause: string) => [...above.values()].filter((parents) => parents.includes(cause)).length
  return outages
    .map((outage) => ({ outage, explains: explained(outage.service) }))
    .sort((a, b) => b.explains - a.explains)
    .map(({ outage }) => outage)
}
