// A recovery code that was used on two sites while they were apart: each had to take it, and admins are told once.
import type { Accounts, Reuse } from '../core/said/account.ts'
import type { Instant } from '../core/time/time.ts'
import type { Letter } from '../core/verdict/letter.ts'

/** Looks through the accounts whenever something was said of them; what stands there from the start was told before. */
export function createReuseWatch(deps: {
  known(): Accounts
  siteOf(mark: string): string
  /** This site's id: where the second login was tells. */
  site(): string
  write(letter: Letter): void
  now(): Instant
}): { look(): void } {
  const told = new Set(deps.known().reuses.map(nameOf))
  return {
    look() {
      for (const reuse of deps.known().reuses) {
        if (told.has(nameOf(reuse))) continue
        told.add(nameOf(reuse))
        if (deps.siteOf(reuse.marks[1]) === deps.site()) deps.write(letterOf(reuse))
      }
    },
  }

  function letterOf(reuse: Reuse): Letter {
    const [first, second] = reuse.marks.map(deps.siteOf)
    const { name } = reuse
    const key = `self:code:${nameOf(reuse)}`
    const note = `${name} logged in with one recovery code on ${first} and on ${second}, which did not hear each other`
    const remedy = `Was that not ${name} both times? \`vigie admin recover ${name}\` gives a new access and ends all sessions.`
    return { key, event: 'self', thread: key, at: deps.now(), news: { kind: 'self', what: 'code', note, remedy } }
  }
}

function nameOf({ code, marks }: Reuse): string {
  return `${code.slice(0, 16)}:${marks[1]}`
}
