// From what is known to what the public side may show.

import { type Check, type Configuration, isOnPage, type Service } from '../check.ts'
import { standOn } from '../history/day-picture.ts'
import { type Span, uptimeOf } from '../history/history.ts'
import type { Override } from '../said/override.ts'
import { type CalendarDay, lastDays } from '../time/days.ts'
import type { Instant, Millis } from '../time/time.ts'
import type { Voice } from '../verdict/agreement.ts'
import { blindness, type Line } from '../verdict/blindness.ts'
import { CALM } from '../verdict/flapping.ts'
import { type CheckKnown, opinionOf, type ServiceKnown } from '../verdict/known.ts'
import { isSuspect, isTimely, ONSET, SUSPECT, wasSeenSince } from '../verdict/seen.ts'
import { deciding, type Status, statusOf, worse } from '../verdict/service.ts'
import { isWorking, type State } from '../verdict/state.ts'
import { looksFrom } from '../verdict/voices.ts'
import { hostOf } from '../verdict/witness.ts'
import type { Peer } from '../verdict/word.ts'
import { type Announced, raisedTo } from './announcement.ts'
import type { CheckPicture, Method, Notice, Picture, ServicePicture } from './picture.ts'

export interface Sight {
  readonly configuration: Configuration
  readonly checks: ReadonlyMap<string, CheckKnown>
  readonly services: ReadonlyMap<string, ServiceKnown>
  readonly line: Line
  /** The other sites as they are known. */
  readonly peers: readonly Peer[]
  /** All that have a say on a check, as they are known now. */
  readonly voices: (check: string) => readonly Voice[]
  readonly spans: (service: string) => readonly Span[]
  /** When a relay took the letter about an outage; null: none did. */
  readonly told: (outage: string) => Instant | null
  /** The same of the letter that says that a service comes and goes, by its thread. */
  readonly toldUnstable: (thread: string) => Instant | null
  /** The same of our own line, while it is bad. */
  readonly toldOfLine: Instant | null
  /** When somebody said that they saw an outage; null: nobody did. */
  readonly acknowledged: (outage: string) => Instant | null
  readonly override: (service: string) => Override | null
  readonly announced: Announced
  readonly notices: readonly Notice[]
  readonly changed: Instant
}

/** How many days the uptime is of. */
const UPTIME_DAYS = 90

/** Everything the page shows at `now`; `replacedWithin`: a living vigie has another copy by then. */
export function paint(sight: Sight, replacedWithin: Millis, now: Instant): Picture {
  const { configuration, line } = sight
  const blind = blindness(line)
  const days = lastDays(UPTIME_DAYS, now, configuration.timezone)
  const fell = lastFall(sight)
  const isOnset = fell !== null && now - fell < ONSET
  const doubts = isOnset ? 1 : SUSPECT
  const services = inOrder(configuration).map((service) => paintService(service, { ...sight, doubts }, days, now))
  return {
    version: 1,
    hoster: {
      name: configuration.name,
      about: configuration.about,
      contact: configuration.contact,
      security: configuration.security,
      languages: configuration.languages,
      timezone: configuration.timezone,
      groups: configuration.groups,
      sites: configuration.sites,
    },
    site: configuration.site.id,
    at: now,
    nextBy: now + replacedWithin,
    status: overall(services),
    restSeen: !isOnset || isRestSeen(services, fell, sight),
    changed: sight.changed,
    blind: blind === null ? null : { since: blind.since, layers: blind.layers, told: sight.toldOfLine },
    lines: configuration.sites.map(({ id }) => {
      if (id !== configuration.site.id) return lineOf(id, sight)
      return {
        site: id,
        line: blind === null ? 'good' : 'bad',
        since: blind?.since ?? goodSince(line),
      }
    }),
    services,
    incidents: sight.announced.incidents,
    maintenances: sight.announced.maintenances,
    notices: sight.notices,
    method: methodOf(configuration),
    replica: configuration.replica,
  }
}

