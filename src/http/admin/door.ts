// The door of the admin pages. Every page stands behind it: who comes in how, whose session it is, whether a change was
// asked for by a page of ours. A page can't forget to check, because it can't be put up in another way.
import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { formToken, newToken } from '../../access/secrets.ts'
import type { Configuration } from '../../core/check.ts'
import type { Account } from '../../core/said/account.ts'
import { LANGUAGES, type Language } from '../../core/text.ts'
import type { Session } from '../../store/sessions.ts'
import { ADMIN_HEADERS } from '../headers.ts'
import { type Arrival, arrivalOf, isFromOurPage, originOf } from './arrival.ts'
import { ENTRANCE_WORDS, type EntranceWords } from './entrance-words.ts'
import { type Form, lineIn } from './form.ts'
import { type LoginDeps, logIn, loginModel } from './login.ts'
import { carried, carriedIn, typedIn } from './typed.ts'

export interface DoorDeps extends LoginDeps {
  readonly configuration: () => Configuration
  /** Makes a page of a template of `views/admin/`. */
  readonly render: (template: string, visit: Visit, model: object) => string
}

/** Somebody at the door. */
export interface Visit {
  readonly language: Language
  /** Where it is asked from: a proxy's word where that is believed. */
  readonly address: string
  /** The path with its query, to come back to. */
  readonly path: string
  /** `https://status.example`, as it was asked for. */
  readonly origin: string
  /** A form was sent: asking for the path again would not show the same. */
  readonly posted: boolean
  /** Fields of the query. */
  readonly query: Form
  readonly params: Readonly<Record<string, string>>
  /** What every form of the page must carry. */
  readonly form: string
  /** Over TLS: cookies are the stricter ones. */
  readonly secure: boolean
  /** What the browser says it is. */
  readonly device: string
  /** Null on pages that are for anybody. */
  readonly who: Somebody | null
}

/** Somebody who is logged in. */
export interface Somebody {
  readonly account: Account
  readonly session: Session
}

export type Known = Visit & { readonly who: Somebody }

export type Answer =
  | { readonly page: string; readonly model: object; readonly status?: number }
  /** Elsewhere, with GET. */
  | { readonly to: string }
  /** A session begins, with this secret, or ends (null). */
  | { readonly session: string | null; readonly trusted?: boolean; readonly answer: Answer }
  | { readonly language: Language; readonly to: string }

type Answering<V, Rest extends readonly unknown[]> = (visit: V, ...rest: Rest) => Answer | Promise<Answer>

/**
 * Why a form that came is not done, but shown again as it was typed. `ended`: the session was over, and whoever sent it
 * has just logged in. `stale`: it is of another session than the one they are in.
 */
export type Late = 'ended' | 'stale'

/** Shows a form that came late; null: there is nothing to show. */
type Again<V> = (visit: V, form: Form, why: Late) => Answer | null | Promise<Answer | null>

/** Puts up pages. Paths begin after `/admin`. */
export interface Door {
  /** For whoever is logged in; others are asked to log in and come back. */
  get(path: string, answer: Answering<Known, readonly []>): void
  /** Without `again` nothing was typed that could be lost: a form that came late leads to the page it is on. */
  post(path: string, answer: Answering<Known, readonly [form: Form]>, again?: Again<Known>): void
  /** For anybody. */
  open: {
    get(path: string, answer: Answering<Visit, readonly []>): void
    post(path: string, answer: Answering<Visit, readonly [form: Form]>, again?: Again<Visit>): void
  }
}

const NAMES = {
  secure: { session: '__Host-vigie', guest: '__Host-vigie-guest' },
  plain: { session: 'vigie-lan', guest: 'vigie-lan-guest' },
} as const
const LANGUAGE_COOKIE = 'vigie-language'
const YEAR_S = 365 * 24 * 3600

/** Room for texts in two languages that are as long as texts may be, and longer: a letter with an accent is six bytes here. */
const LONGEST_FORM = 192 * 1024

