// matrixtrip: what one account writes in a room, another one reads.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Attention, Outcome } from '../core/observation.ts'
import type { Keys, Settings } from '../core/settings.ts'
import { formatDuration, type Millis, SECOND } from '../core/time/time.ts'
import { type Failure, failed, outcomeOf } from '../net/failure.ts'
import type { WebAnswer } from '../net/web.ts'
import { at, type JsonObject, listAt, numberAt, textAt } from './json.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { call, callOpenly, createSession, type Said, type Session, waitNote } from './matrix-client.ts'
import { soonest } from './stage.ts'
import { naming, patienceOf, readWithin, tripDefaults } from './trip.ts'

/** What our messages begin with, so that left-overs are known as ours. */
const MARK = 'vigie round trip '
/** How long a server may keep a question open until there is news. */
const POLL = 10 * SECOND
/** A server that answers at once, without news, is not asked more often. */
const PACE = 500
const MOST_LEFT_OVERS = 5

export const matrixtrip: ProbeKind = {
  summary: 'what one account writes in a room, another one reads: the time it takes is the figure',
  example: '!room:example.org',
  defaults: tripDefaults,
  from: 'any',
  ownFrom: true,
  configure,
}

/** One end of the trip. */
interface End {
  readonly role: 'from' | 'to'
  readonly base: URL
  readonly token: string
  readonly session: Session
}

interface Trip {
  readonly room: string
  readonly from: End
  readonly to: End
  readonly within: Millis
}

function configure(settings: Settings): Plan {
  const room = settings.target()
  if (!/^!\S{1,254}$/.test(room))
    settings.complain(null, 'this is no room id: it begins with "!", see the room’s settings')
  const within = readWithin(settings)
  const from = readEnd(settings, 'from')
  const to = readEnd(settings, 'to')
  const memory: Memory = { since: null, left: new Map() }
  return { does: 'look', probe: (look) => travel(look, { room, from, to, within }, memory) }
}

interface Memory {
  /** The newest position `to` has read up to. */
  since: string | null
  /** Messages still in the room that look like ours, and who sent them; null: we did. */
  readonly left: Map<string, string | null>
}

function readEnd(settings: Settings, role: End['role']): End {
  const end = settings.section(role, (keys: Keys) => {
    const base = keys.url('base')
    if (base === undefined) keys.complain('base', `${role} needs \`base\`: https://matrix.example.org`)
    else if (base.protocol === 'http:') keys.complain('base', 'a token is only sent over https')
    const token = keys.text('token')
    if (token === undefined) keys.complain('token', `${role} needs \`token\`: an access token of its account`)
    return { base: base ?? new URL('https://base.invalid/'), token: token ?? '' }
  })
  if (end === undefined) settings.complain(role, `a trip needs \`${role}\`: { base: https://…, token: … }`)
  const { base, token } = end ?? { base: new URL('https://base.invalid/'), token: '' }
  return { role, base, token, session: createSession({ token }) }
}

async function travel(look: Look, trip: Trip, memory: Memory): Promise<Outcome> {
  const { from, to } = trip
  const asleep = [from, to].find(({ session }) => !session.due())
  if (asleep) return asleep.session.wait() > 0 ? putOff(asleep) : knock(look, trip)
  const answers: WebAnswer[] = []
  const started = performance.now()
  const end = started + patienceOf(trip.within)
  try {
    const position = await read(look, trip, memory.since, 0, answers)
    memory.since = position.next
    for (const [id, sender] of position.left) memory.left.set(id, sender)
    const event = await send(look, trip, answers)
    memory.left.set(event, null)
    const sent = performance.now()
    const sender = await arrival(look, trip, memory, event, end, answers)
    const took = Math.round(performance.now() - sent)
    const attention = await clean(look, trip, memory, sender)
    if (sender === null) return { ok: false, reason: 'late', note: lateNote(trip), ...soonest(answers) }
    const well = { ok: true, note: `seen after ${took} ms`, ...soonest(answers) } as const
    return attention.length === 0 ? well : { ...well, attention }
  } catch (error) {
    // Where an account reads on is not worth keeping when it may be what the server stumbles over.
    memory.since = null
    const failure = outcomeOf(error)
    return failure.ok === false ? { ...soonest(answers), ...failure } : failure
  }
}

/** The server asked for a pause: nothing was learnt, and nothing changes. */
function putOff({ role, session }: End): Failure {
  return { ok: null, reason: 'overload', note: `${role}: ${waitNote(session.wait())}` }
}

function lateNote({ within }: Trip): string {
  return `sent, but not seen within ${formatDuration(within)}`
}

/** For an hour after a refusal only whether both servers answer. */
async function knock(look: Look, { from, to }: Trip): Promise<Outcome> {
  const answers: WebAnswer[] = []
  for (const end of [from, to]) {
    const path = '/_matrix/client/versions'
    await naming(end.role, async () =>
      answers.push((await callOpenly(look, { phase: 'versions', base: end.base, path })).answer),
    )
  }
  const attention = [from, to].flatMap(({ role, session }) =>
    session.attention().map((one) => ({ ...one, note: `${role}: ${one.note}` })),
  )
  return { ok: true, note: 'both servers answer, without the login', ...soonest(answers), attention }
}

