// Says what must never happen (verdict.md, 5), looking at all sites from outside, with the truth at hand.

import type { Acknowledgement } from '../../src/core/said/acknowledgement.ts'
import { MINUTE, type Millis, SECOND } from '../../src/core/time/time.ts'
import type { Affected, Letter } from '../../src/core/verdict/letter.ts'
import { BEAT } from './configuration.ts'
import { clockOf, type FaultKind, hangsOn, type Plan } from './plan.ts'
import { CANARY } from './posts.ts'
import type { Mail, Process } from './site.ts'
import { type Outage, SLACK, truthOf } from './truth.ts'

export type Sin =
  | 'false red'
  | 'false confirmed'
  | 'false amber'
  | 'false mail'
  | 'false recovery'
  | 'missed mail'
  | 'missed recovery'
  | 'too many mails'
  | 'not converged'
  | 'letter stuck'
  | 'not well at last'
  | 'not quiet'
  | 'not withheld'

export interface Failure {
  readonly sin: Sin
  readonly note: string
}

export interface Oracle {
  /** A site's page as it stands now. */
  watched(site: string, process: Process): void
  /** `quieted`: services that the site knows to be worked on, or muted. */
  wrote(site: string, letter: Letter, quieted: (service: string) => boolean): void
  mailed(mail: Mail): void
  /** All is over: what should have happened and didn't. `unlike`: what was measured and is known otherwise. */
  conclude(processes: ReadonlyMap<string, Process>, unlike: readonly string[]): void
  readonly failures: readonly Failure[]
  readonly mails: readonly Mail[]
  /** Of each outage that was mailed: from its beginning to the first mail. */
  delays(): readonly Millis[]
}

/** A site that measured for so long without trouble knows an outage, also alone. */
const SURE: Millis = 5 * MINUTE
const MOST_COPIES = 12

type Measured = 'down' | 'partial' | 'up'

