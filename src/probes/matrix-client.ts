// The client-server API of Matrix: what a look asks of it, and an account that is logged in once.
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import type { Attention } from '../core/observation.ts'
import type { Login } from '../core/settings.ts'
import { formatDuration, HOUR, MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import { failed } from '../net/failure.ts'
import { exchange, type WebAnswer } from '../net/web.ts'
import { type JsonObject, numberAt, parseJson, readObject, textAt } from './json.ts'
import type { Look } from './kind.ts'
import { createLoginMemory } from './login.ts'
import { fitsHeader } from './request.ts'
import { stage } from './stage.ts'

/** One call of the API. */
export interface Call {
  /** Its name in the phases and in notes. */
  readonly phase: string
  readonly base: URL
  /** From `/_matrix/` on, query included. */
  readonly path: string
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly token?: string
  readonly body?: object
}

/** What the server said. Whatever else it says is thrown as `status` or `content`. */
export type Said =
  | { readonly is: 'fine'; readonly document: JsonObject; readonly answer: WebAnswer }
  /** It doesn't take the password or token, or doesn't let this account do that; `sync refused (401 …)`. */
  | { readonly is: 'refused'; readonly note: string }
  /** It was asked too often (M_LIMIT_EXCEEDED), and is to be left alone for so long. */
  | { readonly is: 'limited'; readonly wait: Millis }

const MAX_BYTES = 512 * 1024
const REFUSED: readonly string[] = ['M_FORBIDDEN', 'M_UNKNOWN_TOKEN', 'M_MISSING_TOKEN', 'M_USER_DEACTIVATED']

/** Calls once; no redirect is followed. Of what the server says only its `errcode` is ever shown. */
export async function call(look: Look, { phase, base, path, method = 'GET', token, body }: Call): Promise<Said> {
  const answer = await exchange(stage(look, phase, base.host), {
    url: new URL(base.pathname.replace(/\/+$/, '') + path, base),
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    maxBytes: MAX_BYTES,
  })
  if (answer.status === 200) return { is: 'fine', document: readObject(answer, phase), answer }
  const error = parseJson(answer.body.toString('utf8'))
  const code = errorCode(error)
  const note = code === '' ? String(answer.status) : `${answer.status} ${code}`
  if (answer.status === 429) return { is: 'limited', wait: waitOf(error, answer) }
  if (answer.status === 401 || (answer.status === 403 && REFUSED.includes(code)))
    return { is: 'refused', note: `${phase} refused (${note})` }
  throw failed({ ok: false, reason: 'status', note: `${phase}: ${note}`, ...(answer.tls ? { tls: answer.tls } : {}) })
}

/** What a call without an account brings; that it is refused or put off is a failure there. */
export async function callOpenly(look: Look, what: Call): Promise<{ document: JsonObject; answer: WebAnswer }> {
  const said = await call(look, what)
  if (said.is === 'fine') return said
  throw failed({ ok: false, reason: 'status', note: said.is === 'refused' ? said.note : `${what.phase}: 429` })
}

function errorCode(error: unknown): string {
  const code = textAt(error, 'errcode') ?? ''
  return /^[A-Z][A-Z0-9_.]{0,60}$/.test(code) ? code : ''
}

/** `retry_after_ms`, which is on its way out, or the header that replaces it; a minute when neither says. */
function waitOf(error: unknown, { headers }: WebAnswer): Millis {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  const wait = numberAt(error, 'retry_after_ms') ?? (Number.isFinite(seconds) ? seconds * SECOND : MINUTE)
  return Math.min(Math.max(wait, SECOND), HOUR)
}

/** An account, as long as the plan lives that was made with it. */
export interface Session {
  /** True when the server may be asked for something as this account. */
  due(): boolean
  /** What admins should hear meanwhile; empty when nothing is wrong. */
  attention(): readonly Attention[]
  /** How long the server still wants to be left alone; 0: it doesn't. */
  wait(): Millis
  /**
   * Does the work with a token: the given one, or that of a login which is kept for the looks to come. One that the
   * server no longer knows is replaced once by a new login. Refusals and pauses are remembered.
   */
  work(look: Look, base: URL, work: (token: string) => Promise<Said>): Promise<Said>
}

/** `elapsed` is monotonic. */
export function createSession(
  account: Login | { readonly token: string },
  elapsed: () => Millis = () => performance.now(),
): Session {
  const memory = createLoginMemory(elapsed)
  const given = 'token' in account ? account.token : null
  let kept: string | null = given
  let pausedUntil = 0

  return { due: () => wait() === 0 && memory.due(), attention: memory.attention, wait, work }

  function wait(): Millis {
    return Math.max(0, Math.ceil(pausedUntil - elapsed()))
  }

  async function work(look: Look, base: URL, todo: (token: string) => Promise<Said>): Promise<Said> {
    const said = await attempt(look, base, todo)
    if (said.is === 'limited') pausedUntil = elapsed() + said.wait
    if (said.is === 'fine') memory.accepted()
    if (said.is === 'refused') {
      kept = given
      memory.refused(said.note)
    }
    return said
  }

  async function attempt(look: Look, base: URL, todo: (token: string) => Promise<Said>): Promise<Said> {
    if (kept !== null) {
      const said = await todo(kept)
      if (said.is !== 'refused' || given !== null) return said
      kept = null
    }
    const said = await logIn(look, base, account as Login)
    if (said.is !== 'fine') return said
    const token = textAt(said.document, 'access_token')
    if (token === undefined || !fitsHeader(token)) {
      throw failed({ ok: false, reason: 'content', note: 'login: no access_token in the answer' })
    }
    kept = token
    return todo(token)
  }
}

/** One device for this machine and account: a new one each time would pile up. */
function logIn(look: Look, base: URL, { user, password }: Login): Promise<Said> {
  const device = createHash('sha256').update(`${hostname()} ${base.href} ${user}`).digest('hex').slice(0, 10)
  return call(look, {
    phase: 'login',
    base,
    path: '/_matrix/client/v3/login',
    method: 'POST',
    body: {
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user },
      password,
      device_id: `VIGIE${device.toUpperCase()}`,
      initial_device_display_name: 'vigie',
    },
  })
}

/** `the server asks to wait 20s`: words that fit after others. */
export function waitNote(wait: Millis): string {
  return `the server asks to wait ${formatDuration(Math.ceil(wait / SECOND) * SECOND)}`
}
