// What admins tell members of an outage: a title and dated updates. It is a fold of what was said on any site, the same
// whatever the order it arrived in; people who wrote side by side, not knowing of each other, both keep their words.
import {
  author,
  type Fields,
  flag,
  line,
  list,
  moment,
  name,
  oneOf,
  optional,
  prose,
  readPayload,
  services,
  title,
} from '../ledger/payload.ts'
import { inOrder, type Made, register, type Statement, saw, unanswered } from '../ledger/statement.ts'
import type { Text } from '../text.ts'
import type { Instant } from '../time/time.ts'

export const INCIDENT_STATUSES = ['investigating', 'identified', 'monitoring', 'resolved'] as const
/** How far admins are, in Statuspage's words. */
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number]

export const IMPACTS = ['none', 'minor', 'major', 'critical'] as const
/** How grave, in Statuspage's words. It colours no service: `raises` does. */
export type Impact = (typeof IMPACTS)[number]

export const RAISES = ['none', 'degraded_performance', 'partial_outage', 'major_outage'] as const
/** The least that the page says of an open incident's services, whatever is measured; `none`: what is measured. */
export type Raise = (typeof RAISES)[number]

interface Said {
  /** The incident. */
  readonly id: string
  /** An account's name, `cli`, `token:NAME`, or `vigie`: published by itself. */
  readonly by: string
  readonly at: Instant
  /** Whoever repeats a request says this again, and it is said once. */
  readonly key: string | null
}

export interface IncidentOpen extends Said {
  /** The first update's own name. */
  readonly update: string
  readonly title: Text
  readonly text: Text
  readonly status: IncidentStatus
  readonly impact: Impact
  readonly services: readonly string[]
  /** When it began for members: the first failed look, or what an admin says. */
  readonly started: Instant
  readonly raises: Raise
  /** The outages it is about, by their ids: those it was drafted from. */
  readonly outages: readonly string[]
}

export interface IncidentUpdate extends Said {
  readonly update: string
  readonly text: Text
  readonly status: IncidentStatus
}

/** Null: as it was. `text` is that of the update named; its absence, of none. */
export interface IncidentCorrect extends Said {
  readonly update: string | null
  readonly text: Text | null
  readonly title: Text | null
  readonly impact: Impact | null
  readonly services: readonly string[] | null
  readonly started: Instant | null
  readonly raises: Raise | null
}

/** Takes back one update, or all of the incident (null). */
export interface IncidentRetract extends Said {
  readonly update: string | null
}

/** A text written when all is over. Empty (`clear`) takes it back. */
export interface IncidentPostmortem extends Said {
  readonly text: Text | null
  readonly clear: boolean
}

/** What can be said about an incident, by the type of its entry. */
export interface IncidentSayings {
  readonly 'incident.open': IncidentOpen
  readonly 'incident.update': IncidentUpdate
  readonly 'incident.correct': IncidentCorrect
  readonly 'incident.retract': IncidentRetract
  readonly 'incident.postmortem': IncidentPostmortem
}

export type IncidentFact = {
  readonly [T in keyof IncidentSayings]: Made & { readonly type: T; readonly payload: IncidentSayings[T] }
}[keyof IncidentSayings]

const SAID: Fields<Said> = { id: name, by: author, at: moment, key: optional(line(200)) }

const STATUS = oneOf(INCIDENT_STATUSES)

const SAYINGS: { readonly [T in keyof IncidentSayings]: Fields<IncidentSayings[T]> } = {
  'incident.open': {
    ...SAID,
    update: name,
    title,
    text: prose,
    status: STATUS,
    impact: oneOf(IMPACTS),
    services,
    started: moment,
    raises: oneOf(RAISES),
    outages: list(line(200), 500),
  },
  'incident.update': { ...SAID, update: name, text: prose, status: STATUS },
  'incident.correct': {
    ...SAID,
    update: optional(name),
    text: optional(prose),
    title: optional(title),
    impact: optional(oneOf(IMPACTS)),
    services: optional(services),
    started: optional(moment),
    raises: optional(oneOf(RAISES)),
  },
  'incident.retract': { ...SAID, update: optional(name) },
  'incident.postmortem': { ...SAID, text: optional(prose), clear: flag },
}

