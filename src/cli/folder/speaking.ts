// How a command says something: to the vigie that runs, over its API, or into the ledger when none does. Both ways lead
// through the same operation, so both say and answer the same.
import { randomBytes } from 'node:crypto'
import { createBoard } from '../../board/board.ts'
import { createPost } from '../../board/post.ts'
import type { Answer } from '../../core/said/post.ts'
import { LANGUAGES, type Language } from '../../core/text.ts'
import { type Millis, SECOND } from '../../core/time/time.ts'
import { API } from '../../http/admin/openapi.ts'
import type { Ground, Operation } from '../../http/admin/operation.ts'
import { OPERATIONS } from '../../http/admin/operations.ts'
import { findRunning } from '../../process/running.ts'
import type { Call, Host, SoundReading } from '../command.ts'
import type { OptionName } from '../options.ts'
import { read, readSound } from '../reading.ts'
import { idleRead, idleWrite, withoutLedger } from './idle.ts'
import { asOwner } from './owning.ts'
import { type Readers, readersOf } from './readers.ts'

/** One call of the API. */
export interface Request {
  readonly operation: string
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
}

/** What came of it; `code`: the exit code, the complaint was printed. */
export type Spoken = { readonly done: Record<string, unknown> } | { readonly code: 1 | 2 }

const PATIENCE: Millis = 15 * SECOND

/** Why nothing is said here. */
export const OBSERVER =
  'this site is an observer: it says nothing in the hoster’s name and lets nobody in; ask a full site'

/** Says it, and complains of what is wrong on stderr. */
export async function speak(call: Call, host: Host, name: string, request: Request): Promise<Spoken> {
  const complain = (code: 1 | 2, ...lines: readonly string[]): Spoken => {
    for (const line of lines) host.err.write(`vigie ${name}: ${named(line, request)}\n`)
    return { code }
  }
  if (observes(call, host, request)) return complain(1, OBSERVER)
  const running = findRunning(call.options.data)
  if (running !== null) {
    if (running.token === null) return complain(1, `a vigie runs at ${running.url}, but it left no token for commands`)
    const answer = await ask(running.url, running.token, request)
    if (answer === 'uncertain')
      return complain(
        1,
        'the vigie that runs did not answer; whether it heard is not known: list before you say it again',
      )
    if (answer !== 'refused') return answer.ok ? { done: answer.body } : complain(...refusalOf(answer))
  }
  const reading = readSound(call, host)
  if (reading === null) return { code: 2 }
  const missing = operationOf(request).method === 'GET' ? withoutLedger(call.options.data) : null
  if (missing !== null) return complain(1, missing)
  const answer = await into(call, host, reading, request)
  if ('heldBy' in answer) {
    const who = answer.heldBy === null ? 'another process' : `the vigie with pid ${answer.heldBy}`
    return complain(1, `${who} has ${call.options.data}, but takes no commands`)
  }
  if (!('refused' in answer)) {
    const { data } = call.options
    host.err.write(operationOf(request).method === 'GET' ? idleRead(data) : idleWrite(data, 'on the page'))
    return { done: JSON.parse(JSON.stringify(answer.done)) as Record<string, unknown> }
  }
  return complain(answer.refused === 'invalid' ? 2 : 1, ...answer.mistakes.map(sentenceOf))
}

/** How the commands about one sort of thing say something, and print what it looks like then. Both return the exit code. */
export interface Speaker {
  post(call: Call, host: Host, name: string, request: Request): Promise<number>
  /** About the one whose id comes first; what else was said is handed on. */
  postOn(call: Call, host: Host, name: string, request: (id: string, words: string) => Request): Promise<number>
}

/** `noun`: `incident`; `show`: one as it is after what was said, in lines for people. */
export function createSpeaker<Shown>(noun: string, show: (thing: Shown, readers: Readers) => string): Speaker {
  return { post, postOn }

  async function post(call: Call, host: Host, name: string, request: Request): Promise<number> {
    const spoken = await speak(call, host, name, request)
    if ('code' in spoken) return spoken.code
    const text = call.options.json
      ? JSON.stringify(spoken.done, null, 2)
      : show(spoken.done as Shown, readersOf(call, host))
    host.out.write(`${text}\n`)
    if (!NEW.includes(request.operation)) return 0
    const hidden = unseen(call, host, spoken.done.services as readonly string[])
    host.err.write(hidden === '' ? asMeasured(spoken.done) : hidden)
    return 0
  }

  async function postOn(
    call: Call,
    host: Host,
    name: string,
    request: (id: string, words: string) => Request,
  ): Promise<number> {
    const [id, ...words] = call.words
    if (id !== undefined) return post(call, host, name, request(id, words.join(' ')))
    host.err.write(`vigie ${name}: which one? \`vigie ${noun} list\` shows their ids\n`)
    return 2
  }
}

