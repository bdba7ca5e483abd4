// The job of service `backup`, inside the hoster's provider: whenever it ended, it pings a site that it can reach, again and
// again until one hears it.
import { type Millis, SECOND } from '../../src/core/time/time.ts'
import { BEAT } from './configuration.ts'
import type { Plan } from './plan.ts'
import type { Site } from './site.ts'
import type { Timeline } from './timeline.ts'
import type { World } from './world.ts'

const CHECK = 'backup.heartbeat'
const AGAIN: Millis = 10 * SECOND
/** It gives up a while before it ends the next time. */
const TRIES = 10

export interface Job {
  start(): void
  /** When a site heard it first after that; null: not yet. */
  heardSince(from: Millis): Millis | null
}

export function createJob(plan: Plan, sites: ReadonlyMap<string, Site>, world: World, timeline: Timeline): Job {
  const heard: Millis[] = []
  const broken = plan.faults.filter((fault) => fault.kind === 'outage' && fault.service === 'backup')
  return { start, heardSince: (from) => heard.find((at) => at >= from) ?? null }

  function start() {
    if (!plan.services.includes('backup')) return
    timeline.after(5 * SECOND, end)
    // Mended, it runs at once.
    for (const { to } of broken) timeline.after(to, () => ping(TRIES))
  }

  function end() {
    timeline.after(BEAT.period, end)
    ping(TRIES)
  }

  function ping(left: number) {
    const now = timeline.now()
    if (left === 0 || broken.some(({ from, to }) => from <= now && now < to)) return
    const open = plan.sites.filter((site) => plan.sites.length === 1 || !plan.hidden.includes(site))
    if (open.some((site) => isReached(site) && isHeard(site))) heard.push(now)
    else timeline.after(AGAIN, () => ping(left - 1))
  }

  function isReached(site: string): boolean {
    return world.lineOf(site) === 'good' && !world.active('path').some((fault) => fault.site === site)
  }

  function isHeard(site: string): boolean {
    try {
      sites.get(site)?.process()?.ping(CHECK)
      return sites.get(site)?.process() != null
    } catch (error) {
      // It is told that this was not kept.
      if (/readonly/.test(String(error))) return false
      throw error
    }
  }
}
