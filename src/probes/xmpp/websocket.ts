// A stream over WebSocket (RFC 7395): each message is one element.
import type { Socket } from 'node:net'
import type { WebSocket as Line, RawData } from 'ws'
import type { TlsFacts } from '../../core/observation.ts'
import { failed } from '../../net/failure.ts'
import type { Look } from '../../net/look.ts'
import { escapeXml, readXml, XML_LIMITS, type XmlElement } from '../../net/xml.ts'
import { createInbox } from './inbox.ts'
import { closed, featuresIn, nameOf, protocol, type Stream, streamError } from './stream.ts'

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing'

/** Connects, and upgrades; a bad certificate is thrown. Marks `websocket` beside what dialling marks. */
export async function openWebSocket(
  look: Look,
  url: URL,
  domain: string,
): Promise<{ readonly stream: Stream; readonly tls: TlsFacts | null }> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const secure = url.protocol === 'wss:' || url.protocol === 'https:'
  const plain = await look.dial({ host, port: Number(url.port) || (secure ? 443 : 80) })
  if (!secure) return { stream: await upgrade(look, plain, url, domain), tls: null }
  const { socket, facts, fault } = await look.secure(plain, host, ['http/1.1'])
  if (fault) throw failed({ ok: false, reason: 'certificate', ...fault, tls: facts })
  return { stream: await upgrade(look, socket, url, domain), tls: facts }
}

async function upgrade(look: Look, socket: Socket, url: URL, domain: string): Promise<Stream> {
  look.begin('websocket')
  // Loaded by the first who looks this way: 8 MB that others can spare.
  const { WebSocket } = await import('ws')
  const line = new WebSocket(url, 'xmpp', {
    createConnection: () => socket,
    perMessageDeflate: false,
    maxPayload: XML_LIMITS.length,
    headers: { 'user-agent': 'vigie' },
  })
  const stream = streamOver(line, socket, domain)
  await new Promise<void>((resolve, reject) => {
    line.once('open', resolve)
    line.once('unexpected-response', (_, { statusCode }) => {
      reject(failed({ ok: false, reason: 'status', note: `${statusCode} instead of a WebSocket` }))
    })
    line.on('error', (error) => reject(meaning(error)))
    line.once('close', () => reject(closed()))
  })
  look.mark('websocket')
  return stream
}

function streamOver(line: Line, socket: Socket, domain: string): Stream {
  const inbox = createInbox<XmlElement>()
  line.on('message', take)
  line.on('ping', measure)
  line.on('error', (error) => inbox.fail(meaning(error)))
  line.on('close', () => inbox.fail(closed()))

  return {
    async open() {
      line.send(`<open xmlns='${FRAMING}' to='${escapeXml(domain)}' version='1.0'/>`)
      const answer = await inbox.next()
      if (answer.name !== 'open' || answer.space !== FRAMING) {
        throw protocol(`unexpected answer to the stream: ${nameOf(answer)}`)
      }
      return featuresIn(await inbox.next())
    },
    send: (xml) => line.send(xml),
    next: inbox.next,
    async close() {
      line.send(`<close xmlns='${FRAMING}'/>`, () => {})
      line.close()
    },
  }

  function take(data: RawData) {
    if (measure()) hear(read(String(data)))
  }

  function hear(element: XmlElement | Error) {
    if (element instanceof Error) stop(element)
    else if (element.name === 'close' && element.space === FRAMING) inbox.fail(closed())
    else {
      const error = streamError(element, domain)
      if (error === null) inbox.put(element)
      else inbox.fail(error)
    }
  }

  /** False: it was too much altogether. */
  function measure(): boolean {
    if (socket.bytesRead <= XML_LIMITS.length) return true
    stop(protocol('the XML is endless'))
    return false
  }

  function stop(error: Error) {
    inbox.fail(error)
    line.terminate()
  }
}

/** The one element of a message. */
function read(message: string): XmlElement | Error {
  try {
    const [element, ...more] = readXml(`<message>${message}</message>`).children
    return element !== undefined && more.length === 0 ? element : protocol('a message that is not one element')
  } catch (error) {
    return error as Error
  }
}

/** What goes wrong in `ws` is said in words alone; what goes wrong below has codes that `failure.ts` knows. */
function meaning(error: Error): Error {
  const code = 'code' in error ? String(error.code) : ''
  if ('syscall' in error) return error
  if (code === 'ECONNRESET') return closed()
  return protocol(code.startsWith('HPE_') ? 'the answer is not HTTP' : `no WebSocket: ${error.message}`)
}
