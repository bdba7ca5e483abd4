// The control page's server. It breaks things, so it listens on loopback alone and does what its own pages ask, nothing
// that another site's page may send a browser here for.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LANGUAGES, type Language } from '../core/text.ts'
import type { Instant } from '../core/time/time.ts'
import { outlookOf } from './outlook.ts'
import { type Glance, type Look, mailboxModel, mailModel, panelModel } from './panel.ts'
import type { Stage } from './stage.ts'
import { storiesOf } from './stories.ts'

export interface ControlOptions {
  readonly host: string
  readonly port: number
  readonly stage: Stage
  /** Renders one of `demo`, `demo-mailbox`, `demo-mail`. */
  readonly render: (template: string, model: object) => string
  /** The style sheet's text. */
  readonly style: string
  readonly look: Look
  readonly now: () => Instant
}

export interface Control {
  readonly url: string
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: string
  readonly location?: string
}

const PATIENCE = 10_000
const MOST_GUESTS = 64

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  // With `no-referrer` browsers say `Origin: null` of a form's own site (Fetch, "append a request Origin header").
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Listens; rejects with the system's code (`EADDRINUSE` …) when it can't. */
export async function openControl(options: ControlOptions): Promise<Control> {
  const server = createServer({ requestTimeout: PATIENCE, headersTimeout: PATIENCE }, (request, response) => {
    request.resume()
    answer(request, options)
      .catch((): Answer => ({ status: 500, type: 'text/plain', body: 'a fault in the demonstration\n' }))
      .then((said) => send(said, request, response))
  })
  server.maxConnections = MOST_GUESTS
  server.listen(options.port, options.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function send({ status, type, body = '', location }: Answer, { method }: IncomingMessage, response: ServerResponse) {
  response.writeHead(status, {
    ...HEADERS,
    'Content-Length': Buffer.byteLength(body),
    ...(type === undefined ? {} : { 'Content-Type': `${type}; charset=utf-8` }),
    ...(location === undefined ? {} : { Location: location }),
  })
  response.end(method === 'HEAD' ? undefined : body)
}

async function answer(request: IncomingMessage, options: ControlOptions): Promise<Answer> {
  const { headers, method = 'GET' } = request
  const host = headers.host ?? ''
  if (!isLoopback(host.replace(/:\d+$/, ''))) return plain(403, 'ask for this page at its own address')
  const url = new URL(`http://${host}${request.url?.startsWith('/') ? request.url : '/'}`)
  if (method === 'GET' || method === 'HEAD') return show(url, options)
  if (method !== 'POST') return plain(405, 'GET, HEAD and POST are done here')
  const { origin, 'sec-fetch-site': from } = headers
  const stranger = origin !== undefined ? origin !== url.origin : from !== undefined && from !== 'same-origin'
  if (stranger) return plain(403, 'only this page itself may do that')
  return act(url, options)
}

/** Names and addresses of this machine alone: a name that somebody pointed at it (DNS rebinding) is none. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

async function show(url: URL, options: ControlOptions): Promise<Answer> {
  const { stage, render } = options
  const path = url.pathname
  if (path === '/') return { status: 303, location: `/${stage.configuration().languages[0]}/` }
  if (path === '/style.css') return { status: 200, type: 'text/css', body: options.style }
  if (path === '/faults.json') return json(faultsDocument(stage))
  if (path === '/stories.json') return json(storiesDocument(stage))
  const raw = /^\/mail\/(\d{1,9})\.eml$/.exec(path)
  const received = (number: string | undefined) => stage.mailbox.all().find((mail) => mail.number === Number(number))
  if (raw !== null) {
    const mail = received(raw[1])
    return mail === undefined ? nothing() : { status: 200, type: 'text/plain', body: mail.text }
  }
  const [, language, rest = ''] = /^\/(fr|en)\/(.*)$/.exec(path) ?? []
  if (!isLanguage(language)) return nothing()
  const glance = { ...glanceOf(url), language }
  if (rest === '') return html(render('demo', await panel(glance, options)))
  if (rest === 'mail/') return html(render('demo-mailbox', mailboxModel(glance, stage)))
  const mail = received(/^mail\/(\d{1,9})\/$/.exec(rest)?.[1])
  return mail === undefined ? nothing() : html(render('demo-mail', mailModel(mail, glance, stage)))
}

async function panel(glance: Glance, { stage, look, now }: ControlOptions) {
  const [home = null, twin = null] = await Promise.all(
    stage.sites().map(({ url }) => (url === null ? null : outlookOf(url))),
  )
  return panelModel(glance, { stage, outlooks: { home, twin }, look, now: now() })
}

function act(url: URL, { stage }: ControlOptions): Answer {
  const { faults, player } = stage
  const [, name = '', repairs] = /^\/fault\/([^/]+)(\/clear)?$/.exec(url.pathname) ?? []
  if (name !== '') return (repairs ? faults.clear(name) : faults.set(name)) ? after(url) : nothing()
  const [, told] = /^\/story\/([^/]+)$/.exec(url.pathname) ?? []
  const story = storiesOf(stage.configuration(), faults.all()).find((one) => one.name === told)
  if (story !== undefined) player.play(story)
  else if (url.pathname === '/stop') player.stop()
  else if (url.pathname === '/clear') clear(stage)
  else return nothing()
  return after(url)
}

/** A story would break things again. */
function clear({ faults, player }: Stage): void {
  player.stop()
  faults.clearAll()
}

/** Back to the page, at the place where it was asked for. */
function after(url: URL): Answer {
  const { language, live, at } = glanceOf(url)
  const query = [...(live ? ['live=1'] : []), ...(at === null ? [] : [`at=${at}`])].join('&')
  return { status: 303, location: `/${language}/${query && `?${query}`}${at === null ? '' : `#${at}`}` }
}

function glanceOf({ searchParams }: URL): Glance {
  const language = searchParams.get('lang')
  const at = searchParams.get('at')
  return {
    language: isLanguage(language) ? language : LANGUAGES[0]!,
    live: searchParams.has('live'),
    at: at !== null && /^[a-z0-9-]{1,80}$/.test(at) ? at : null,
  }
}

function faultsDocument({ faults }: Stage) {
  const broken = new Set(faults.broken().map(({ name }) => name))
  return faults.all().map(({ name, service, check }) => ({ name, service, check, broken: broken.has(name) }))
}

function storiesDocument(stage: Stage) {
  const playing = stage.player.playing()
  return storiesOf(stage.configuration(), stage.faults.all()).map(({ name, title, steps }) => ({
    name,
    title,
    steps: steps.map(({ text, broken, lasts }) => ({ text, broken, lasts_s: (lasts * stage.stretch) / 1000 })),
    step: playing?.story.name === name ? playing.step : null,
  }))
}

function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.some((language) => language === text)
}

const html = (body: string): Answer => ({ status: 200, type: 'text/html', body })
const json = (value: object): Answer => ({ status: 200, type: 'application/json', body: `${JSON.stringify(value)}\n` })
const plain = (status: number, body: string): Answer => ({ status, type: 'text/plain', body: `${body}\n` })
const nothing = (): Answer => plain(404, 'there is no such thing; /faults.json and /stories.json list what there is')
