// A stream of XMPP (RFC 6120, 4), whatever carries it, and what servers say to end one.
import { failed } from '../../net/failure.ts'
import type { XmlElement } from '../../net/xml.ts'

/** One way in to a server: TCP, WebSocket or BOSH. One reader at a time. */
export interface Stream {
  /** Begins the stream, or begins it anew after a login; returns the features that the server offers then. */
  open(): Promise<XmlElement>
  send(xml: string): void
  /** What the server says next. Throws `protocol` for a stream error or what is no XMPP, `closed` at the end. */
  next(): Promise<XmlElement>
  /** Says good-bye. Never throws. */
  close(): Promise<void>
}

export const STREAMS = 'http://etherx.jabber.org/streams'
export const CLIENT = 'jabber:client'

const STREAM_ERRORS = 'urn:ietf:params:xml:ns:xmpp-streams'

/** The element when it is what should come now: features. Throws for anything else. */
export function featuresIn(element: XmlElement): XmlElement {
  if (element.name === 'features' && element.space === STREAMS) return element
  throw protocol(`unexpected answer to the stream: ${nameOf(element)}`)
}

/** What a stream error stands for; null: the element is none (RFC 6120, 4.9). */
export function streamError(element: XmlElement, domain: string): Error | null {
  if (element.name !== 'error' || element.space !== STREAMS) return null
  const condition = conditionIn(element, STREAM_ERRORS)
  if (condition === 'host-unknown') return protocol(`this server does not serve ${domain} (host-unknown)`)
  return protocol(`stream error: ${condition}`)
}

/** Why: the first child in that namespace that is no text. */
export function conditionIn(element: XmlElement, space: string): string {
  const condition = element.children.find((child) => child.space === space && child.name !== 'text')
  return condition !== undefined && isWord(condition.name) ? condition.name : 'for no known reason'
}

/** An element for people: `<iq>`. */
export function nameOf({ name }: XmlElement): string {
  return isWord(name) ? `<${name}>` : 'something unknown'
}

/** What the specifications have. Anything else could be what we said, a login among it, said back to us. */
function isWord(name: string): boolean {
  return /^[a-z]{1,20}(-[a-z]{1,20}){0,4}$/.test(name)
}

/** The first child of that name and namespace. */
export function childOf(element: XmlElement, name: string, space: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name && child.space === space)
}

/** To be thrown: the look fails as `protocol`, with this note. */
export function protocol(note: string): Error {
  return failed({ ok: false, reason: 'protocol', note })
}

/** To be thrown where the other side ends without a word. */
export function closed(): Error {
  return failed({ ok: false, reason: 'closed', note: 'connection closed by the other side' })
}
