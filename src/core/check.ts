// What is watched and by which rules: the configuration, complete, as everything inside works with it.
// config/ makes it from YAML; nothing here has defaults left to fill in.
import type { Ability } from './ability.ts'
import type { Template } from './said/template.ts'
import type { Language, Text } from './text.ts'
import type { Instant, Millis } from './time/time.ts'

/** Less than this left of a certificate alerts admins: a share of its lifetime (0 to 1) or a length of time. */
export type ExpiresIn = { readonly share: number } | { readonly left: Millis }

/**
 * The rules of one check: `policy`, overridden by its kind, its service and itself (contract 3). `every` and `retry`
 * count from the start of a look; `fall` and `rise` are looks in a row.
 */
export interface Rule {
  readonly every: Millis
  readonly timeout: Millis
  readonly retry: Millis
  readonly fall: number
  readonly rise: number
  /** Slower counts towards degraded; null: this kind knows no slow. */
  readonly slow: Millis | null
  readonly expiresIn: ExpiresIn
}

/** The rules that hold for the whole site (contract 3, `policy`). */
export interface Policy {
  /** Fails in a row until a site that hears no other calls it down alone. */
  readonly loneFall: number
  /** So long two sites may disagree before it is partial. */
  readonly hold: Millis
  /** An older word of another site is none. */
  readonly fresh: Millis
  /** So long after our line was bad a fail of ours does not count. */
  readonly taint: Millis
  readonly witnessEvery: Millis
  /** For what is partial, blind, or a site that isn't heard. */
  readonly mailAfter: Millis
  /** So long a site that is to mail may say nothing. */
  readonly takeover: Millis
  /** So many changes `within` make a service unstable, `calm` without one makes it stable. */
  readonly flap: { readonly changes: number; readonly within: Millis; readonly calm: Millis }
  /** More services than that `within` are told in one mail. */
  readonly digest: { readonly services: number; readonly within: Millis }
}

export const AUDIENCES = ['members', 'admins'] as const

/** Members see it, or it only alerts admins and stays off the page and its colours. */
export type Audience = (typeof AUDIENCES)[number]

export interface Check {
  /** `service.check`, for ever: it keys the history. */
  readonly id: string
  /** The service's id. */
  readonly service: string
  readonly kind: string
  /** For people: as configured, domain filled in, secrets not. */
  readonly target: string
  /** Names exactly what is looked at and by which rule: two sites' opinions are on the same thing when it is the same. */
  readonly definition: string
  readonly rule: Rule
  /** null: IPv4, or IPv6 where there is only that. `both`: each family is judged apart. */
  readonly family: 4 | 6 | 'both' | null
  /** Ids of services or of checks whose fall explains this one's, its service's included. */
  readonly depends: readonly string[]
  readonly essential: boolean
  readonly audience: Audience
  /** Sites that look: all, one at a time, or those named. */
  readonly from: 'all' | 'any' | readonly string[]
  /** Set when this check waits for pings instead of looking. */
  readonly heartbeat: Heartbeat | null
  /** Why it can't be looked at (a missing secret): its state is unknown, reason `config`. Null when it can. */
  readonly unusable: string | null
  /** What a member can do when it is well, where a preset or its own keys say so; absent: its words are to tell. */
  readonly proves?: Ability
}

export interface Heartbeat {
  /** How often it must come. */
  readonly period: Millis
  /** Missing only so much after that. */
  readonly grace: Millis
  /** The secret part of `/push/TOKEN` when configured; null: made once by the store. */
  readonly token: string | null
}

export interface Service {
  /** The file's name, for ever. */
  readonly id: string
  readonly name: Text
  /** Id of its group; null: in none. */
  readonly group: string | null
  readonly about: Text | null
  /** Where members go to use it; null: not said. */
  readonly url: string | null
  readonly audience: Audience
  readonly checks: readonly Check[]
}

export interface Group {
  readonly id: string
  readonly name: Text
}

export interface Site {
  readonly id: string
  /** Where its page is; null: not said. */
  readonly url: string | null
  /** Its public key, `ed25519:…`; needed from two sites on. */
  readonly key: string | null
  /** `Grenoble`, for members; null: not said. */
  readonly where: Text | null
  readonly role: 'full' | 'observer'
  /** What it shares its fate with: sites of one failure domain count once. */
  readonly domain: string
}

