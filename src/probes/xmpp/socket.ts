// A stream over TCP, made safe already (RFC 6120, 4).
import type { Socket } from 'node:net'
import { createXmlReader, escapeXml, type XmlElement, type XmlReader } from '../../net/xml.ts'
import { createInbox } from './inbox.ts'
import { closed, featuresIn, nameOf, protocol, STREAMS, type Stream, streamError } from './stream.ts'

export interface SocketStreamOptions {
  /** The domain wanted. */
  readonly domain: string
  readonly role: 'client' | 'server'
}

/** Whom servers hear from: a name that can't exist (RFC 2606), so that none calls back. */
const OURSELVES = 'vigie.invalid'

/**
 * Takes the socket over, from now on: what comes is read here alone, and what is no UTF-8 or no XMPP destroys it.
 * `close` leaves that to the look. Servers hear `from` a name under `.invalid` (RFC 2606, 2).
 */
export function streamOver(socket: Socket, { domain, role }: SocketStreamOptions): Stream {
  const inbox = createInbox<XmlElement>()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let reader = createReader()
  let first = true

  socket.on('data', take)
  socket.on('error', inbox.fail)
  socket.on('end', end)
  socket.on('close', end)

  return { open, send, next: inbox.next, close }

  async function open(): Promise<XmlElement> {
    reader = createReader()
    const from = role === 'server' ? ` from='${OURSELVES}'` : ''
    // The empty line makes a web server answer that stands here by mistake.
    send(
      `<?xml version='1.0'?><stream:stream xmlns='jabber:${role}' xmlns:stream='${STREAMS}'` +
        ` to='${escapeXml(domain)}'${from} version='1.0'>${first ? '\r\n\r\n' : ''}`,
    )
    return featuresIn(await inbox.next())
  }

  function send(xml: string) {
    socket.write(xml)
  }

  async function close(): Promise<void> {
    socket.end('</stream:stream>')
  }

  function take(chunk: Buffer) {
    try {
      const text = decode(chunk)
      if (first && /^\s*[^<\s]/.test(text)) throw protocol(`this is not XMPP: ${text.trimStart().split('\n')[0]}`)
      first &&= text.trim() === ''
      reader.write(text)
    } catch (error) {
      inbox.fail(error as Error)
      socket.destroy()
    }
  }

  function decode(chunk: Buffer): string {
    try {
      return decoder.decode(chunk, { stream: true })
    } catch {
      throw protocol('this is not XMPP: no UTF-8')
    }
  }

  function createReader(): XmlReader {
    return createXmlReader({
      root(element) {
        const { name, space } = element
        if (name !== 'stream' || space !== STREAMS) throw protocol(`this is not XMPP: ${nameOf(element)}`)
      },
      child(element) {
        const error = streamError(element, domain)
        if (error === null) inbox.put(element)
        else inbox.fail(error)
      },
      end,
    })
  }

  function end() {
    inbox.fail(closed())
  }
}
