// Whose turn it is to mail, from what other sites say in the ledger that they are about to send, sent, or could not.

import { siteOf } from '../core/ledger/entry.ts'
import { moment } from '../core/ledger/payload.ts'
import type { Statement } from '../core/ledger/statement.ts'
import { saidAnewSince, subjectsOf } from '../core/letter/correspondence.ts'
import { type FormerNames, joinNames, nameNow, renameOf } from '../core/said/outage-names.ts'
import { DAY, HOUR, type Instant, type Millis, SECOND } from '../core/time/time.ts'
import { isRecord } from '../core/untrusted.ts'
import { blindness } from '../core/verdict/blindness.ts'
import { type Claim, isOwn, type MailTurn, mailTurnOf, placeOf } from '../core/verdict/duty.ts'
import type { Letter } from '../core/verdict/letter.ts'
import type { Peer } from '../core/verdict/word.ts'
import type { Memory } from '../memory.ts'
import type { Ledger } from '../store/ledger.ts'
import type { QueuedLetter } from '../store/outbox.ts'

export interface Duty {
  /** Whether this site sends a letter now. What another sent is marked as sent here, too. */
  isOurs(queued: Waiting): boolean
}

/** `heard` by the monotonic clock; `at` by the sender's. */
type Heard = Omit<Claim, 'age'> & { readonly heard: Millis; readonly at: Instant }

type Waiting = Pick<QueuedLetter, 'id' | 'letter' | 'recipient' | 'attempts'>

/** What was said longer ago than this is of no letter that still waits. */
const KEPT: Millis = 7 * DAY

/**
 * After a start another site may have mailed meanwhile, and one behind NAT calls once in 40 s when it got no answer for a
 * while: so long nothing is mailed before all others were heard.
 */
const LISTENING: Millis = 50 * SECOND

/**
 * Two ticks: by then what sites opened in the same moment, or had apart, has one name, which its mails keep; and what one of
 * them mailed of it is known to be mailed.
 */
const MOMENT: Millis = 2 * SECOND

const KINDS = { 'alert.intent': 'intent', 'alert.sent': 'sent', 'alert.failed': 'failed' } as const

