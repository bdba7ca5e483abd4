// What the protocols of mail have in common: each greets, says what it offers, begins TLS, lets in, and parts.
import type { Login } from '../core/settings.ts'
import { failed } from './failure.ts'
import type { Lines } from './lines.ts'

export interface Offers {
  readonly starttls: boolean
  /** SASL mechanisms, upper case. */
  readonly mechanisms: readonly string[]
  /** Everything else offered, upper case, without parameters. */
  readonly words: readonly string[]
}

/** One side of one conversation, ours. Everything throws `protocol` on what the protocol doesn't allow there. */
export interface Dialect {
  /** What a good answer begins with, for notes: `250`, `OK`. */
  readonly good: string
  /** Its word for going on in TLS. */
  readonly upgrade: string
  /** Reads the greeting to its end. Throws `status` where the server says that it can't serve. */
  greet(lines: Lines): Promise<string>
  /** What a greeting tells of the offers; null: they have to be asked for. */
  toldBy(greeting: string): Offers | null
  /** Asks what is offered. `secured`: TLS has just begun, and what was offered before counts no more. */
  offers(lines: Lines, secured: boolean): Promise<Offers>
  /** Asks for TLS, which was offered. */
  startTls(lines: Lines): Promise<void>
  /**
   * Logs in. Null: let in. Else the refusal, as a code without the server's words (it may repeat what it was told).
   * Throws `status` when the server can't tell for the moment, `protocol` when no mechanism of ours is offered.
   */
  authenticate(lines: Lines, offers: Offers, login: Login): Promise<string | null>
  /** The last line to a server. */
  readonly farewell: string
}

/** The server speaks another protocol, or against its own. `to`: what it answers. */
export function unexpected(to: string, answer: string): Error {
  const note = to === 'greeting' ? `unexpected greeting: ${answer}` : `unexpected answer to ${to}: ${answer}`
  return failed({ ok: false, reason: 'protocol', note })
}

/** The server says no, in its own words. */
export function negative(note: string): Error {
  return failed({ ok: false, reason: 'status', note })
}

/** It can't say whether the login is right: its fault, not that of the account. `code`: not its words. */
export function notNow(code: string): Error {
  return failed({ ok: false, reason: 'status', note: `no login possible for now (${code})` })
}

/** Nothing goes on in the clear where TLS was to begin: the look fails as `protocol`. */
export function unoffered(): Error {
  return failed({ ok: false, reason: 'protocol', note: 'STARTTLS is not offered' })
}

/** True for a refusal that is no verdict on the account (RFC 5530, RFC 3206), whatever code it carries. */
export function soundsTemporary(words: string): boolean {
  return /\btemporar(?:y|ily)\b|\btry (?:again )?later\b/i.test(words)
}
