// Logging in with a password by SASL (RFC 4422), within TLS.
import type { Login } from '../core/settings.ts'
import { failed } from './failure.ts'

export interface Sasl {
  readonly mechanism: 'PLAIN' | 'LOGIN'
  /** In base64, one for each time the server asks. */
  readonly responses: readonly string[]
}

/** PLAIN (RFC 4616), or else LOGIN, which some servers of old offer alone. Null: neither is offered. */
export function saslFor(mechanisms: readonly string[], login: Login): Sasl | null {
  if (mechanisms.includes('PLAIN')) return { mechanism: 'PLAIN', responses: [plainOf(login)] }
  if (!mechanisms.includes('LOGIN')) return null
  return { mechanism: 'LOGIN', responses: [base64(login.user), base64(login.password)] }
}

/** As `saslFor`; throws `protocol` instead of null. */
export function needSasl(mechanisms: readonly string[], login: Login): Sasl {
  const sasl = saslFor(mechanisms, login)
  if (sasl !== null) return sasl
  const offered =
    mechanisms.length === 0 ? 'no login is offered' : `a login by ${mechanisms.join(', ')} alone is offered`
  throw failed({ ok: false, reason: 'protocol', note: offered })
}

/** Every form in which a login is told to a server, which might repeat it: the password, and what carries it. */
export function tracesOf(login: Login): readonly string[] {
  const { user, password } = login
  const quoted = password.replace(/["\\]/g, '\\$&')
  const forms = [plainOf(login), base64(password), quoted, password, base64(user)]
  return [...new Set([...forms, ...forms.map((form) => form.replace(/=+$/, ''))])]
    .filter((form) => form !== '')
    .sort((a, b) => b.length - a.length)
}

function plainOf({ user, password }: Login): string {
  return base64(`\0${user}\0${password}`)
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