/** What a statement says of an incident; null when it says nothing that this vigie understands. */
export function incidentFact({ type, payload, ...made }: Statement): IncidentFact | null {
  if (!Object.hasOwn(SAYINGS, type)) return null
  const read = readPayload(SAYINGS[type as keyof IncidentSayings] as Fields<Said>, payload)
  return read === null ? null : ({ ...made, type, payload: read } as IncidentFact)
}

export interface Update {
  readonly id: string
  readonly at: Instant
  readonly by: string
  readonly status: IncidentStatus
  readonly text: Text
  /** When its text was last corrected; null: never. */
  readonly corrected: Instant | null
  /** Other texts it was given at the same time by people who did not know of each other: for admins. */
  readonly rivals: readonly Text[]
}

export interface Incident {
  /** The name it was opened by first. */
  readonly id: string
  /** Other names that it was opened by, on sites that did not hear of the first: they lead here, too. */
  readonly formerly: readonly string[]
  readonly title: Text
  readonly status: IncidentStatus
  readonly impact: Impact
  readonly services: readonly string[]
  readonly started: Instant
  readonly raises: Raise
  readonly outages: readonly string[]
  /** Vigie published it by itself, from its own draft, and nobody else has written since. */
  readonly automatic: boolean
  /** When it was first said, and by whom. */
  readonly created: Instant
  readonly by: string
  /** When anything about it was last said. */
  readonly changed: Instant
  /** How many things were said of it: more, when a site hands over what it said long ago. */
  readonly said: number
  /** When the last update came that calls it resolved; null: open. */
  readonly resolved: Instant | null
  /** Oldest first, the first is the opening. Never empty. */
  readonly updates: readonly [Update, ...Update[]]
  /** Null: none, or it was taken back. */
  readonly postmortem: { readonly text: Text; readonly at: Instant; readonly by: string } | null
  /** Fields that were changed on two sites at once, the newest shown: for admins. */
  readonly conflicts: readonly string[]
  /** Taken back as a whole: shown to nobody but admins. */
  readonly retracted: boolean
}

/** All facts of one incident, in any order and however often, as it stands. Null: how it began is not known (yet). */
export function foldIncident(unordered: readonly IncidentFact[]): Incident | null {
  const facts = inOrder(unordered)
  const retractions = ofType(facts, 'incident.retract')
  const openings = openingsOf(facts, retractions)
  const [opening, ...besides] = openings
  if (opening === undefined) return null
  const { payload: open } = opening
  const retracted = !isStanding(opening, retractions)
  const corrections = ofType(facts, 'incident.correct')
  const updates = ofType(facts, 'incident.update').filter((post) => retracted || isStanding(post, retractions))
  const taken = new Set<string>()
  const posts = [opening, ...inOrder<Post>([...besides, ...updates])].filter(({ payload: { update } }) => {
    const first = !taken.has(update)
    taken.add(update)
    return first
  })
  const valid = posts.filter(
    (post) => post === opening || !retractions.some(({ payload }) => payload.update === post.payload.update),
  )
  const [first, ...later] = valid.map((post) => updateOf(post, corrections))

  const conflicts: string[] = []
  const field = <K extends 'title' | 'impact' | 'services' | 'started' | 'raises'>(key: K): IncidentOpen[K] => {
    const changes = corrections.flatMap((fact) => {
      const value = fact.payload[key] as IncidentOpen[K] | null
      return value === null ? [] : [{ ...fact, value }]
    })
    if (changes.length + besides.length === 0) return open[key]
    const begun = openings.map((fact) => ({ ...fact, value: fact.payload[key] }))
    const { value, rivals } = register(inOrder<(typeof begun | typeof changes)[number]>([...begun, ...changes]))!
    if (rivals.length > 0) conflicts.push(key)
    return value
  }

  const status = statusAfter(valid)
  const afterwards = ofType(facts, 'incident.postmortem').at(-1)?.payload
  const postmortem = afterwards?.text == null || afterwards.clear ? null : { ...afterwards, text: afterwards.text }
  return {
    id: open.id,
    formerly: [...new Set(besides.map(({ payload }) => payload.id))].filter((id) => id !== open.id),
    title: field('title'),
    status,
    impact: field('impact'),
    services: field('services'),
    started: field('started'),
    raises: field('raises'),
    outages: open.outages,
    automatic: [...valid, ...corrections].every(({ payload }) => payload.by === 'vigie'),
    created: open.at,
    by: open.by,
    changed: Math.max(...facts.map(({ payload }) => payload.at)),
    said: facts.length,
    resolved: status === 'resolved' ? lastResolved(valid) : null,
    updates: [first!, ...later],
    postmortem: postmortem === null ? null : { text: postmortem.text, at: postmortem.at, by: postmortem.by },
    conflicts: [first!, ...later].some(({ rivals }) => rivals.length > 0) ? [...conflicts, 'text'] : conflicts,
    retracted,
  }
}