/** `heardSince`: when a site heard the job of `backup` first after that; null: not yet. */
export function createOracle(
  plan: Plan,
  now: () => Millis,
  heardSince: (from: Millis) => Millis | null,
  story: (note: string) => void,
): Oracle {
  const { faults, out, wasUp, isActive, isCutFromTwo, excusesRed, excusesAmber } = truthOf(plan, now, heardSince)
  const failures: Failure[] = []
  const mails: Mail[] = []
  /** When a letter was decided first, and by whom. */
  const written = new Map<string, Millis>()
  const shown = new Map<string, string>()
  const faultless = plan.quiets.length === 0 && plan.faults.every(({ kind }) => kind === 'outage' || kind === 'post')
  /** Sites come and go, and lose nothing that they must know. */
  const restarting =
    plan.quiets.length === 0 &&
    plan.faults.every((fault) => RESTARTS.has(fault.kind) && (fault.kind !== 'off' || !LOSES.has(fault.how)))
  return { watched, wrote, mailed, conclude, failures, mails, delays }

  /** Said once, with the first time it happened. */
  function sin(what: Sin, note: string) {
    if (failures.some((one) => one.sin === what && one.note.startsWith(`${note} `))) return
    failures.push({ sin: what, note: `${note} at ${clockOf(now())}` })
  }

  function watched(site: string, { memory, board, began, now: clock }: Process) {
    for (const [id, { status }] of memory.services) {
      const checks = memory.serviceById.get(id)!.checks
      const mark = `${status} by ${checks.map((check) => memory.checks.get(check.id)?.agreement?.rule ?? '').join(' ')}`
      if (shown.get(`${site} ${id}`) !== mark) story(`${site} shows ${id} ${mark}`)
      shown.set(`${site} ${id}`, mark)
      if (status !== 'major_outage' && status !== 'partial_outage') continue
      // What a page said before it was off it says until it has looked again.
      if (now() - began < SLACK) continue
      // What begins between two ticks is shown with the next.
      if ([0, 2 * SECOND].every((ago) => board.maintained(clock() - ago).has(id)))
        sin('not quiet', `${site} shows ${id} ${status} while it is worked on`)
      for (const { id: check } of checks) judge(site, id, memory.checks.get(check)!)
    }
  }

  function judge(site: string, service: string, { agreement }: Parameters<Process['memory']['know']>[1]) {
    const { state, rule = '' } = agreement ?? {}
    if (state === 'down' && !out(service, SLACK) && !excusesRed(service, rule))
      sin(rule === '6' ? 'false confirmed' : 'false red', `${site} shows ${service} down by ${rule}`)
    if (state === 'partial' && !out(service, SLACK) && !excusesAmber(service, rule))
      sin('false amber', `${site} shows ${service} partial by ${rule}`)
  }

  function wrote(site: string, letter: Letter, quieted: (service: string) => boolean) {
    for (const [service, said] of saidOf(letter))
      if (said !== 'up' && quieted(service)) sin('not quiet', `${site} writes ${letter.key}`)
    story(`${site} writes ${letter.key} (${letter.event})`)
    if (!written.has(letter.key)) written.set(letter.key, now())
  }

  function mailed(mail: Mail) {
    const { letter, site } = mail
    mails.push(mail)
    story(`${site} MAILS ${letter.key}`)
    // A relay may take it long after it was true.
    const decided = written.get(letter.key) ?? now()
    for (const [service, said] of saidOf(letter)) {
      if (said === 'up' && !wasUp(service, SLACK, decided) && !isActive('lie', decided))
        sin('false recovery', `${letter.key} by ${site}`)
      if (said === 'up' || out(service, 60 * MINUTE)) continue
      const excused = faults('peering').some((fault) => fault.service === service) || faults('lie').length > 0
      const road = said === 'partial' && faults('path').length > 0
      if (!excused && !road && !isCutFromTwo(service, decided)) sin('false mail', `${letter.key} by ${site}`)
    }
    if (faultless && letter.news.kind === 'down' && letter.news.affected.some(isExplained))
      sin('false mail', `${letter.key} by ${site}, though its parent is out`)
    if (letter.news.kind === 'twin' && letter.news.until === null && !isTroubled(letter.news.site, site))
      sin('false mail', `${letter.key} by ${site}`)
  }

  /** It is well itself, and what it hangs on is out. */
  function isExplained({ service }: Affected): boolean {
    return out(service, 0) && !faults('outage').some((fault) => fault.service === service)
  }

  /** One that begins when nothing else can have made its service unstable, or look down before, has a mail of its own. */
  function toldFrom({ service, from }: Outage): Millis {
    const here = [...faults('outage'), ...faults('peering')].filter((one) => hangsOn(service).includes(one.service))
    const before = [...here, ...faults('path'), ...faults('lie')].filter((one) => one.from < from)
    return before.every(({ to }) => to + FORGOTTEN < from) ? from : 0
  }

  /** Anything at all that could keep one site from hearing another. */
  function isTroubled(...sites: readonly string[]): boolean {
    return plan.faults.some((fault) => 'site' in fault && sites.includes(fault.site) && fault.from < now())
  }

  function conclude(processes: ReadonlyMap<string, Process>, unlike: readonly string[]) {
    for (const note of unlike) sin('not converged', note)
    for (const outage of faults('outage')) {
      const { service } = outage
      const told = mailsAbout(service).filter(({ said, mail }) => said === 'down' && mail.at >= toldFrom(outage))
      const ended = mailsAbout(service).filter(({ said }) => said === 'up')
      if (told.length === 0 && wasMeasured(unexplained(outage)))
        sin('missed mail', `${service}, out from ${clockOf(outage.from)} to ${clockOf(outage.to)}`)
      if (faultless && unexplained(outage) === outage && (told.length !== 1 || ended.length !== 1))
        sin(
          told.length + ended.length > 2 ? 'too many mails' : 'missed recovery',
          `${told.length} down, ${ended.length} up for ${service}`,
        )
    }
    if (restarting) for (const service of plan.services) tellOnce(service)
    const copies = new Map<string, number>()
    for (const { letter } of mails) copies.set(letter.key, (copies.get(letter.key) ?? 0) + 1)
    for (const [key, times] of copies) if (times > MOST_COPIES) sin('too many mails', `${key} ${times} times`)
    const folds = new Map([...processes].map(([site, process]) => [foldOf(process), site]))
    if (folds.size > 1) sin('not converged', [...folds].map(([fold, site]) => `${site}: ${fold}`).join('\n    '))
    for (const [site, { ledger, memory }] of processes) {
      if (isObserver(site) && hasCanary(ledger)) sin('not withheld', site)
      if (ledger.unsent() > 0)
        sin(
          'letter stuck',
          `${site}: ${ledger
            .due(Number.MAX_SAFE_INTEGER / 2)
            .map(({ letter }) => letter.key)
            .join(' ')}`,
        )
      for (const [id, { status, outages }] of memory.services)
        if (status !== 'operational' || outages.members !== null) sin('not well at last', `${site}: ${id} is ${status}`)
    }
  }

  /** A site that comes back in an outage tells it no second time. Copies of one letter are one: the other site sent it. */
  function tellOnce(service: string) {
    const outages = faults('outage').filter((fault) => hangsOn(service).includes(fault.service)).length
    const about = mails.filter(({ letter: { news } }) =>
      news.kind === 'down' ? news.affected.some((affected) => affected.service === service) : false,
    )
    const keys = new Set(about.map(({ letter }) => letter.key))
    if (keys.size > outages) sin('too many mails', `${[...keys].join(', ')} for ${outages} of ${service}`)
  }

  /** What is left of an outage after what it hangs on came back: that alone must be told of it. */
  function unexplained(outage: Outage): Outage {
    const above = faults('outage').filter(
      ({ service, from, to }) =>
        service !== outage.service &&
        hangsOn(outage.service).includes(service) &&
        from < outage.to + SLACK &&
        outage.from < to + GRACE,
    )
    return above.length === 0
      ? outage
      : { ...outage, from: Math.max(outage.from, ...above.map(({ to }) => to + GRACE)) }
  }

  /** Some site saw the outage for long enough, undisturbed, and lost nothing of it. */
  function wasMeasured(outage: Outage): boolean {
    // One site at a time looks, or hears: any of them may be the one.
    const shared = SHARED.has(outage.service)
    const able = plan.sites.filter((site) =>
      outage.service === 'near' ? site === plan.near : !LOGINS.has(outage.service) || !isObserver(site),
    )
    const groups = shared ? [able] : able.map((site) => [site])
    const sure = outage.service === 'backup' ? SURE + BEAT.period : SURE
    return (
      groups.some((group) => {
        const hindering = plan.faults.filter(
          (fault) => 'site' in fault && group.includes(fault.site) && (shared || HINDERS.has(fault.kind)),
        )
        if (hindering.some((fault) => fault.kind === 'off' && LOSES.has(fault.how) && fault.to > outage.from))
          return false
        let free = outage.from
        const quiets = plan.quiets.filter(({ service }) => service === outage.service)
        for (const { from, to } of [...hindering, ...quiets, { from: outage.to, to: outage.to }].sort(
          (a, b) => a.from - b.from,
        )) {
          if (Math.min(from, outage.to) - free >= sure) return true
          free = Math.max(free, to + MINUTE)
        }
        return false
      }) &&
      !plan.faults.some((fault) => fault.kind === 'lie' && fault.from < outage.to && outage.from < fault.to + SLACK)
    )
  }

  function isObserver(site: string): boolean {
    return plan.observing.some((one) => one.site === site)
  }

  function mailsAbout(service: string): readonly { readonly said: Measured; readonly mail: Mail }[] {
    return mails.flatMap((mail) =>
      saidOf(mail.letter).flatMap(([id, said]) => (id === service ? [{ said, mail }] : [])),
    )
  }

  function delays(): readonly Millis[] {
    return faults('outage').flatMap(({ service, from }) => {
      const first = mailsAbout(service)
        .filter(({ said }) => said !== 'up')
        .map(({ mail }) => mail.at - from)
      return first.length === 0 ? [] : [Math.min(...first)]
    })
  }
}

