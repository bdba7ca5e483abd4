// What a member's program does on a stream: log in, take a name, ask something.
import { randomBytes } from 'node:crypto'
import type { Login } from '../../core/settings.ts'
import { failed, outcomeOf } from '../../net/failure.ts'
import { escapeXml, type XmlElement } from '../../net/xml.ts'
import type { LoginMemory } from '../login.ts'
import { createScram, type Salted, type Scram } from './scram.ts'
import { CLIENT, childOf, conditionIn, nameOf, protocol, type Stream } from './stream.ts'

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl'
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind'
const SESSION = 'urn:ietf:params:xml:ns:xmpp-session'
const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas'

/** The best first. PLAIN is as safe as the line under it, which is TLS with a good certificate. */
const SCRAM = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-1': 'sha1' } as const
/** What a server says when the account or its password is wrong (RFC 6120, 6.5); the rest is trouble of its own. */
const REFUSALS: readonly string[] = ['not-authorized', 'account-disabled', 'credentials-expired', 'invalid-authzid']

/** The ways to log in that are offered, as written; empty where none is. */
export function mechanismsIn(features: XmlElement): readonly string[] {
  const offered = childOf(features, 'mechanisms', SASL)?.children ?? []
  return offered.filter(({ name, space }) => name === 'mechanism' && space === SASL).map(({ text }) => text.trim())
}

/**
 * Logs in (RFC 6120, 6) and begins the stream anew; returns how, and the new features. Throws `auth` where the login is
 * refused, `protocol` where it is not possible now, by no way we know, or the server can't prove that it knows the
 * password.
 */
export async function logIn(
  stream: Stream,
  features: XmlElement,
  login: Login,
  salted: Salted,
): Promise<{ readonly mechanism: string; readonly features: XmlElement }> {
  const offered = mechanismsIn(features)
  for (const [mechanism, hash] of Object.entries(SCRAM)) {
    if (!offered.includes(mechanism)) continue
    await prove(stream, mechanism, createScram(hash, login, randomBytes(18).toString('base64'), salted))
    return { mechanism, features: await stream.open() }
  }
  if (!offered.includes('PLAIN')) throw protocol(`no way to log in that we know: ${offered.join(' ') || 'none'}`)
  say(stream, 'auth', `\0${login.user}\0${login.password}`, 'PLAIN')
  await answerTo(stream, ['success'])
  return { mechanism: 'PLAIN', features: await stream.open() }
}

async function prove(stream: Stream, mechanism: string, scram: Scram): Promise<void> {
  say(stream, 'auth', scram.first, mechanism)
  const challenge = await answerTo(stream, ['challenge'])
  const proof = await scram.prove(challenge.text)
  if (proof === undefined) throw protocol('the challenge to log in makes no sense')
  say(stream, 'response', proof)
  // The server's own proof comes with its success, or as one more challenge.
  const last = await answerTo(stream, ['success', 'challenge'])
  if (!scram.trusts(last.text)) throw protocol('the server did not prove that it knows the password')
  if (last.name === 'success') return
  say(stream, 'response', '')
  await answerTo(stream, ['success'])
}

function say(stream: Stream, what: 'auth' | 'response', text: string, mechanism?: string) {
  const by = mechanism === undefined ? '' : ` mechanism='${mechanism}'`
  stream.send(`<${what} xmlns='${SASL}'${by}>${Buffer.from(text).toString('base64')}</${what}>`)
}

/** The answer's name, and what it holds, decoded. */
async function answerTo(stream: Stream, wanted: readonly string[]) {
  const element = await stream.next()
  const { name, space, text } = element
  if (space === SASL && wanted.includes(name)) {
    return { name, text: Buffer.from(text.trim(), 'base64').toString('utf8') }
  }
  if (space !== SASL || name !== 'failure') throw protocol(`unexpected answer to the login: ${nameOf(element)}`)
  const condition = conditionIn(element, SASL)
  if (REFUSALS.includes(condition)) {
    throw failed({ ok: false, reason: 'auth', note: `login refused (${condition})` })
  }
  throw protocol(`nobody can log in now (${condition})`)
}

/** Does what needs a login, and remembers whether it was refused. */
export async function remembering<T>(memory: LoginMemory, work: () => Promise<T>): Promise<T> {
  try {
    const done = await work()
    memory.accepted()
    return done
  } catch (error) {
    const outcome = outcomeOf(error)
    if (outcome.reason === 'auth') memory.refused(outcome.note)
    throw error
  }
}

/** Takes a name for this session (RFC 6120, 7), random so that none is in its way; returns it whole. */
export async function bind(stream: Stream, features: XmlElement): Promise<string> {
  if (childOf(features, 'bind', BIND) === undefined) throw protocol('no session is offered after the login')
  const resource = `vigie-${randomBytes(6).toString('hex')}`
  const result = await ask(stream, 'set', null, `<bind xmlns='${BIND}'><resource>${resource}</resource></bind>`)
  const name = childOf(result, 'bind', BIND)?.children.find((child) => child.name === 'jid')?.text
  if (result.attributes.type !== 'result' || !name) throw protocol(`no session after the login${reasonOf(result)}`)
  // Older servers want one thing more (RFC 3921, 3).
  const session = childOf(features, 'session', SESSION)
  if (session !== undefined && !session.children.some((child) => child.name === 'optional')) {
    await ask(stream, 'set', null, `<session xmlns='${SESSION}'/>`)
  }
  return name
}

/** Asks the server for a sign of life (XEP-0199): an error is one too. */
export async function ping(stream: Stream, domain: string): Promise<void> {
  await ask(stream, 'get', domain, "<ping xmlns='urn:xmpp:ping'/>")
}

async function ask(stream: Stream, type: 'get' | 'set', to: string | null, payload: string): Promise<XmlElement> {
  const id = randomBytes(6).toString('hex')
  const address = to === null ? '' : ` to='${escapeXml(to)}'`
  stream.send(`<iq xmlns='${CLIENT}' type='${type}' id='${id}'${address}>${payload}</iq>`)
  for (;;) {
    const element = await stream.next()
    const { attributes, name } = element
    if (name === 'iq' && attributes.id === id && ['result', 'error'].includes(attributes.type ?? '')) return element
  }
}

/** Why a stanza came back: ` (service-unavailable)`; nothing where it doesn't say. */
export function reasonOf(stanza: XmlElement): string {
  const error = stanza.children.find(({ name }) => name === 'error')
  return error === undefined ? '' : ` (${conditionIn(error, STANZAS)})`
}