/** Another site's line, as it says itself. */
function lineOf(site: string, { peers, changed }: Sight): Picture['lines'][number] {
  const peer = peers.find((one) => one.site === site)
  if (peer === undefined || !peer.heard) return { site, line: 'unheard', since: peer?.since ?? changed }
  const blind = peer.condition?.blind ?? null
  return { site, line: blind === null ? 'good' : 'bad', since: blind?.since ?? peer.since }
}

/** Since when nothing blinds us, as far as anybody can testify. */
function goodSince({ layers, since }: Line): Instant {
  const good = [layers.dns, layers.v4].flatMap((layer) => (layer === undefined ? [] : [layer.since]))
  return good.length === 0 ? since : Math.max(...good)
}

function methodOf({ witnesses, path, policy }: Configuration): Method {
  const { loneFall, hold, taint, witnessEvery, flap } = policy
  return {
    witnesses: witnesses.map(hostOf),
    path: path.map(hostOf),
    policy: { loneFall, hold, taint, witnessEvery, flap },
  }
}

/** A service as members may know it. */
function forMembers(service: Service): Service {
  const checks = service.checks
    .filter((check) => check.audience === 'members')
    .map((check) => (check.heartbeat === null ? check : { ...check, heartbeat: { ...check.heartbeat, token: null } }))
  return { ...service, checks }
}

/** Those for members, in the order of the groups, then of the files; those in no group last. */
export function inOrder(configuration: Configuration): readonly Service[] {
  const groups = configuration.groups.map((group) => group.id)
  const place = ({ group }: Service) => (group === null ? groups.length : groups.indexOf(group))
  const shown = configuration.services.filter(isOnPage)
  return shown
    .map((service, at) => ({ service, at }))
    .sort((a, b) => place(a.service) - place(b.service) || a.at - b.at)
    .map(({ service }) => service)
}

/** One word for all: the worst measured; unknown when nothing could be, maintenance only when nothing is wrong. */
function overall(services: readonly ServicePicture[]): Status {
  const measured = services
    .map(({ status }) => status)
    .filter((status) => status !== 'unknown' && status !== 'under_maintenance')
  const worst = measured.reduce<Status>((so, status) => worse(so, status), 'operational')
  if (worst !== 'operational') return worst
  if (measured.length === 0 && services.some(({ status }) => status === 'unknown')) return 'unknown'
  if (services.some(({ status }) => status === 'under_maintenance')) return 'under_maintenance'
  return measured.length === 0 ? 'unknown' : 'operational'
}

/** `doubts`: so many fails in a row make doubtful what is agreed to be well: one just after a fall, else two. */
type Doubting = Sight & { readonly doubts: number }

/** The first failed look of the outage that began last of those that members see; null: none is open but planned ones. */
function lastFall({ configuration, services }: Sight): Instant | null {
  const falls = configuration.services
    .filter(isOnPage)
    .flatMap(({ id }) => services.get(id)?.outages.members ?? [])
    .flatMap(({ planned, since }) => (planned ? [] : since))
  return falls.length === 0 ? null : Math.max(...falls)
}

/** A check that members see and that is agreed to be well fails, as often as makes it doubtful. */
function isDoubted({ checks }: Service, sight: Doubting): boolean {
  return checks.some(
    (check) =>
      check.audience === 'members' &&
      check.heartbeat === null &&
      isAgreedWell(check, sight) &&
      isSuspect(sight.voices(check.id), sight.doubts),
  )
}

function isRestSeen(services: readonly ServicePicture[], since: Instant, sight: Sight): boolean {
  const well = services.filter(({ status }) => status === 'operational').flatMap(({ service }) => service.checks)
  return well
    .filter((check) => isTimely(check) && isAgreedWell(check, sight))
    .every((check) => wasSeenSince(sight.voices(check.id), since, 1))
}

function isAgreedWell({ id }: Check, { checks }: Sight): boolean {
  return isWorking(checks.get(id)?.agreement?.state ?? 'unknown')
}

