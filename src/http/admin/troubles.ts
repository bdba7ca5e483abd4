// What is not well, as an admin reads it at 3 am: folded under its cause as members see it, each group with one button.
import { nameOfAuthor } from '../../core/author.ts'
import { isOnPage, type Service } from '../../core/check.ts'
import type { Acknowledgement } from '../../core/said/acknowledgement.ts'
import type { Incident } from '../../core/said/incident.ts'
import { say } from '../../core/text.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import { byCause } from '../../core/verdict/by-cause.ts'
import type { Outage } from '../../core/verdict/outage.ts'
import type { Status } from '../../core/verdict/service.ts'
import { CONDITIONS_BY_WEIGHT } from '../../page/words/trouble.ts'
import { CONDITIONS } from '../../page/words/words.ts'
import { type Desk, momentsFor, servicesOf, statusForAdmins } from './desk.ts'
import type { Known } from './door.ts'
import { NOW_WORDS } from './now-words.ts'

const WELL: readonly Status[] = ['operational', 'under_maintenance']

interface Trouble {
  readonly service: Service
  readonly status: Status
  readonly since: Instant
  readonly cause: string | null
  readonly outage: Outage | null
  readonly seen: Acknowledgement | null
}

/** Worst first. `unverified`: how many more services are unknown because our own line is cut, and for nothing else. */
export function troublesModel(desk: Desk, { language }: Known) {
  const text = NOW_WORDS[language]
  const moments = momentsFor(desk, language)
  const all = troublesOn(desk)
  const unverified = desk.blind() === null ? [] : all.filter((one) => isFrozen(desk, one))
  const groups = byCause(
    all.filter((one) => !unverified.includes(one)),
    ({ service, cause }) => ({ id: service.id, cause }),
  ).toSorted((a, b) => weightOf(a.root) - weightOf(b.root))
  return { unverified: unverified.length, groups: groups.map(groupModel) }

  function groupModel({ root, children }: { readonly root: Trouble; readonly children: readonly Trouble[] }) {
    const group = [root, ...children]
    const name = nameOf(root)
    const unseen = group.flatMap(({ outage, seen }) => (outage === null || seen !== null ? [] : outage.id))
    // Of what members don't know there is nothing to tell them.
    const shown = group.filter(({ service }) => isOnPage(service)).map(({ service }) => service.id)
    const fallen = group.filter(({ outage }) => outage !== null)
    const told = fallen.find(({ seen }) => seen === null) ?? fallen[0]
    const first = group.find(({ service }) => isOnPage(service))
    return {
      name,
      status: root.status,
      word: CONDITIONS[language][root.status],
      iso: iso(root.since),
      since: moments.since(root.since),
      children: children.map(nameOf),
      childrenAre: children.every(({ status }) => status === 'major_outage') ? text.downToo : text.affectedToo,
      /** Whose lines these are, where it isn't the cause. */
      of: told === undefined || told === root ? null : nameOf(told),
      lines: told === undefined ? [] : linesOf(told),
      unseen,
      take: unseen.length > 1 ? text.takeAll(unseen.length) : text.take,
      write: first === undefined ? null : writeModel(first, shown),
    }
  }

  /** Where members are told of it: in the incident that is open about it, else in a new one. */
  function writeModel(first: Trouble, shown: readonly string[]) {
    const [open] = openAbout(desk, shown)
    if (open !== undefined)
      return { href: `/admin/incidents/${open.id}`, label: text.update(say(open.title, language)), opens: false }
    const query = shown.map((id) => `service=${id}`).join('&')
    return { href: `/admin/incidents/new?${query}`, label: text.about(nameOf(first)), opens: true }
  }

  function linesOf({ service, outage, seen }: Trouble): readonly string[] {
    const told = outage === null ? null : desk.told(outage.id)
    const muted = desk.mutedUntil(service.id)
    const untold = muted === null ? text.untold : text.muted(moments.until(muted))
    return [
      told === null ? untold : text.told(moments.when(told)),
      seen === null ? text.unseen : text.seen(moments.when(seen.at), nameOfAuthor(seen.by, language)),
    ]
  }

  function nameOf({ service }: Trouble): string {
    return say(service.name, language)
  }
}

/** Incidents that are open and name one of these services, the one that names most of them first. */
export function openAbout({ notes }: Pick<Desk, 'notes'>, services: readonly string[]): readonly Incident[] {
  const shared = (incident: Incident) => incident.services.filter((id) => services.includes(id)).length
  const about = notes.incidents().filter((one) => one.status !== 'resolved' && shared(one) > 0)
  return about.toSorted((a, b) => shared(b) - shared(a))
}

function troublesOn(desk: Desk): readonly Trouble[] {
  return servicesOf(desk).flatMap((service) => {
    const known = desk.service(service.id)
    const shown = statusForAdmins(desk, service)
    if (known === undefined || shown === undefined || WELL.includes(shown.status)) return []
    const outage = known.outages.members ?? known.outages.admins
    const seen = outage === null ? null : desk.notes.acknowledgement(outage.id)
    return [{ service, ...shown, cause: known.cause, outage, seen }]
  })
}

/** Unknown, and all that is unknown of it because our own line is cut. */
function isFrozen(desk: Desk, { service, status, outage }: Trouble): boolean {
  if (status !== 'unknown' || outage !== null) return false
  const agreed = service.checks.map(({ id }) => desk.check(id)?.agreement)
  return agreed.every((one) => one != null && (one.state !== 'unknown' || one.confidence.note === 'frozen'))
}

function weightOf({ status }: Trouble): number {
  return CONDITIONS_BY_WEIGHT.indexOf(status)
}