type Opening = Extract<IncidentFact, { type: 'incident.open' }>
type Retraction = Extract<IncidentFact, { type: 'incident.retract' }>

/**
 * How it was opened: once, or on several sites from drafts of one outage, side by side. Then it is about all that any of
 * them named, since the earliest; what vigie published by itself gives way to a person's words.
 */
function openingsOf(facts: readonly IncidentFact[], retractions: readonly Retraction[]): readonly Opening[] {
  const all = ofType(facts, 'incident.open')
  const standing = all.filter((one) => isStanding(one, retractions))
  const left = standing.length > 0 ? standing : all
  const people = left.filter(({ payload }) => payload.by !== 'vigie')
  const openings = people.length > 0 ? people : left.slice(0, 1)
  if (openings.length < 2) return openings
  const services = [...new Set(openings.flatMap(({ payload }) => payload.services))]
  const outages = [...new Set(openings.flatMap(({ payload }) => payload.outages))]
  const started = Math.min(...openings.map(({ payload }) => payload.started))
  return openings.map((one) => ({ ...one, payload: { ...one.payload, services, outages, started } }))
}

/** Whoever took back the whole took back what they knew of it. */
function isStanding(post: Made, retractions: readonly Retraction[]): boolean {
  return !retractions.some((one) => one.payload.update === null && saw(one, post))
}

type Post = Extract<IncidentFact, { type: 'incident.open' | 'incident.update' }>

/** A resolve closes only what it knew: "still looking", said by somebody who did not know of it, keeps it open. */
function statusAfter(posts: readonly Post[]): IncidentStatus {
  const last = unanswered(posts).map(({ payload }) => payload.status)
  return last.filter((status) => status !== 'resolved').at(-1) ?? 'resolved'
}

function lastResolved(posts: readonly Post[]): Instant {
  const answered = posts.findLastIndex(({ payload }) => payload.status !== 'resolved')
  return (posts[answered + 1] ?? posts.at(-1)!).payload.at
}

function updateOf(post: Post, corrections: readonly Extract<IncidentFact, { type: 'incident.correct' }>[]): Update {
  const { update: id, at, by, status, text } = post.payload
  const changes = corrections.flatMap((fact) => {
    const { payload } = fact
    return payload.update === id && payload.text !== null ? [{ ...fact, value: payload.text }] : []
  })
  if (changes.length === 0) return { id, at, by, status, text, corrected: null, rivals: [] }
  const { value, rivals } = register([{ ...post, value: text }, ...changes])!
  return { id, at, by, status, text: value, corrected: changes.at(-1)?.payload.at ?? null, rivals }
}

function ofType<T extends IncidentFact['type']>(
  facts: readonly IncidentFact[],
  type: T,
): readonly Extract<IncidentFact, { type: T }>[] {
  return facts.filter((fact): fact is Extract<IncidentFact, { type: T }> => fact.type === type)
}
