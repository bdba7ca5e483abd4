// What goes wrong with vigie itself: told to admins once while it lasts, not once a second.
import type { Letter, News } from './core/letter.ts'
import { DAY, type Instant } from './core/time.ts'

export type Trouble = Extract<News, { readonly kind: 'self' }>['what']

export interface Troubles {
  /** It is so now. Written once while it lasts, again after a day. */
  begin(what: Trouble, note: string, remedy: string): void
  /** It is well again; the next time it is news. */
  end(what: Trouble): void
  /** What is wrong now. */
  now(): ReadonlyMap<Trouble, string>
}

export function createTroubles(deps: {
  write(letter: Letter): void
  log(message: string): void
  now(): Instant
}): Troubles {
  const open = new Map<Trouble, { note: string; told: Instant }>()
  return {
    begin(what, note, remedy) {
      const now = deps.now()
      const known = open.get(what)
      if (known !== undefined && now - known.told < DAY) {
        known.note = note
        return
      }
      open.set(what, { note, told: now })
      deps.log(`${what}: ${note}. ${remedy}`)
      const key = `self:${what}:${now}`
      deps.write({ key, event: 'self', thread: key, at: now, news: { kind: 'self', what, note, remedy } })
    },
    end: (what) => {
      open.delete(what)
    },
    now: () => new Map([...open].map(([what, { note }]) => [what, note])),
  }
}
