// Somebody of the team has seen an outage and says so: to members, and to the other admins.
import { author, type Fields, line, moment, readPayload } from '../ledger/payload.ts'
import { inOrder, type Made, type Statement } from '../ledger/statement.ts'
import type { Instant } from '../time/time.ts'

export interface Acknowledgement {
  /** The outage's id. */
  readonly outage: string
  /** An account's name, or `mail:ADDRESS` for whoever opened the link of that letter. */
  readonly by: string
  readonly at: Instant
}

export type AcknowledgementFact = Made & { readonly type: 'ack'; readonly payload: Acknowledgement }

const ACK: Fields<Acknowledgement> = { outage: line(200), by: author, at: moment }

/** Null: the statement is none, or not understood. */
export function acknowledgementFact({ type, payload, ...made }: Statement): AcknowledgementFact | null {
  const read = type === 'ack' ? readPayload(ACK, payload) : null
  return read === null ? null : { ...made, type: 'ack', payload: read }
}

/** Of one outage: who said so first. */
export function foldAcknowledgement(facts: readonly AcknowledgementFact[]): Acknowledgement | null {
  return inOrder(facts)[0]?.payload ?? null
}
