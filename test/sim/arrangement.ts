// How a schedule's house is arranged beside its faults: who observes, who looks at what, and when admins want quiet. Drawn
// from a chance of its own, so that what is added here leaves the faults of every seed as they were.
import { MINUTE, type Millis, SECOND } from '../../src/core/time/time.ts'
import type { Fault, Span } from './plan.ts'
import { createRandom, type Random } from './random.ts'

/** An admin plans work at a service, or wants no mail about it for a while. Said at `site`, a moment before it begins. */
export interface Quiet extends Span {
  readonly kind: 'maintenance' | 'mute'
  readonly service: string
  readonly site: string
}

/** A site at somebody else's home, without logins: from the beginning (0), or made one meanwhile. */
export interface Observing {
  readonly site: string
  readonly from: Millis
}

export interface Arrangement {
  readonly observing: readonly Observing[]
  /** The one site that looks at service `near`. */
  readonly near: string
  readonly quiets: readonly Quiet[]
}

/** `login`: looked at with a login, which observers don't have; `near`: looked at by one site, by its `from`. */
const MORE: readonly string[] = ['login', 'near']

/** When it is said: so long before it begins. */
export const NOTICE: Millis = 45 * SECOND

export function arrange(
  seed: number,
  sites: readonly string[],
  services: readonly string[],
  healed: Millis,
  hasClockFaults: boolean,
  outage: (service: string, random: Random) => Fault,
): Arrangement & { readonly services: readonly string[]; readonly faults: readonly Fault[] } {
  const random = createRandom(seed ^ 0x3c6ef372)
  const always = sites.length > 1 && random.chance(0.25)
  const last = sites.at(-1)!
  const full = sites.filter((site) => !always || site !== last)
  const near = random.pick(sites)
  const added = MORE.filter(() => random.chance(0.3))
  const faults = added.filter(() => random.chance(0.6)).map((service) => outage(service, random))
  // A clock that is wrong by days puts work at another time for every site.
  const quiets = !hasClockFaults && random.chance(0.3) ? [quiet([...services, ...added], full, healed, random)] : []
  const turns = sites.length > 1 && !always && random.chance(0.2)
  const observing = always || turns ? [{ site: last, from: turns ? random.whole(3 * 60, 9 * 60) * SECOND : 0 }] : []
  return { observing, near, quiets, services: added, faults }
}

function quiet(services: readonly string[], sites: readonly string[], healed: Millis, random: Random): Quiet {
  // Work takes some time: none begins when all is over.
  const from = Math.min(random.whole(3 * 60, 10 * 60) * SECOND, healed - MINUTE)
  const to = Math.min(from + random.whole(2, 6) * MINUTE, healed)
  const kind = random.chance(0.7) ? 'maintenance' : 'mute'
  return { kind, service: random.pick(services), site: random.pick(sites), from, to }
}