/** So long an outage counts for what comes and goes, and its end is seen. */
const FORGOTTEN: Millis = 30 * MINUTE + SLACK
/** How long what came back explains what didn't: two intervals, and its own verdict. */
const GRACE: Millis = 4 * MINUTE
const LOGINS: ReadonlySet<string> = new Set(['login', 'trip'])
const SHARED: ReadonlySet<string> = new Set(['trip', 'backup'])
const LOSES: ReadonlySet<string> = new Set(['restored', 'copied'])
const RESTARTS: ReadonlySet<FaultKind> = new Set(['outage', 'post', 'lost', 'off'])
const HINDERS: ReadonlySet<FaultKind> = new Set(['line', 'dns', 'path', 'port', 'off', 'disk', 'lie', 'old', 'clock'])

/** What a letter says of services. */
function saidOf({ news }: Letter): readonly (readonly [service: string, said: Measured])[] {
  const say =
    (said: Measured) =>
    ({ service }: Affected) =>
      [service, said] as const
  if (news.kind === 'down') return [...news.affected, ...news.children].map(say('down'))
  if (news.kind === 'partial') return [news.affected, ...(news.others ?? [])].map(say('partial'))
  if (news.kind === 'up') return news.over.map(({ affected }) => say('up')(affected))
  if (news.kind === 'unstable') return [say('down')(news.affected)]
  if (news.kind === 'settled') return [say(news.down ? 'down' : 'up')(news.affected)]
  return []
}

/** Something that lets people in is in its ledger. */
export function hasCanary({ heads, entries }: Process['ledger']): boolean {
  return [...heads()].some(([origin, { seq }]) =>
    entries(origin, 0, seq).some(({ payload }) => Buffer.from(payload).includes(CANARY)),
  )
}

/** All that sites must be of one mind about once they were together again. */
function foldOf({ ledger, board }: Process): string {
  const heads = [...ledger.heads()].map(([origin, { seq, hash }]) => `${origin} ${seq} ${hash.slice(0, 8)}`).sort()
  const seen = ledger.statements('ack').map(({ payload }) => (payload as Acknowledgement).outage)
  const acknowledged = [...new Set(seen)].sort().map((outage) => board.acknowledgement(outage))
  return `${heads.join(', ')}; ${JSON.stringify([board.incidents(), board.maintenances(), acknowledged])}`
}