/** In a context of its own: what it loads and reads concerns nobody else. */
export async function openDoor(app: FastifyInstance, deps: DoorDeps): Promise<Door> {
  const { access, sessions, configuration, render } = deps
  await app.register(cookie)
  await app.register(formbody, { bodyLimit: LONGEST_FORM })
  const put = (
    method: 'GET' | 'POST',
    path: string,
    needsSomebody: boolean,
    answer: Answering<Known, [Form]>,
    again?: Again<Known>,
  ) => {
    app.route({
      method: method === 'GET' ? ['GET', 'HEAD'] : 'POST',
      url: path,
      bodyLimit: LONGEST_FORM,
      handler: (request, reply) => handle(request, reply, needsSomebody, answer, again),
    })
  }
  const anybody = <Rest extends readonly unknown[]>(answer: Answering<Visit, Rest>) => answer as Answering<Known, Rest>
  return {
    get: (path, answer) => put('GET', path, true, (visit) => answer(visit)),
    post: (path, answer, again) => put('POST', path, true, answer, again),
    open: {
      get: (path, answer) =>
        put(
          'GET',
          path,
          false,
          anybody((visit) => answer(visit)),
        ),
      post: (path, answer, again) => put('POST', path, false, anybody(answer), again),
    },
  }

  async function handle(
    request: FastifyRequest,
    reply: FastifyReply,
    needsSomebody: boolean,
    answer: Answering<Known, [Form]>,
    again?: Again<Known>,
  ): Promise<FastifyReply> {
    const arrival = arrivalOf(request, configuration())
    const visit = visitOf(request, reply, arrival)
    if (arrival.kind === 'refused') return refuse(reply, visit, arrival.why)
    const { posted } = visit
    const sent = (posted ? (request.body ?? {}) : {}) as Form
    const form = isOfLogin(sent) ? carriedIn(sent) : sent
    if (configuration().site.role === 'observer') return refuse(reply, visit, 'observer', form)
    if (posted && !isFromOurPage(request, configuration().site.url)) return refuse(reply, visit, 'foreign')
    if (needsSomebody && visit.who === null)
      return posted ? letBackIn(reply, visit, sent, form, again) : give(reply, visit, { to: loginFor(visit.path) })
    if (posted && lineIn(sent, 'form') !== visit.form) {
      const shown = (await again?.(visit as Known, form, 'stale')) ?? null
      if (shown === null) return refuse(reply, visit, 'stale', form)
      return give(reply, visit, 'page' in shown ? { ...shown, status: 403 } : shown)
    }
    return give(reply, visit, await answer(visit as Known, form))
  }

  /**
   * The session ended while somebody wrote: they log in right here, with what they wrote carried along, and find it in its
   * form again. It is not done: nothing shows that a page of ours sent it.
   */
  async function letBackIn(
    reply: FastifyReply,
    visit: Visit,
    sent: Form,
    typed: Form,
    again?: Again<Known>,
  ): Promise<FastifyReply> {
    const { language, path } = visit
    const here = isOfLogin(sent) && lineIn(sent, 'form') === visit.form
    const result = here ? await logIn(deps, visit, sent) : null
    if (result !== null && 'session' in result) {
      const { session, trusted, account } = result
      const who = { account, session: sessions.find(session)! }
      const inside: Known = { ...visit, who }
      const answer = (await again?.(inside, typed, 'ended')) ?? { to: `${pageOf(path)}?done=returned` }
      return give(reply, inside, { session, trusted, answer })
    }
    const model = {
      ...loginModel(deps, language, here ? sent : {}),
      action: path,
      carried: carried(typed),
      copy: typedIn(typed, language, configuration().services),
      fault: result?.fault ?? null,
    }
    return give(reply, visit, { page: 'ended', model, status: result?.status ?? 403 })
  }

  function visitOf(request: FastifyRequest, reply: FastifyReply, arrival: Arrival): Visit {
    const secure = arrival.kind === 'secure'
    const names = NAMES[secure ? 'secure' : 'plain']
    const secret = request.cookies[names.session]
    const session = arrival.kind === 'refused' || secret === undefined ? null : sessions.find(secret)
    const account = session === null ? undefined : access.known().accounts.get(session.account)
    const who = session === null || account === undefined ? null : { account, session }
    return {
      language: languageOf(request),
      address: request.ip,
      path: request.raw.url ?? '/admin/',
      origin: originOf(request),
      posted: request.method === 'POST',
      query: request.query as Form,
      params: request.params as Visit['params'],
      form: formToken(who === null ? guest(request, reply, names.guest, secure) : secret!),
      secure,
      device: deviceOf(request.headers['user-agent'] ?? ''),
      who,
    }
  }

  /** Whoever has no session has a cookie to tie forms to: nobody can be logged in by another site's page. */
  function guest(request: FastifyRequest, reply: FastifyReply, name: string, secure: boolean): string {
    const known = request.cookies[name]
    if (known !== undefined && /^[\w-]{43}$/.test(known)) return known
    const secret = newToken()
    setCookie(reply, name, secret, secure)
    return secret
  }

  function languageOf(request: FastifyRequest): Language {
    const spoken = `${request.cookies[LANGUAGE_COOKIE] ?? ''},${request.headers['accept-language'] ?? ''}`
    const wanted = spoken.split(',').map((one) => one.trim().slice(0, 2).toLowerCase())
    return wanted.flatMap((one) => LANGUAGES.filter((language) => language === one))[0] ?? configuration().languages[0]
  }

  /** What somebody typed is shown again, to be copied: nobody writes twice at 3 am. */
  function refuse(reply: FastifyReply, visit: Visit, why: keyof EntranceWords['refused'], form: Form = {}) {
    const { language } = visit
    const typed = typedIn(form, language, configuration().services)
    const doors = why === 'observer' ? doorsElsewhere() : []
    const model = { text: ENTRANCE_WORDS[language], why, typed, doors }
    return give(reply, { ...visit, who: null }, { page: 'refused', model, status: 403 })
  }

  /** Where people may log in instead. */
  function doorsElsewhere(): readonly string[] {
    const open = configuration().sites.filter(({ role }) => role === 'full')
    return open.flatMap(({ url }) => (url === null ? [] : [new URL('/admin/', url).href]))
  }

  function give(reply: FastifyReply, visit: Visit, answer: Answer): FastifyReply {
    if ('session' in answer) {
      const { session, trusted = false, answer: shown } = answer
      const name = NAMES[visit.secure ? 'secure' : 'plain'].session
      setCookie(reply, name, session ?? '', visit.secure, session === null ? 0 : trusted ? YEAR_S : undefined)
      // Forms of what is shown now are of the session that begins.
      return give(reply, session === null ? visit : { ...visit, form: formToken(session) }, shown)
    }
    if ('language' in answer) {
      setCookie(reply, LANGUAGE_COOKIE, answer.language, visit.secure, YEAR_S)
      return give(reply, visit, { to: answer.to })
    }
    reply.headers(ADMIN_HEADERS)
    if ('to' in answer) return reply.redirect(answer.to, 303)
    const { page, model, status = 200 } = answer
    return reply
      .code(status)
      .type('text/html; charset=utf-8')
      .send(render(page, visit, model))
  }
}