const NEW: readonly string[] = ['openIncident', 'planMaintenance']

/** What is only about services for admins is on no page: said, as whoever says it may think otherwise. */
function unseen(call: Call, { environment }: Host, about: readonly string[]): string {
  const services = read(call, environment).configuration?.services ?? []
  const hidden = services.filter(({ id, audience }) => audience === 'admins' && about.includes(id))
  if (about.length === 0 || hidden.length < about.length) return ''
  return `Members don’t see it: what is only about ${about.join(', ')} is for admins alone.\n`
}

/** Who opens a grave incident may think that its services turn red by it. */
function asMeasured({ id, impact, raises, services }: Record<string, unknown>): string {
  const grave = impact === 'major' || impact === 'critical'
  if (!grave || raises !== 'none' || (services as readonly string[]).length === 0) return ''
  return `The page begins with it; its services stay as they are measured. To show them as down whatever is measured:\nvigie incident correct ${id} --raises major_outage\n`
}

/** Lists are for everybody; an observer says nothing. */
function observes(call: Call, { environment }: Host, request: Request): boolean {
  if (operationOf(request).method === 'GET') return false
  return read(call, environment).configuration?.site.role === 'observer'
}

/** A text in the languages that options give: `--title`, `--title-fr`, `--title-en`, or words. Undefined: none. */
export function textFrom(call: Call, { environment }: Host, option: 'title' | 'text', words = ''): object | undefined {
  const { given } = call.options
  const [first] = read(call, environment).configuration?.languages ?? LANGUAGES
  const plain = given.get(option) ?? words
  const texts: Partial<Record<Language, string>> = plain === '' ? {} : { [first as Language]: plain }
  for (const language of LANGUAGES) {
    const text = given.get(`${option}-${language}`)
    if (text !== undefined) texts[language] = text
  }
  return Object.keys(texts).length === 0 ? undefined : texts
}

/** Options that go as they are, by the field they are. */
export function fieldsFrom({ options: { given } }: Call, ...names: readonly OptionName[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (given.has(name) ? [[name, given.get(name)!]] : [])))
}

interface Heard {
  readonly ok: boolean
  readonly status: number
  readonly body: Record<string, unknown>
}

/** `refused`: nobody listens there. `uncertain`: it may have been said. */
async function ask(url: string, token: string, request: Request): Promise<Heard | 'refused' | 'uncertain'> {
  const { method, path } = operationOf(request)
  const where = new URL(
    API + path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(request.params?.[name] ?? '')),
    url,
  )
  for (const [key, value] of Object.entries(request.query ?? {})) where.searchParams.set(key, value)
  try {
    const answer = await fetch(where, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    })
    return { ok: answer.ok, status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    return cause?.code === 'ECONNREFUSED' ? 'refused' : 'uncertain'
  }
}

function refusalOf({ status, body }: Heard): readonly [1 | 2, ...string[]] {
  const { detail, errors } = body as { detail?: string; errors?: readonly { field: string; message: string }[] }
  const lines = errors === undefined ? [detail ?? `answered ${status}`] : errors.map(sentenceOf)
  return [status === 400 ? 2 : 1, ...lines]
}

/** Fields are called as their options are. */
function sentenceOf({ field, message }: { readonly field: string; readonly message: string }): string {
  if (field === 'body' || message.startsWith('there is no such')) return message
  return `--${field.replace('.', '-')} ${message}`
}

const MISSING = /^there is no such (incident|maintenance|update)$/

/** What isn't there by the id it was called, and where to find those that are. */
function named(line: string, { params = {} }: Request): string {
  const what = MISSING.exec(line)?.[1]
  if (what === undefined) return line
  const id = what === 'update' ? params.update : params.id
  const lists = what === 'update' ? 'incident list --json' : `${what} list`
  return `there is no ${what} ${id}: \`vigie ${lists}\` shows their ids`
}

function into(
  { options }: Call,
  { wall }: Host,
  { configuration }: SoundReading,
  request: Request,
): Promise<Answer<object> | { readonly heldBy: number | null }> {
  return asOwner(options.data, { site: configuration.site.id, now: wall }, (ledger) => {
    const board = createBoard(ledger)
    // Nobody looks, so nothing is drafted.
    const drafts = { all: () => [], get: () => undefined, able: () => ({}), dismiss: () => false }
    const post = createPost({
      board,
      drafts,
      take: () => [],
      configuration: () => configuration,
      now: wall,
      random: randomBytes,
    })
    const services = () => configuration.services.map(({ id }) => id)
    const ground: Ground = { post, said: board, services, now: wall }
    const { params = {}, query = {}, body } = request
    return operationOf(request).run({ params, query, body, from: { by: 'cli', key: null } }, ground)
  })
}

function operationOf({ operation }: Request): Operation {
  return OPERATIONS.find(({ id }) => id === operation)!
}