async function send(look: Look, { room, from }: Trip, answers: WebAnswer[]): Promise<string> {
  const mark = randomUUID()
  const path = `${roomPath(room)}/send/m.room.message/${mark}`
  const body = { msgtype: 'm.notice', body: `${MARK}${mark}` }
  const document = await ask(look, from, { phase: 'send', path, method: 'PUT', body }, answers)
  const event = textAt(document, 'event_id')
  if (event === undefined) throw failed({ ok: false, reason: 'content', note: 'from: send: no event_id in the answer' })
  return event
}

/** Who sent the message, says the other account that it came to; null: it didn't before the end. */
async function arrival(
  look: Look,
  trip: Trip,
  memory: Memory,
  event: string,
  end: Millis,
  answers: WebAnswer[],
): Promise<string | null> {
  for (;;) {
    const asked = performance.now()
    if (asked >= end) return null
    const { next, events } = await read(look, trip, memory.since, Math.min(POLL, Math.ceil(end - asked)), answers)
    memory.since = next
    const found = events.find((one) => textAt(one, 'event_id') === event)
    if (found !== undefined) return textAt(found, 'sender') ?? ''
    const rest = Math.min(asked + PACE, end) - performance.now()
    if (rest > 0) await sleep(rest, undefined, { signal: look.signal() })
  }
}

interface Page {
  readonly next: string
  readonly events: readonly unknown[]
  /** Messages of ours that were sent so long ago that no trip waits for them any more. */
  readonly left: readonly (readonly [id: string, sender: string])[]
}

async function read(
  look: Look,
  { room, to, within }: Trip,
  since: string | null,
  poll: Millis,
  answers: WebAnswer[],
): Promise<Page> {
  const timeline = { limit: 50, types: ['m.room.message'] }
  const none = { types: [] }
  const filter = {
    room: { rooms: [room], timeline, state: none, ephemeral: none, account_data: none },
    presence: none,
    account_data: none,
  }
  const query = new URLSearchParams({
    timeout: String(poll),
    set_presence: 'offline',
    filter: JSON.stringify(filter),
    ...(since === null ? {} : { since }),
  })
  const phase = poll === 0 ? 'position' : 'sync'
  const document = await ask(look, to, { phase, path: `/_matrix/client/v3/sync?${query}` }, answers)
  const next = textAt(document, 'next_batch')
  if (next === undefined)
    throw failed({ ok: false, reason: 'content', note: `to: ${phase}: no position in the answer` })
  const joined = at(document, 'rooms', 'join', room)
  if (since === null && joined === undefined) {
    throw failed({ ok: false, reason: 'auth', note: 'to: this account is not in the room' })
  }
  const events = listAt(joined, 'timeline', 'events')
  const left = events
    .filter(
      (one) => textAt(one, 'content', 'body')?.startsWith(MARK) && (numberAt(one, 'unsigned', 'age') ?? 0) > within,
    )
    .map((one) => [textAt(one, 'event_id') ?? '', textAt(one, 'sender') ?? ''] as const)
  return { next, events, left }
}

/** Takes back what is ours in the room, this message and what earlier trips left; `sender`: who we are there. */
async function clean(
  look: Look,
  { room, from }: Trip,
  memory: Memory,
  sender: string | null,
): Promise<readonly Attention[]> {
  const ours = [...memory.left].filter(([, by]) => by === null || by === sender).slice(-MOST_LEFT_OVERS)
  memory.left.clear()
  let trouble: string | null = null
  for (const [event] of ours) {
    trouble = await redact(look, from, room, event)
    if (trouble !== null) memory.left.set(event, null)
  }
  return trouble === null ? [] : [{ kind: 'finding', note: `a message can’t be taken back: ${trouble}` }]
}

/** Null when the message is gone, else why it isn't. A refusal here is none of the account. */
async function redact(look: Look, { base, token }: End, room: string, event: string): Promise<string | null> {
  const path = `${roomPath(room)}/redact/${encodeURIComponent(event)}/${randomUUID()}`
  try {
    const said = await call(look, { phase: 'redact', base, path, method: 'PUT', body: {}, token })
    return said.is === 'fine' ? null : said.is === 'refused' ? said.note : waitNote(said.wait)
  } catch (error) {
    if (look.ending.aborted) throw error
    return outcomeOf(error).note
  }
}

interface Question {
  readonly phase: string
  readonly path: string
  readonly method?: 'PUT'
  readonly body?: object
}

/** Asks as one of the accounts; what goes wrong says at which end. */
async function ask(look: Look, end: End, question: Question, answers: WebAnswer[]): Promise<JsonObject> {
  const said = await naming(end.role, () =>
    end.session.work(look, end.base, (token): Promise<Said> => call(look, { ...question, base: end.base, token })),
  )
  if (said.is === 'limited') throw failed(putOff(end))
  if (said.is === 'refused') throw failed({ ok: false, reason: 'auth', note: `${end.role}: ${said.note}` })
  answers.push(said.answer)
  return said.document
}

function roomPath(room: string): string {
  return `/_matrix/client/v3/rooms/${encodeURIComponent(room)}`
}
