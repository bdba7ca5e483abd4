// What goes wrong with vigie itself: told to admins once while it lasts, not once a second.

import { DAY, type Instant } from './core/time/time.ts'
import type { Letter, News } from './core/verdict/letter.ts'
import type { Ledger } from './store/ledger.ts'

export type Trouble = Extract<News, { readonly kind: 'self' }>['what']

export interface Troubles {
  /** It is so now. Written once while it lasts, again after a day. `cause` tells troubles of one sort apart. */
  begin(what: Trouble, cause: string, note: string, remedy: string): void
  /** It is well again; the next time it is news. */
  end(cause: string): void
}

/** What was told is known to this process alone: what is still so after a restart is told again. */
export function createTroubles(deps: {
  write(letter: Letter): void
  log(message: string): void
  now(): Instant
}): Troubles {
  const open = new Map<string, Instant>()
  return {
    begin(what, cause, note, remedy) {
      const now = deps.now()
      const told = open.get(cause)
      if (told !== undefined && now - told < DAY) return
      open.set(cause, now)
      deps.log(`${what}: ${note}. ${remedy}`)
      const key = `self:${cause}:${now}`
      const event = what === 'twin' ? 'twin' : 'self'
      deps.write({ key, event, thread: key, at: now, news: { kind: 'self', what, note, remedy } })
    },
    end: (cause) => {
      open.delete(cause)
    },
  }
}

/** A ledger that was found broken or gone at the start: what happened, and what to do. */
export function restoredWords({
  aside,
  from,
}: NonNullable<Ledger['restored']>): readonly [note: string, remedy: string] {
  const stands = from === null ? 'no copy was good, everything begins anew' : `its copy ${from} stands in`
  const kept = aside === null ? '' : `The broken one is kept as ${aside}. `
  return [`ledger.db was ${aside === null ? 'gone' : 'broken'}: ${stands}`, `${kept}Look at the disk.`]
}

/** The ledger can't be read or written just now: what the system says, and what to do. */
export function hinderedWords(error: unknown): readonly [note: string, remedy: string] {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const full = /^(?:ENOSPC|SQLITE_FULL)/.test(code)
  const remedy = full ? 'free some space where the data folder is.' : 'look at the disk.'
  return [error instanceof Error ? error.message : String(error), `Nothing can be remembered or mailed: ${remedy}`]
}

/** results.db was found broken, at the start or while it ran. */
export const LOST_WORDS: readonly [note: string, remedy: string] = [
  'results.db was broken or gone: history begins anew',
  'A broken one is kept beside it, as results.db.broken-…. Look at the disk.',
]
