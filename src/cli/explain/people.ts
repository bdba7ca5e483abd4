// What people had said, in what `vigie explain` prints: where it led to the status, the page or the mails.
import { nameOfAuthor } from '../../core/author.ts'
import type { Explanation } from '../../core/history/explanation.ts'
import { cleanNote } from '../../core/observation.ts'
import { say, type Text } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import { CONDITIONS } from '../../page/words/words.ts'

/** A moment by the site's clock, with the day where that isn't the day asked about. */
export type Clock = (at: Instant) => string

/** `term` in the narrow column on the left. */
export type Fact = readonly [term: string, words: string]

/** A time of maintenance that was under way. */
export function workWords(
  { maintenance: { id, title, by }, begins, ends }: Explanation['people']['work'][number],
  clock: Clock,
): string {
  return `maintenance ${id}, ${quoted(title)}, from ${clock(begins)} to ${clock(ends)}, by ${who(by)}: blue, no mails, counted apart`
}

/** What stood on the page instead of what was measured, or beside it. */
export function saidLines({ people: { override, incidents } }: Explanation, clock: Clock): readonly Fact[] {
  const instead = override?.status == null ? [] : [overrideWords({ ...override, status: override.status }, clock)]
  return [
    ...instead.map((words): Fact => ['override', words]),
    ...incidents.map(({ id, title, status, raises, by, created }): Fact => {
      const raised = raises === 'none' ? '' : `: at least “${CONDITIONS.en[raises]}” on the page, whatever is measured`
      return ['incident', `${id}, ${quoted(title)}, ${status}, opened at ${clock(created)} by ${who(by)}${raised}`]
    }),
  ]
}

/** What kept mails back, and who saw the outage. */
export function mailLines({ people: { mute }, acknowledged }: Explanation, clock: Clock): readonly Fact[] {
  return [
    ...(mute === null ? [] : [['silenced', `by ${who(mute.by)} until ${clock(mute.until)}: no mails`] as const]),
    ...(acknowledged === null ? [] : [['seen', `by ${who(acknowledged.by)} at ${clock(acknowledged.at)}`] as const]),
  ]
}

function overrideWords(
  { status, by, at, until }: { status: keyof typeof CONDITIONS.en; by: string; at: Instant; until: Instant },
  clock: Clock,
): string {
  return `the page said “${CONDITIONS.en[status]}” instead, by ${who(by)} from ${clock(at)} until ${clock(until)} at the latest`
}

function quoted(text: Text): string {
  return `“${cleanNote(say(text, 'en'))}”`
}

function who(by: string): string {
  return cleanNote(nameOfAuthor(by, 'en'))
}