/** A site that runs no more: what it said stays, and is told from what somebody made up. */
export interface Former {
  readonly id: string
  readonly key: string
}

/** A host of somebody else that proves our own line works. */
export type Witness =
  | { readonly kind: 'https'; readonly url: string }
  | { readonly kind: 'dns'; readonly address: string; readonly port: number }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }

export interface Relay {
  /** For people and logs: scheme, host and port, never the login. */
  readonly name: string
  readonly host: string
  readonly port: number
  /** TLS from the first byte (smtps) or STARTTLS. */
  readonly secure: boolean
  /** Null: it takes mail without. */
  readonly login: { readonly user: string; readonly password: string } | null
}

/** What `on` may name (contract 3). */
export const ALERT_EVENTS = ['down', 'up', 'partial', 'degraded', 'attention', 'blind', 'twin', 'self'] as const

export type AlertEvent = (typeof ALERT_EVENTS)[number]

/** What a recipient hears of where nothing is said. */
export const USUAL_EVENTS: readonly AlertEvent[] = ALERT_EVENTS.filter((event) => event !== 'degraded')

export interface Recipient {
  readonly email: string
  readonly on: readonly AlertEvent[]
}

/** `checks/`, read and complete. */
export interface Configuration {
  readonly name: Text
  /** What `${domain}` stands for. */
  readonly domain: string | null
  readonly languages: readonly [Language, ...Language[]]
  /** An IANA name that Node knows. */
  readonly timezone: string
  readonly about: Text | null
  readonly contact: string | null
  readonly groups: readonly Group[]
  readonly sites: readonly Site[]
  readonly former: readonly Former[]
  /** The site this process is. */
  readonly site: Site
  readonly services: readonly Service[]
  /** Words prepared for incidents and planned work. */
  readonly templates: readonly Template[]
  readonly witnesses: readonly Witness[]
  /** Hosts inside the provider, which tell the road from the services. */
  readonly path: readonly Witness[]
  readonly policy: Policy
  /** Null: nothing can be mailed. */
  readonly mail: {
    readonly from: string
    readonly relays: readonly Relay[]
    /** Why a relay that is named there is not among them, one sentence each. */
    readonly leftOut: readonly string[]
  } | null
  readonly alerts: readonly Recipient[]
  readonly listen: { readonly host: string; readonly port: number }
  /** Whose word on where a caller comes from is believed. */
  readonly proxy: readonly string[]
  /** Whom to tell of a security problem: `/.well-known/security.txt`; null: there is none. */
  readonly security: string | null
  /** `/metrics` is for whoever has the token, and for loopback. */
  readonly metrics: { readonly token: string | null }
  /** `lan`: the admin pages also answer plain HTTP from private addresses. */
  readonly admin: { readonly lan: boolean }
  /** Pinged while all is well; null: nobody notices when this machine dies. */
  readonly deadman: string | null
  /** Drafts of incidents are published by themselves so long after an outage was confirmed; null: never. */
  readonly drafts: { readonly publishAfter: Millis | null }
  /** The built-in replica of the hoster stands in for the world. */
  readonly replica: boolean
  /** Copies of the page elsewhere, each at most so often. `from`: the sites that make it; null: nothing is said. */
  readonly publish: readonly { readonly to: string; readonly every: Millis; readonly from: readonly string[] | null }[]
  /** Extra trusted roots of `policy`, as PEM. */
  readonly ca: readonly string[]
  /** Names the whole of it, but for what is each site's own. */
  readonly edition: string
  /** When its files were last changed here. */
  readonly configured: Instant
  /** Names of the secrets that it asks for here. */
  readonly secrets: readonly string[]
}

/** Something of it is on the page: members know it. */
export function isOnPage({ audience, checks }: Service): boolean {
  return audience === 'members' && checks.some((check) => check.audience === 'members')
}

/** Every check of a configuration, in its order. */
export function checksOf(configuration: Configuration): readonly Check[] {
  return configuration.services.flatMap((service) => service.checks)
}
