// The hoster's mailboxes in the replica: everybody under its domain has one, and every password is right.
import type { Instant } from '../core/time/time.ts'
import type { Mail } from './smtp.ts'

/** A mail in a mailbox. */
export interface Piece {
  /** Counted from 1 over all mailboxes and never used again, as UIDs are not (RFC 3501, 2.3.1.1). */
  readonly uid: number
  readonly at: Instant
  readonly text: string
}

export interface PostOffice {
  /** True: mail for this address is taken here. */
  serves(address: string): boolean
  deliver(mail: Mail): void
  /** Oldest first: the last hundred. */
  box(owner: string): readonly Piece[]
  remove(owner: string, uids: ReadonlySet<number>): void
}

const MOST_BOXES = 100
const KEPT = 100

/**
 * `domain` in lower case. What is for another domain, or would open a hundred-and-first mailbox, is dropped without a
 * word. `name+tag` is `name`'s, and whoever asks for a box no mail came to finds it empty.
 */
export function createPostOffice(domain: string, now: () => Instant): PostOffice {
  const boxes = new Map<string, readonly Piece[]>()
  let count = 0
  return {
    serves,
    deliver({ to, text }) {
      for (const address of to) {
        const owner = nameOf(address)
        if (!serves(address) || (!boxes.has(owner) && boxes.size >= MOST_BOXES)) continue
        count++
        boxes.set(owner, [...(boxes.get(owner) ?? []), { uid: count, at: now(), text }].slice(-KEPT))
      }
    },
    box: (owner) => boxes.get(nameOf(owner)) ?? [],
    remove(owner, uids) {
      const name = nameOf(owner)
      boxes.set(
        name,
        (boxes.get(name) ?? []).filter(({ uid }) => !uids.has(uid)),
      )
    },
  }

  function serves(address: string): boolean {
    return address.toLowerCase().endsWith(`@${domain}`)
  }

  /** Members log in with their address or what stands before it. */
  function nameOf(address: string): string {
    return address.toLowerCase().replace(/(?:\+[^@]*)?(?:@.*)?$/, '')
  }
}
