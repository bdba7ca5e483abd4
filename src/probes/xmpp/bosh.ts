// A stream over HTTP (BOSH: XEP-0124, XEP-0206): each request carries what we say, its answer what the server says.
import { randomInt } from 'node:crypto'
import type { TlsFacts } from '../../core/observation.ts'
import { failed } from '../../net/failure.ts'
import type { Look } from '../../net/look.ts'
import { exchange } from '../../net/web.ts'
import { escapeXml, readXml, XML_LIMITS, type XmlElement } from '../../net/xml.ts'
import { featuresIn, nameOf, protocol, type Stream, streamError } from './stream.ts'

const BOSH = 'http://jabber.org/protocol/httpbind'
const XBOSH = 'urn:xmpp:xbosh'

/** How long the server may hold a request when it has nothing to say, in seconds. */
const WAIT = 5
/** A login with all that follows takes eight. */
const MOST_REQUESTS = 40

export interface BoshStream extends Stream {
  /** What the last handshake showed; null before, and over plain HTTP. */
  tls(): TlsFacts | null
}

/** Nothing is sent before `open`. Each request is a connection of its own, as `exchange` makes them. */
export function boshStream(look: Look, url: URL, domain: string): BoshStream {
  const heard: XmlElement[] = []
  let unsent = ''
  let session: string | null = null
  let request = randomInt(1, 2 ** 31)
  let left = MOST_REQUESTS
  let tls: TlsFacts | null = null

  return { open, send, next, close, tls: () => tls }

  async function open(): Promise<XmlElement> {
    const to = `to='${escapeXml(domain)}' xml:lang='en'`
    if (session !== null) await post(`${to} xmpp:restart='true'`)
    else session = await begin(to)
    return featuresIn(await next())
  }

  async function begin(to: string): Promise<string> {
    const { sid } = await post(`${to} ver='1.6' wait='${WAIT}' hold='1' xmpp:version='1.0'`)
    if (sid === undefined) throw protocol('no BOSH session was given')
    return sid
  }

  function send(xml: string) {
    unsent += xml
  }

  async function next(): Promise<XmlElement> {
    while (heard.length === 0) await post('')
    return heard.shift()!
  }

  async function close(): Promise<void> {
    if (session === null) return
    await post("type='terminate'").catch(() => {})
  }

  /** Sends what waits to be sent; the attributes of the answer. */
  async function post(attributes: string): Promise<XmlElement['attributes']> {
    if (left-- === 0) throw protocol(`${MOST_REQUESTS} answers that say too little`)
    const sid = session === null ? '' : ` sid='${escapeXml(session)}'`
    const head = `xmlns='${BOSH}' xmlns:xmpp='${XBOSH}' rid='${request++}'${sid} ${attributes}`
    const payload = unsent
    unsent = ''
    const answer = await exchange(look, {
      url,
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: `<body ${head}>${payload}</body>`,
      maxBytes: XML_LIMITS.length,
    })
    tls = answer.tls
    if (answer.status !== 200) throw failed({ ok: false, reason: 'status', note: `${answer.status} instead of BOSH` })
    return hear(readXml(answer.body.toString('utf8')))
  }

  function hear(body: XmlElement): XmlElement['attributes'] {
    if (body.name !== 'body' || body.space !== BOSH) throw protocol(`this is not BOSH: ${nameOf(body)}`)
    for (const child of body.children) {
      const error = streamError(child, domain)
      if (error !== null) throw error
    }
    const { type, condition } = body.attributes
    if (condition === 'host-unknown') throw protocol(`this server does not serve ${domain} (host-unknown)`)
    if (type === 'terminate' || type === 'error')
      throw protocol(`BOSH ended: ${/^[a-z-]{1,40}$/.test(condition ?? '') ? condition : 'for no known reason'}`)
    heard.push(...body.children)
    return body.attributes
  }
}