function paintService(service: Service, sight: Doubting, days: readonly CalendarDay[], now: Instant): ServicePicture {
  const known = sight.services.get(service.id)
  const stateOf = (check: Check): State => sight.checks.get(check.id)?.agreement?.state ?? 'unknown'
  const counted = statusOf(service.checks, stateOf, false)
  const decisive = deciding(service.checks, (check) => sight.checks.get(check.id)?.agreement ?? undefined)
  const stood = known?.status ?? 'unknown'
  const { unstableSince, worst, thread } = known?.flapping ?? CALM
  const unstable = unstableSince !== null && stood !== 'under_maintenance'
  const measured = unstable ? worse(worst, stood) : stood
  const since = unstable ? unstableSince : (known?.since ?? now)
  const override = sight.override(service.id)
  const raised = raisedTo(measured, service.id, sight.announced.open)
  const outage = known?.outages.members ?? null
  return {
    service: forMembers(service),
    status: override?.status ?? raised?.status ?? measured,
    override: override === null ? null : { until: override.until, text: override.text },
    raised: override === null && raised !== null,
    state: decisive?.state ?? 'unknown',
    since: override?.at ?? raised?.since ?? since,
    unstable,
    cause: shownCause(known?.cause ?? null, sight.configuration),
    confidence: decisive?.confidence ?? { confirmed: 0, of: 0, sites: [], note: 'none' },
    suspect: isDoubted(service, sight),
    measured: counted.measured,
    of: counted.of,
    confirmed: known?.confirmed ?? 'operational',
    told: outage !== null ? sight.told(outage.id) : unstable && thread ? sight.toldUnstable(thread) : null,
    acknowledged: outage === null ? null : sight.acknowledged(outage.id),
    uptime: uptimeOf(sight.spans(service.id), UPTIME_DAYS, now),
    days: standOn(days, sight.spans(service.id), now),
    checks: service.checks
      .filter((check) => check.audience === 'members')
      .map((check) => paintCheck(check, outage?.since ?? null, sight, now)),
  }
}

/** `fell`: when the outage of its service began; null: none is open. */
function paintCheck(check: Check, fell: Instant | null, sight: Doubting, now: Instant): CheckPicture {
  const known = sight.checks.get(check.id)
  const opinion = known === undefined ? null : opinionOf(known)
  const agreement = known?.agreement ?? null
  return {
    id: check.id,
    kind: check.kind,
    state: agreement?.state ?? 'unknown',
    reason: agreement?.reason ?? opinion?.reason ?? null,
    since: agreement?.since ?? now,
    seen: isSeen(check, fell, sight),
    at: opinion?.at ?? null,
    took: opinion?.took ?? null,
    sites: [
      ...(opinion === null || !looksFrom(check, sight.configuration.site.id)
        ? []
        : [seenFrom(sight.configuration.site.id, opinion.state, opinion)]),
      ...sight.peers.flatMap(({ site, heard, words }) => {
        const word = words.get(check.id)
        return word === undefined ? [] : [seenFrom(site, heard ? word.state : 'unknown', word)]
      }),
    ],
  }
}

function isSeen({ id, heartbeat }: Check, fell: Instant | null, { voices, doubts }: Doubting): boolean {
  if (heartbeat !== null) return true
  return fell === null ? !isSuspect(voices(id), SUSPECT) : wasSeenSince(voices(id), fell, doubts)
}

function seenFrom(
  site: string,
  state: State,
  { at, fails, suspectSince }: { at: Instant | null; fails: number; suspectSince: Instant | null },
): CheckPicture['sites'][number] {
  return { site, state, at, failures: fails, suspectSince }
}

/** A cause that members see themselves; one that is for admins is not named. */
function shownCause(cause: string | null, { services }: Configuration): string | null {
  return services.some(({ id, audience }) => id === cause && audience === 'members') ? cause : null
}