/** Reads what the ledger has of the last seven days now, follows it from then on, and throws what it throws. */
export function createDuty(deps: {
  readonly memory: Pick<Memory, 'configuration' | 'line'>
  readonly ledger: Pick<Ledger, 'statements' | 'onNews' | 'sentElsewhere' | 'due'>
  peers(): readonly Peer[]
  /** Something another site said may change whose turn it is. */
  changed(): void
  now(): Instant
  /** Monotonic milliseconds. */
  ticks(): Millis
}): Duty {
  const { memory, ledger, now, ticks } = deps
  const started = ticks()
  /** By subject and recipient, then by site and letter; what was heard last comes last. */
  const claims = new Map<string, Map<string, Heard>>()
  /** Letters decided before the clock was set back: when this was noticed. */
  const ahead = new Map<number, Millis>()
  /** What outages that two sites opened apart from each other are called now. */
  let names: FormerNames = new Map()
  const lately = ledger.statements('alert', 'outage').filter(({ hlc }) => now() - hlc.at < KEPT)
  for (const statement of lately) hear(statement)
  ledger.onNews((news) => {
    if (!news.map(hear).includes(true)) return
    for (const queued of ledger.due(now() + HOUR)) isOurs(queued)
    deps.changed()
  })
  return { isOurs }

  /** True: another site said something of mailing, or goes by another name for what it mailed. */
  function hear(statement: Statement): boolean {
    const { type, origin, payload } = statement
    const renamed = renameOf(statement)
    if (renamed !== null) return rename(renamed.from, renamed.to)
    const site = siteOf(origin)
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type as keyof typeof KINDS] : undefined
    // What we sent in a past that we lost is known from others: it is sent.
    const own = site === memory.configuration.site.id
    if (kind === undefined || (own && kind !== 'sent') || !isRecord(payload)) return false
    const { letter, to, about, uncertain, at } = payload
    if (typeof to !== 'string') return false
    const by = `${site} ${letter}`
    const subjects = Array.isArray(about) ? about : [letter]
    for (const subject of subjects.filter((one) => typeof one === 'string').slice(0, 1000)) {
      const name = nameOf(subjectNow(subject), to)
      const known = claims.get(name) ?? new Map<string, Heard>()
      // Who sent it, sent it, whatever that site says later of another copy.
      if (known.get(by)?.kind !== 'sent')
        known.set(by, { site, kind, uncertain: uncertain === true, heard: ticks(), at: moment(at) ?? statement.hlc.at })
      // Behind all others: what is said again and again must not keep the rest from being forgotten.
      claims.delete(name)
      claims.set(name, known)
    }
    forget()
    return !own
  }

  function isOurs({ id, letter, recipient, attempts }: Waiting): boolean {
    const { sites, site, policy } = memory.configuration
    // That our line is bad could not be told over it: its end is told, instead of both at once.
    if (ofOurLine(letter) && attempts > 0 && blindness(memory.line) !== null) return false
    if (sites.length < 2 || isOwn(letter)) return true
    if (ticks() - started < LISTENING && deps.peers().some(({ met }) => !met)) return false
    const from = saidAnewSince(letter) ?? Number.NEGATIVE_INFINITY
    const said = subjectsOf(letter).map((subject) => claimsOn(subject, recipient, from))
    const place = placeOf(site.id, sites, deps.peers(), blindness(memory.line) !== null)
    const age = ageOf(id, letter)
    const turn: MailTurn = mailTurnOf(said, place, age, policy.takeover)
    if (turn.kind === 'sent') ledger.sentElsewhere(id, now(), turn.by)
    return turn.kind === 'ours' && !isSettling(age)
  }

  /** Another site that is heard may not know it yet, or was not heard until a moment ago. */
  function isSettling(age: Millis): boolean {
    return deps.peers().some(({ heard, since }) => {
      const known = now() - since
      return heard && (age < MOMENT || (known >= 0 && known < MOMENT && age > known))
    })
  }

  /** Of a letter that seems to come from the future, how long it is known to be there. */
  function ageOf(id: number, letter: Letter): Millis {
    if (letter.at > now() && !ahead.has(id)) ahead.set(id, ticks())
    const noticed = ahead.get(id)
    return noticed === undefined ? now() - letter.at : ticks() - noticed
  }

  function claimsOn(subject: string, recipient: string, from: Instant): readonly Claim[] {
    const known = claims.get(nameOf(subjectNow(subject), recipient))?.values() ?? []
    const those = [...known].filter(({ at }) => at >= from)
    return those.map(({ site, kind, uncertain, heard }) => ({ site, kind, uncertain, age: ticks() - heard }))
  }

  /** Whoever mailed of an outage by the name it had then, mailed of it. */
  function rename(from: string, to: string): boolean {
    names = joinNames(names, from, to)
    const before = claims.size
    for (const [name, known] of [...claims]) {
      const [recipient, subject] = name.split('\n') as [string, string]
      const anew = nameOf(subjectNow(subject), recipient)
      if (anew === name) continue
      claims.delete(name)
      const there = [...(claims.get(anew) ?? [])]
      const sent = [...known].filter(([, { kind }]) => kind === 'sent')
      claims.set(anew, new Map([...known, ...there, ...sent]))
    }
    return before > 0
  }

  /** `OUTAGE:down` as it is called now. */
  function subjectNow(subject: string): string {
    const end = subject.lastIndexOf(':')
    return nameNow(names, subject.slice(0, Math.max(0, end))) + subject.slice(Math.max(0, end))
  }

  function forget() {
    for (const [name, known] of claims) {
      if (ticks() - Math.max(...[...known.values()].map(({ heard }) => heard)) < KEPT) return
      claims.delete(name)
    }
  }
}

/** Not its end. */
function ofOurLine({ news }: Letter): boolean {
  return news.kind === 'blind' && news.site === undefined && news.until === null
}

function nameOf(subject: string, recipient: string): string {
  return `${recipient}\n${subject}`
}
