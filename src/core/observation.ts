// What one look at one thing brought back. Facts only: what they mean is decided in verdict.ts.
import type { Instant, Millis } from './time/time.ts'

const FAIL_REASONS = [
  'dns',
  'refused',
  'unreachable',
  'timeout',
  'reset',
  'closed',
  'tls',
  'certificate',
  'auth',
  'protocol',
  'status',
  'content',
  'late',
  'listed',
] as const
const UNKNOWN_REASONS = ['offline', 'resolver', 'clock', 'overload', 'blocked', 'config'] as const
const OK_REASONS = ['slow', 'expiring'] as const

/** The target's fault. */
export type FailReason = (typeof FAIL_REASONS)[number]

/** Ours: nothing was learnt about the target. */
export type UnknownReason = (typeof UNKNOWN_REASONS)[number]

/** Fine, with a remark. Never an outcome: rules over facts say so (verdict.md, 1). */
type OkReason = (typeof OK_REASONS)[number]

/** The closed list of contract 2. */
export type Reason = FailReason | UnknownReason | OkReason

const REASONS: ReadonlySet<string> = new Set<Reason>([...FAIL_REASONS, ...UNKNOWN_REASONS, ...OK_REASONS])

const OURS: ReadonlySet<string | null> = new Set(UNKNOWN_REASONS)

/** A reason that says nothing about the target. */
export function isOurFault(reason: string | null): reason is UnknownReason {
  return OURS.has(reason)
}

/** A word of that list; what a twin says beyond it is none. */
export function isReason(word: string): word is Reason {
  return REASONS.has(word)
}

/** What a TLS handshake showed, whether the certificate was good or not. */
export interface TlsFacts {
  /** As Node says it: `TLSv1.3`. */
  readonly version: string
  /** The leaf certificate's validity. */
  readonly from: Instant
  readonly expires: Instant
}

/** How long something lasts that is no certificate of the target's: a domain's registration. */
export interface Term {
  readonly from: Instant
  readonly expires: Instant
}

/** Something for admins that colours nothing: it mails once. `auth` at once, the others at 08:00. */
export interface Attention {
  readonly kind: 'auth' | 'expiring' | 'finding'
  readonly note: string
}

/**
 * What a probe returns. `note` is one short line for people; whoever stores or prints it cleans it (`cleanNote`).
 * `dated`: the certificate failed by its dates alone, so a wrong clock of ours could be the cause.
 * `attention`: what admins should hear of although the service works. `status`: of the HTTP answer that was judged.
 */
export type Outcome =
  | {
      readonly ok: true
      readonly note: string
      readonly tls?: TlsFacts
      readonly term?: Term
      readonly status?: number
      readonly attention?: readonly Attention[]
    }
  | {
      readonly ok: false
      readonly reason: FailReason
      readonly note: string
      readonly tls?: TlsFacts
      readonly status?: number
      readonly dated?: boolean
    }
  | { readonly ok: null; readonly reason: UnknownReason; readonly note: string }

/** Milliseconds of each phase, in the order they happened. They add up to `took`. */
export type Phases = Readonly<Record<string, Millis>>

/** Which parts of our own line a look needed; blindness of one of them makes the look worthless. */
export interface Via {
  /** A name was resolved by our resolver. */
  readonly dns: boolean
  /** The address family used; null when it never came to an address. */
  readonly family: 4 | 6 | null
  /** The port connected to, null when none. */
  readonly port: number | null
}

export interface Observation {
  /** `service.check` */
  readonly check: string
  /** Which address family this look was for; null unless the check looks at both apart. */
  readonly strand: 4 | 6 | null
  readonly site: string
  /** When the look began. */
  readonly at: Instant
  /** Monotonic, from the start of the look to its end. */
  readonly took: Millis
  readonly phases: Phases
  readonly via: Via
  readonly outcome: Outcome
}

const LONGEST_NOTE = 200

/** One line of at most 200 characters without control, bidirectional or line-breaking characters (hostile servers write notes). */
export function cleanNote(note: string): string {
  const line = note
    .slice(0, LONGEST_NOTE * 4)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > LONGEST_NOTE ? `${line.slice(0, LONGEST_NOTE - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : line
}
