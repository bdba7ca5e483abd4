// Does by itself what is asked of nobody: publishes drafts whose time has come, ends what it published once all of it
// works again, and reminds admins of what members wait for.

import type { Incident } from '../core/said/incident.ts'
import type { Post } from '../core/said/post.ts'
import { HOUR, type Instant, MINUTE, type Millis } from '../core/time/time.ts'
import type { Letter } from '../core/verdict/letter.ts'
import type { Memory } from '../memory.ts'
import type { Board } from './board.ts'

export interface Attendant {
  /** To be called often; it does nothing twice. Throws what the ledger throws. */
  attend(): void
}

/** An open incident without a new word for so long: once. */
const QUIET: Millis = 2 * HOUR
/** All its services have worked for so long: is it over? */
const CALM: Millis = 30 * MINUTE

/**
 * Does nothing on an observer. All it says carries a key made of what it is about, so that sites that don't hear each
 * other say it once. Whom it reminded it knows since its start; beyond that the outbox does.
 */
export function createAttendant(deps: {
  readonly memory: Pick<Memory, 'services' | 'configuration'>
  readonly board: Pick<Board, 'incidents' | 'hadBy'>
  readonly post: Post
  /** Puts a letter into the outbox, which sends none twice. */
  write(letter: Letter): void
  now(): Instant
}): Attendant {
  const { memory, board, post, write, now } = deps
  const reminded = new Set<string>()
  return {
    attend: () => {
      if (memory.configuration.site.role === 'observer') return
      publish()
      for (const incident of board.incidents()) {
        if (incident.status === 'resolved') continue
        if (isToldTwice(incident))
          post.incident.retract(incident.id, null, { by: 'vigie', key: `twice ${incident.id}` })
        else if (incident.automatic) end(incident)
        else remind(incident)
      }
    },
  }

  function publish() {
    if (memory.configuration.drafts.publishAfter === null) return
    for (const { id, due } of post.drafts())
      if (due !== null && due <= now()) post.incident.open({ draft: id }, { by: 'vigie', key: `draft ${id}` })
  }

  /** Sites that did not hear each other published the same: a person's words stay, or else those that came first. */
  function isToldTwice(one: Incident): boolean {
    const before = (other: Incident) =>
      !other.automatic || other.created < one.created || (other.created === one.created && other.id < one.id)
    return (
      one.automatic &&
      one.outages.length > 0 &&
      board.incidents().some((other) => before(other) && one.outages.every((id) => other.outages.includes(id)))
    )
  }

  /** By its services: what another site published may be of an outage that has another name here as yet. */
  function end(incident: Incident) {
    const { id, services, outages } = incident
    if (services.some((service) => memory.services.get(service)?.outages.members)) return
    if (outages.some(isOthers)) return remind(incident)
    post.incident.update(id, { status: 'resolved' }, { by: 'vigie', key: `end ${id}` })
  }

  /** Other sites had it and this one never: its checks/ may lack what fails, so only they know when that is over. */
  function isOthers(outage: string): boolean {
    const { site, sites } = memory.configuration
    const had = board.hadBy(outage)
    return !had.has(site.id) && sites.some(({ id }) => had.has(id))
  }

  function remind(incident: Incident) {
    const last = incident.updates.at(-1)!
    const calm = calmSince(incident)
    if (calm !== null && now() - Math.max(calm, last.at) >= CALM) letter(incident, 'over', calm)
    else if (now() - last.at >= QUIET) letter(incident, 'quiet', last.at)
  }

  /** Once for each last word: the next one begins anew. */
  function letter({ id, title, updates }: Incident, why: 'quiet' | 'over', since: Instant) {
    const key = `incident:${id}:${updates.at(-1)!.id}:${why}`
    if (reminded.has(key)) return
    reminded.add(key)
    const news = { kind: 'reminder' as const, why, incident: id, title, since }
    write({ key, event: 'attention', thread: `incident:${id}`, at: now(), news })
  }

  /** Since when all its services work again; null: one doesn't, or none of them has come back since it began. */
  function calmSince({ services, started }: Incident): Instant | null {
    const known = services.flatMap((id) => memory.services.get(id) ?? [])
    if (known.length === 0) return null
    if (known.some(({ status }) => status !== 'operational' && status !== 'degraded_performance')) return null
    const since = Math.max(...known.map((one) => one.since))
    return since > started ? since : null
  }
}
