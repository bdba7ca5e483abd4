// http: a web server answers as it should.
import type { Outcome } from '../core/observation.ts'
import type { Settings } from '../core/settings.ts'
import { factsNote } from '../net/certificate.ts'
import { outcomeOf } from '../net/failure.ts'
import { exchange, type WebAnswer, type WebRequest } from '../net/web.ts'
import {
  type BodyRules,
  type FieldRule,
  formatBytes,
  judgeBody,
  parseFieldRule,
  parseStatus,
  type StatusRange,
  statusFits,
} from './answer.ts'
import { askFirst, type First, fillIn, hide, readFirst, type Taken, unused } from './first.ts'
import type { Look, Plan, Probe, ProbeKind } from './kind.ts'
import { createLoginMemory } from './login.ts'
import { describe, follow, sendsOn } from './redirect.ts'
import { readRequest } from './request.ts'

const MAX_BYTES = 256 * 1024

interface Rules extends BodyRules {
  readonly status: readonly StatusRange[]
  readonly redirects: number
}

export const http: ProbeKind = {
  summary: 'a web server answers with the right status, a good certificate and the right content',
  example: 'https://www.example.org/',
  loginMatters: true,
  configure,
}

function configure(settings: Settings): Plan {
  const url = settings.targetUrl()
  const request = readRequest(settings, url, settings.integer('max_bytes', 1, 16 * 1024 * 1024) ?? MAX_BYTES)
  const rules: Rules = {
    status: readStatus(settings),
    redirects: settings.integer('redirects', 0, 10) ?? 0,
    contains: settings.texts('contains') ?? [],
    absent: settings.texts('absent') ?? [],
    fields: readFields(settings),
  }
  const first = settings.section('first', readFirst)
  const login = settings.login('login')
  if (first) {
    if (login) settings.complain('login', '`first` logs in by itself: one or the other')
    const clear = [url, first.request.url].some(({ protocol }) => protocol === 'http:')
    if (clear && settings.flag('allow_private') !== true) {
      settings.complain('first', 'a token is only asked for over https, or in your own network (allow_private: true)')
    }
    for (const name of unused(first, request)) settings.complain('first', `nothing here has a place for {${name}}`)
    return { does: 'look', probe: withFirst(first, request, rules) }
  }
  if (!login) return { does: 'look', probe: async (look) => (await visit(look, request, rules)).outcome }
  if (url.protocol !== 'https:') settings.complain('login', 'a login is only sent over https')
  const token = Buffer.from(`${login.user}:${login.password}`).toString('base64')
  return { does: 'look', probe: withLogin(request, rules, `Basic ${token}`) }
}

/** Looks with the login, or for an hour after a refusal without it: the service may be well though our account isn't. */
function withLogin(request: WebRequest, rules: Rules, authorization: string): Probe {
  const memory = createLoginMemory()
  const signed = { ...request, headers: { ...request.headers, authorization } }
  // What is shown to strangers can't be judged by what a member should see.
  const bare: Rules = { ...rules, contains: [], absent: [], fields: [] }

  return async (look) => {
    const trying = memory.due()
    const { outcome, answer, asked } = await visit(look, trying ? signed : request, trying ? rules : bare)
    const refused = outcome.ok === false && (answer.status === 401 || answer.status === 403)
    if (!trying) {
      const well = refused ? good(look, answer, ' without the login') : outcome
      return well.ok === true ? { ...well, attention: memory.attention() } : well
    }
    if (refused && asked.headers.authorization === authorization) {
      const note = `login refused (${answer.status})`
      memory.refused(note)
      return { ok: false, reason: 'auth', note, ...facts(answer) }
    }
    if (answer.status < 400) memory.accepted()
    return outcome
  }
}

/** Looks in two steps. For an hour after a refusal only whether the first one's server answers at all. */
function withFirst(first: First, request: WebRequest, rules: Rules): Probe {
  const memory = createLoginMemory()
  const knock: WebRequest = { ...first.request, method: 'GET', headers: {}, body: null }
  const anything: Rules = { status: [[100, 499]], redirects: 0, contains: [], absent: [], fields: [] }

  return async (look) => {
    if (!memory.due()) {
      const { outcome, answer } = await visit(look, knock, anything)
      return outcome.ok === true
        ? { ...good(look, answer, ' without the login'), attention: memory.attention() }
        : outcome
    }
    let taken: Taken = {}
    try {
      taken = await askFirst(look, first)
      memory.accepted()
      return hide((await visit(look, fillIn(request, taken), rules)).outcome, taken)
    } catch (error) {
      const failure = outcomeOf(error)
      if (failure.reason === 'auth') memory.refused(failure.note)
      return hide(failure, taken)
    }
  }
}

interface Visit {
  readonly outcome: Outcome
  /** The last answer, and the request it answered. */
  readonly answer: WebAnswer
  readonly asked: WebRequest
}

async function visit(look: Look, first: WebRequest, rules: Rules): Promise<Visit> {
  let asked = first
  for (let left = rules.redirects; ; left--) {
    const answer = await exchange(look, asked)
    const onward = sendsOn(answer.status)
    if (!onward || rules.redirects === 0) return { outcome: judge(look, asked, answer, rules), answer, asked }
    if (left === 0) {
      const note = `more than ${rules.redirects} redirects, the last to ${whereTo(asked, answer)}`
      return { outcome: wrongStatus(answer, note), answer, asked }
    }
    asked = follow(asked, answer)
  }
}

function judge(look: Look, asked: WebRequest, answer: WebAnswer, rules: Rules): Outcome {
  if (!statusFits(rules.status, answer.status)) {
    const status = String(answer.status)
    return wrongStatus(answer, sendsOn(answer.status) ? `${status} to ${whereTo(asked, answer)}` : status)
  }
  const fault = judgeBody(answer, rules)
  return fault === null ? good(look, answer) : { ...fault, ...facts(answer) }
}

function good(look: Look, answer: WebAnswer, remark = ''): Outcome & { readonly ok: true } {
  const size = `${answer.cut ? 'more than ' : ''}${formatBytes(answer.body.length)}`
  const certificate = answer.tls ? `, ${factsNote(answer.tls, look.now())}` : ''
  return { ok: true, note: `${answer.status}${remark}, ${size}${certificate}`, ...facts(answer) }
}

function wrongStatus(answer: WebAnswer, note: string): Outcome {
  return { ok: false, reason: 'status', note, ...facts(answer) }
}

function facts({ status, tls }: WebAnswer) {
  return tls ? { tls, status } : { status }
}

function whereTo(request: WebRequest, answer: WebAnswer): string {
  const location = String(answer.headers.location ?? '')
  return URL.canParse(location, request.url.href) ? describe(new URL(location, request.url)) : 'nowhere'
}

function readStatus(settings: Settings): readonly StatusRange[] {
  const wanted = settings.scalars('status') ?? ['200-299']
  return wanted.flatMap((value) => {
    const range = parseStatus(value)
    if (!range) settings.complain('status', `"${value}" is no status: write 200 or "200-299"`)
    return range ? [range] : []
  })
}

function readFields(settings: Settings): readonly FieldRule[] {
  return Object.entries(settings.values('json') ?? {}).flatMap(([path, wanted]) => {
    const rule = parseFieldRule(path, wanted)
    if (!rule) settings.complain('json', `${path}: "${wanted}" compares with what is no number`)
    return rule ? [rule] : []
  })
}
