// What the replica's relay took: the mailbox of the admins.
import type { Instant } from '../core/time/time.ts'
import type { Seat } from './places.ts'
import type { Mail } from './smtp.ts'

export interface Received extends Mail {
  /** Counts from 1 and is never used again. */
  readonly number: number
  readonly at: Instant
  /** Which site handed it in. */
  readonly by: Seat
}

export interface Mailbox {
  /** `by`: home when not said. */
  take(mail: Mail, by?: Seat): void
  /** Oldest first: the last hundred. */
  all(): readonly Received[]
}

const KEPT = 100

/** In memory alone: it is empty again when the demonstration starts anew. */
export function createMailbox(now: () => Instant): Mailbox {
  const mails: Received[] = []
  let count = 0
  return {
    take(mail, by = 'home') {
      count++
      mails.push({ ...mail, number: count, at: now(), by })
      if (mails.length > KEPT) mails.shift()
    },
    all: () => [...mails],
  }
}
