// A Matrix homeserver written from the specification (v1.11): discovery, keys, versions, login, sync, rooms.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { canonicalJson } from '../../src/probes/matrix-keys.ts'
import type { Serve } from './web.ts'

export const USER = 'probe'
export const PASSWORD = 'right-horse'

interface Event {
  readonly event_id: string
  readonly type: string
  readonly sender: string
  readonly room: string
  readonly age: number
  readonly position: number
  content: object
}

/** What it is, and what it does when asked; a test bends both. */
export interface Homeserver {
  readonly name: string
  /** Answers a path by something else: `/_matrix/…` to a status and a document, or to whatever is done there. */
  readonly instead: Map<string, readonly [status: number, document: unknown] | Serve>
  /** Tokens it knows, and whose they are. */
  readonly tokens: Map<string, string>
  readonly events: Event[]
  /** Logins it granted, by their device. */
  readonly logins: string[]
  /** Members of the room; everybody is when null. */
  members: Set<string> | null
  /** What it publishes about its keys, signed; `bend` may spoil what was signed. */
  keys(bend?: (document: Record<string, unknown>) => void): object
  readonly serve: Serve
}

export function createHomeserver(name: string): Homeserver {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
  const waiting = new Set<() => void>()
  const home: Homeserver = {
    name,
    instead: new Map(),
    tokens: new Map(),
    events: [],
    logins: [],
    members: null,
    keys,
    serve(request, response) {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => answer(request, response, body))
    },
  }
  return home

  function keys(bend: (document: Record<string, unknown>) => void = () => {}): object {
    const document = {
      server_name: name,
      valid_until_ts: Date.now() + 86_400_000,
      verify_keys: { 'ed25519:a_1': { key: unpadded(raw) } },
      old_verify_keys: {},
    }
    const signed = { ...document, signatures: { [name]: { 'ed25519:a_1': signature(document, privateKey) } } }
    bend(signed)
    return signed
  }

  function answer(request: IncomingMessage, response: ServerResponse, body: string) {
    const url = new URL(request.url!, 'https://any')
    const path = url.pathname
    const say = (document: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document))
    }
    const instead = home.instead.get(path)
    if (typeof instead === 'function') return instead(request, response)
    if (instead) return say(instead[1], instead[0])
    if (path === '/.well-known/matrix/server') return say({ 'm.server': `matrix.${name}:443` })
    if (path === '/.well-known/matrix/client') {
      return say({ 'm.homeserver': { base_url: `https://matrix.${name}` } })
    }
    if (path === '/_matrix/key/v2/server') return say(keys())
    if (path === '/_matrix/federation/v1/version') return say({ server: { name: 'Replica', version: '1' } })
    if (path === '/_matrix/client/versions') return say({ versions: ['v1.1', 'v1.11'] })
    if (path === '/_matrix/client/v3/login' && request.method === 'GET') {
      return say({ flows: [{ type: 'm.login.password' }] })
    }
    if (path === '/_matrix/client/v3/login') return logIn(JSON.parse(body), say)
    const user = home.tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''))
    if (user === undefined)
      return say({ errcode: 'M_UNKNOWN_TOKEN', error: `no such token: ${request.headers.authorization}` }, 401)
    if (path === '/_matrix/client/v3/sync') return sync(url, user, response, say)
    const [, room, verb, first, second] =
      /^\/_matrix\/client\/v3\/rooms\/([^/]+)\/(send|redact)\/([^/]+)\/([^/]+)$/.exec(path) ?? []
    if (room === undefined || request.method !== 'PUT') return say({ errcode: 'M_UNRECOGNIZED' }, 404)
    if (!isMember(user)) return say({ errcode: 'M_FORBIDDEN', error: 'not in the room' }, 403)
    if (verb === 'send') return say({ event_id: post(decodeURIComponent(room), first!, user, JSON.parse(body)) })
    const event = home.events.find(({ event_id }) => event_id === decodeURIComponent(first!))
    if (!event || second === undefined) return say({ errcode: 'M_NOT_FOUND' }, 404)
    event.content = {}
    say({ event_id: `$redaction-${second}` })
  }

  function logIn(asked: { identifier?: { user?: string }; password?: string; device_id?: string }, say: Say) {
    if (asked.password !== PASSWORD) return say({ errcode: 'M_FORBIDDEN', error: `${asked.password} is wrong` }, 403)
    const token = `syt_${randomBytes(12).toString('hex')}`
    home.tokens.set(token, `@${asked.identifier?.user}:${name}`)
    home.logins.push(asked.device_id ?? '')
    say({ user_id: `@${asked.identifier?.user}:${name}`, access_token: token, device_id: asked.device_id })
  }

  function post(room: string, type: string, sender: string, content: object, age = 0): string {
    const event_id = `$${randomBytes(8).toString('base64url')}/+`
    home.events.push({ event_id, type, sender, room, age, content, position: home.events.length + 1 })
    for (const wake of [...waiting]) wake()
    return event_id
  }

  function isMember(user: string): boolean {
    return home.members === null || home.members.has(user)
  }

  function sync(url: URL, user: string, response: ServerResponse, say: Say) {
    const since = url.searchParams.get('since')
    const filter = JSON.parse(url.searchParams.get('filter') ?? '{}') as { room?: { rooms?: string[] } }
    const patience = Math.min(Number(url.searchParams.get('timeout') ?? 0), 30_000)
    const news = () => home.events.filter(({ position }) => position > Number(since ?? 0))
    const tell = () => {
      const join: Record<string, object> = {}
      for (const room of isMember(user) ? (filter.room?.rooms ?? []) : []) {
        const timeline = news()
          .filter((event) => event.room === room)
          .map(({ age, position: _, ...event }) => ({ ...event, unsigned: { age } }))
        if (timeline.length > 0 || since === null) join[room] = { timeline: { events: timeline } }
      }
      say({ next_batch: String(home.events.length), rooms: { join } })
    }
    if (since === null || news().length > 0 || patience === 0) return tell()
    const wake = () => {
      waiting.delete(wake)
      clearTimeout(timer)
      tell()
    }
    const timer = setTimeout(wake, patience)
    waiting.add(wake)
    response.on('close', () => {
      waiting.delete(wake)
      clearTimeout(timer)
    })
  }
}

type Say = (document: unknown, status?: number) => void

/** A message that an earlier look left behind. */
export function leave(home: Homeserver, room: string, sender: string, body: string, age: number): Event {
  const event = {
    event_id: `$left-${home.events.length}`,
    type: 'm.room.message',
    sender,
    room,
    age,
    content: { msgtype: 'm.notice', body },
    position: home.events.length + 1,
  }
  home.events.push(event)
  return event
}

export function signature(document: object, key: KeyObject): string {
  return unpadded(sign(null, canonicalJson(document)!, key))
}

export function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
