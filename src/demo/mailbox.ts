// What the replica's relay took: the mailbox of the admins.
import type { Instant } from '../core/time.ts'
import type { Mail } from './smtp.ts'

export interface Received extends Mail {
  /** Counts from 1 and is never used again. */
  readonly number: number
  readonly at: Instant
}

export interface Mailbox {
  take(mail: Mail): void
  /** Oldest first: the last hundred. */
  all(): readonly Received[]
}

const KEPT = 100

export function createMailbox(now: () => Instant): Mailbox {
  const mails: Received[] = []
  let count = 0
  return {
    take(mail) {
      count++
      mails.push({ ...mail, number: count, at: now() })
      if (mails.length > KEPT) mails.shift()
    },
    all: () => [...mails],
  }
}
