// What people can have said, by whichever way they come: the admin pages, the API, a command.
import type { Acknowledgement } from './acknowledgement.ts'
import type { Draft } from './draft.ts'
import type { Impact, Incident, IncidentStatus } from './incident.ts'
import type { Maintenance } from './maintenance.ts'
import type { Override } from './override.ts'
import type { Mistake } from './submission.ts'
import type { Filled } from './template.ts'

export interface Refusal {
  /** `invalid`: what was handed in; `unknown`: there is no such thing; `conflict`: not as it stands. */
  readonly refused: 'invalid' | 'unknown' | 'conflict'
  /** Never empty. */
  readonly mistakes: readonly Mistake[]
}

/** `done`: it is on the disk, as it stands now. */
export type Answer<T> = { readonly done: T } | Refusal

/** Who says it. A request that is repeated with its key is done once. */
export interface Sender {
  /** An account's name, `cli`, `token:NAME`; `vigie` for itself. */
  readonly by: string
  readonly key: string | null
}

/** A template with its blanks filled. */
export interface PreparedTemplate extends Filled {
  readonly id: string
  readonly status: IncidentStatus
  readonly impact: Impact
  readonly services: readonly string[]
}

/** Takes what is handed in, as JSON has it, and puts it on the board. Throws only what the ledger throws. */
export interface Post {
  /** Incidents that wait to be published, made from the outages that are open. */
  drafts(): readonly Draft[]
  /** The templates, filled in for these services as of now; without any, for those each names itself. */
  templates(services: readonly string[]): readonly PreparedTemplate[]
  /** Throws a draft away for as long as its outage lasts. */
  dismiss(draft: string): Answer<{ readonly id: string }>
  readonly incident: {
    /** `template`, `draft`: fills in what isn't said. */
    open(handed: unknown, from: Sender): Answer<Incident>
    update(id: string, handed: unknown, from: Sender): Answer<Incident>
    /** Title, impact, services, beginning, what it raises to. */
    correct(id: string, handed: unknown, from: Sender): Answer<Incident>
    /** The text of one update. */
    reword(id: string, update: string, handed: unknown, from: Sender): Answer<Incident>
    /** All of it, or one update. */
    retract(id: string, update: string | null, from: Sender): Answer<Incident>
    /** Null takes it back. */
    postmortem(id: string, handed: unknown, from: Sender): Answer<Incident>
  }
  readonly maintenance: {
    plan(handed: unknown, from: Sender): Answer<Maintenance>
    change(id: string, handed: unknown, from: Sender): Answer<Maintenance>
    /** Another end for one time: later, or `now`. */
    prolong(id: string, handed: unknown, from: Sender): Answer<Maintenance>
    /** One time, or all. */
    cancel(id: string, handed: unknown, from: Sender): Answer<Maintenance>
    update(id: string, handed: unknown, from: Sender): Answer<Maintenance>
  }
  /** Says that somebody takes these outages on, those of them that are open, in one letter; again, it is said once. */
  acknowledge(
    outages: readonly string[],
    from: Sender,
  ): Answer<readonly [Acknowledgement, ...(readonly Acknowledgement[])]>
  /** What the page says of a service against what is measured; null: what is measured counts again. */
  override(service: string, handed: unknown, from: Sender): Answer<Override | null>
}