/** Only a page of ours, whatever a link says. */
export function placeToReturn(wanted: string): string {
  return /^\/admin\/[\w./?=&-]*$/.test(wanted) && !wanted.includes('//') ? wanted : '/admin/'
}

/** The page that a form stands on, by the path it is posted to. */
export function pageOf(posted: string): string {
  const [path = ''] = posted.split('?')
  const [place = '', one = '', verb] = path.split('/').slice(2)
  if (place === 'accounts') return '/admin/accounts/'
  if (verb !== undefined) return `/admin/${place}/${one}`
  return one === 'new' || ['login', 'welcome', 'ack'].includes(place) ? path : '/admin/'
}

/** The form to log in with, where a session ended: what was being written is carried in it. */
function isOfLogin(form: Form): boolean {
  return lineIn(form, 'login') !== ''
}

/** The page to log in on, that leads back. */
function loginFor(path: string): string {
  const back = placeToReturn(path)
  return back === '/admin/' ? '/admin/login' : `/admin/login?next=${encodeURIComponent(back)}`
}

/** The server, not the cookie, says when a session ends; `maxAge` in seconds, absent: until the browser is closed. */
function setCookie(reply: FastifyReply, name: string, value: string, secure: boolean, maxAge?: number): void {
  const age = maxAge === undefined ? {} : { maxAge }
  reply.setCookie(name, value, { path: '/', httpOnly: true, sameSite: 'lax', secure, ...age })
}

/** `Firefox, Android`: enough to know one's own devices by. */
function deviceOf(agent: string): string {
  const browser = /Firefox|Edg(?=\/)|OPR|Chrom(?:e|ium)|Safari/.exec(agent)?.[0]
  const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(agent)?.[0]
  const known = [browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser, system]
  return known.filter((one) => one !== undefined).join(', ')
}
