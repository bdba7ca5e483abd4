// How a kind of check reads what the administrator wrote for it. config/ implements this over YAML, so that every
// refusal carries file, line and column; a kind only says what it wants and by which name.
import type { Millis } from './time/time.ts'

export interface HostPort {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

export interface Login {
  readonly user: string
  readonly password: string
}

/**
 * One map of the configuration. Reading a key marks it as known: what nobody read is reported as unknown, with the
 * key that was meant. A wrong value is reported and the default (or a harmless stand-in) returned, so that all
 * mistakes are found in one pass; what was configured with a mistake is never run.
 */
export interface Keys {
  /** Whether it is written at all: also where its value is no use, as with a secret that is missing. */
  has(key: string): boolean
  text(key: string): string | undefined
  flag(key: string): boolean | undefined
  /** A whole number within bounds, both included. */
  integer(key: string, least: number, most: number): number | undefined
  duration(key: string): Millis | undefined
  oneOf<const T extends string>(key: string, choices: readonly T[]): T | undefined
  hostPort(key: string): HostPort | undefined
  /** An http or https URL, or one of these schemes (`['wss:']`), without user and password. */
  url(key: string, schemes?: readonly string[]): URL | undefined
  login(key: string): Login | undefined
  /** A list of texts, numbers and booleans as written; one alone counts as a list of one. */
  texts(key: string): readonly string[] | undefined
  /** A map of texts, as `headers` is; numbers and booleans are taken as written. */
  map(key: string): Readonly<Record<string, string>> | undefined
  /** The same of what is compared and not sent, as `json` is: nothing is taken as `null`. */
  values(key: string): Readonly<Record<string, string>> | undefined
  /** Any scalar, or list of scalars, as written; for what only the kind understands (`status: [200, "300-399"]`). */
  scalars(key: string): readonly (string | number | boolean | null)[] | undefined
  /** A map within this one (`submit: {smtp: …, login: …}`), read by `read`; its own unknown keys are reported. */
  section<T>(key: string, read: (keys: Keys) => T): T | undefined
  /** Reports a mistake at a key (or, when null, at the check's target or where the section begins), with a remedy. */
  complain(key: string | null, message: string): void
}

/** The settings of a whole check: its keys, and the value of the one that names its kind. */
export interface Settings extends Keys {
  /** The value of the kind's own key: `https://…`, `host:port`, a name. */
  target(): string
  /** The target as an http or https URL without user and password. */
  targetUrl(): URL
  /** The target as `host:port`. */
  targetHostPort(): HostPort
  /** The target as a host name or address, without a port. */
  targetHost(): string
  /** The target as a duration (heartbeat). */
  targetDuration(): Millis
}
