// A browser without a screen: keeps cookies, fills in forms as they are on the page.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { ERRAND } from '../../../src/http/admin/errands.ts'
import type { TestSite } from '../../servers/site.ts'

export const PASSWORD = 'un mot de passe sûr'

export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** Where it leads. */
  readonly to: string | null
}

export interface Caller {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Seen>
  /** Sends a form as it is on the page `from`, with these fields put in. */
  submit(from: string, action: string, fields?: Fields, headers?: Readonly<Record<string, string>>): Promise<Seen>
  /** Posts fields and nothing else. */
  post(path: string, fields: Fields, headers?: Readonly<Record<string, string>>): Promise<Seen>
  readonly cookies: Map<string, string>
}

export type Fields = Readonly<Record<string, string | readonly string[]>>

export function createCaller(base: string): Caller {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit): Promise<Seen> => {
    const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'accept-language': 'fr', cookie: jar, ...(init.headers as Record<string, string>) }
    const answer = await fetch(base + path, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      if (value === '') cookies.delete(name!)
      else cookies.set(name!, value!)
    }
    const body = await answer.text()
    return { status: answer.status, headers: answer.headers, body, to: answer.headers.get('location') }
  }
  const get: Caller['get'] = (path, headers = {}) => send(path, { headers })
  const post: Caller['post'] = (path, fields, headers = {}) => {
    const form = new URLSearchParams()
    for (const [name, value] of Object.entries(fields))
      for (const one of typeof value === 'string' ? [value] : value) form.append(name, one)
    return send(path, {
      method: 'POST',
      body: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: base, ...headers },
    })
  }
  const submit: Caller['submit'] = async (from, action, fields = {}, headers) => {
    const { body } = await get(from)
    return post(action, { ...hiddenIn(body, action), ...fields }, headers)
  }
  return { get, post, submit, cookies }
}

/** Hidden fields of the form with that action. */
export function hiddenIn(html: string, action: string): Readonly<Record<string, string>> {
  const form = html.split('<form ').find((part) => part.includes(`action="${action}"`)) ?? ''
  const inside = form.split('</form>')[0]!
  const inputs = inside.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name, value]) => [name!, plain(value!)]))
}

/** Text as it was before it was made safe for HTML. */
export function plain(html: string): string {
  return html
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
}

export interface Admin extends Caller {
  readonly name: string
  readonly secret: string
  readonly codes: readonly string[]
}

/** What `vigie admin` would ask. */
export async function errand(site: Pick<TestSite, 'data' | 'url'>, body: object): Promise<Record<string, unknown>> {
  const { token } = JSON.parse(readFileSync(join(site.data, 'run.json'), 'utf8')) as { token: string }
  const answer = await fetch(site.url + ERRAND, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await answer.json()) as Record<string, unknown>
}

/** Invites, opens the link, chooses `PASSWORD`, and is logged in then. */
export async function becomeAdmin(site: Pick<TestSite, 'data' | 'url'>, name: string): Promise<Admin> {
  const { path } = (await errand(site, { does: 'invite', name })) as { path: string }
  const caller = createCaller(site.url)
  const { body } = await caller.get(path)
  const { secret } = hiddenIn(body, path) as { secret: string }
  const code = codeOf(secret)
  const done = await caller.post(path, { ...hiddenIn(body, path), password: PASSWORD, code })
  const codes = [...done.body.matchAll(/<code>([a-z0-9-]+)<\/code>/g)].map(([, one]) => one!)
  if (codes.length !== 10) throw new Error(`${done.status} ${done.body}`)
  return { ...caller, name, secret, codes }
}

/** What the app shows now; `later`: in so many steps of 30 s. */
export function codeOf(secret: string, later = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later * 30_000 })
}
