// A letter made out to one person: in words, and in its place in a thread.
import type { Configuration } from '../check.ts'
import { reachableAt } from '../reachable.ts'
import { type Language, say } from '../text.ts'
import { type Instant, iso } from '../time/time.ts'
import type { Letter } from '../verdict/letter.ts'
import { endedBy } from './correspondence.ts'
import { composeLetter, replySubject } from './wording.ts'

/** What a channel carries. */
export interface Message {
  /** What makes it the same message on any attempt, relay or site. */
  readonly key: string
  /** The key of the first message of its thread; null: it is the first. */
  readonly answers: string | null
  readonly to: string
  readonly subject: string
  /** Plain text in lines. */
  readonly body: string
  readonly language: Language
}

/** The first letter of a thread that went to somebody, and when. */
export interface Root {
  readonly at: Instant
  readonly letter: Letter
}

/** What a message depends on beside its letter. */
export interface Circumstances {
  configuration(): Configuration
  /** When an outage ended; null: it is open, or nobody knows it. */
  ended(outage: string): Instant | null
  /** Where `to` says that they take on what a letter tells; null: nowhere. */
  acknowledge(letter: Letter, to: string): string | null
}

/**
 * What goes to `to` if it goes now. An answer carries the subject its root went out with, so that mail programs keep
 * the thread together.
 */
export function writeMessage(
  letter: Letter,
  to: string,
  root: Root | null,
  circumstances: Circumstances,
  now: Instant,
): Message {
  const configuration = circumstances.configuration()
  const [language] = configuration.languages
  const endedAt = (outage: string, when: Instant) => before(circumstances.ended(outage), when)
  const wording = (what: Letter, when: Instant) =>
    composeLetter(what, {
      language,
      timezone: configuration.timezone,
      hoster: say(configuration.name, language),
      page: reachableAt(configuration.sites, configuration.site.id),
      shown: new Set(configuration.services.filter(({ audience }) => audience === 'members').map(({ id }) => id)),
      places: new Map(configuration.sites.flatMap(({ id, where }) => (where === null ? [] : [[id, where] as const]))),
      from: configuration.sites.length > 1 ? configuration.site.id : null,
      acknowledge: circumstances.acknowledge(what, to),
      now: when,
      ended: endedBy(what, (outage) => endedAt(outage, when)),
      hanging: hangingOn(root, (outage) => endedAt(outage, when) !== null),
      recoveryFollows: configuration.alerts.some(({ email, on }) => email === to && on.includes('up')),
    })
  const { subject, body } = wording(letter, now)
  const common = { key: letter.key, to, body, language }
  return root === null
    ? { ...common, answers: null, subject }
    : { ...common, answers: root.letter.key, subject: replySubject(wording(root.letter, root.at).subject) }
}

/** How that stands which a thread's first letter said hangs on what it was about; null: nothing does, or nobody knows on what. */
function hangingOn(root: Root | null, isOver: (outage: string) => boolean): 'over' | 'open' | null {
  const news = root?.letter.news
  if (news?.kind !== 'down' || news.affected.length > 1 || news.children.length === 0) return null
  return news.children.every(({ outage }) => isOver(outage)) ? 'over' : 'open'
}

/** The message of `vigie alert test`, which names the relay it goes through. */
export function testMessage(relay: string, to: string, configuration: Configuration, now: Instant): Message {
  const key = `test:${relay}:${iso(now)}`
  const letter: Letter = { key, event: 'self', thread: key, at: now, news: { kind: 'test' } }
  const circumstances = { configuration: () => configuration, ended: () => null, acknowledge: () => null }
  const message = writeMessage(letter, to, null, circumstances, now)
  return { ...message, body: `${message.body}\n${relay}\n` }
}

function before(end: Instant | null, when: Instant): Instant | null {
  return end !== null && end <= when ? end : null
}
