// XMPP servers that say what they are told: the end of a look's dialogue, in the shape of a script.
import type { Socket } from 'node:net'

export const HEADER =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'" +
  " from='chat.test' id='1' version='1.0'>"

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl'

export function features(...inner: readonly string[]): string {
  return `<stream:features>${inner.join('')}</stream:features>`
}

export function mechanisms(...names: readonly string[]): string {
  return `<mechanisms xmlns='${SASL}'>${names.map((name) => `<mechanism>${name}</mechanism>`).join('')}</mechanisms>`
}

export const PLAIN = features(mechanisms('PLAIN'))
export const BIND = features("<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
export const SUCCESS = `<success xmlns='${SASL}'/>`

export function failure(condition: string): string {
  return `<failure xmlns='${SASL}'><${condition}/></failure>`
}

/** Answers each thing that is said with the next line of the script; `ID` is that of the request. Afterwards it is silent. */
export function saying(script: readonly string[], heard: string[] = []): (socket: Socket) => void {
  return (socket) => {
    let at = 0
    socket.on('data', (chunk) => {
      const text = chunk.toString()
      heard.push(text)
      const line = script[at++]
      if (line !== undefined) socket.write(line.replaceAll('ID', /\bid='([^']*)'/.exec(text)?.[1] ?? ''))
    })
  }
}

/** A server where everybody is who he says. */
export const WELCOME: readonly string[] = [
  HEADER + PLAIN,
  SUCCESS,
  HEADER + BIND,
  "<iq type='result' id='ID'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>probe@chat.test/x</jid></bind></iq>",
  "<iq type='result' id='ID'/>",
]

export interface ChatMood {
  /** Users whose password is wrong. */
  readonly refuses?: readonly string[]
  /** What becomes of messages; they arrive when not said. */
  readonly messages?: 'lost' | 'returned' | 'cut off'
}

/** A server that lets everybody in and carries messages, or does not. It notes messages, and presence, in `heard`. */
export function chat(mood: ChatMood = {}, heard: string[] = []): (socket: Socket) => void {
  const sessions = new Map<string, Socket>()
  return (socket) => {
    let user: string | null = null
    socket.on('data', (chunk) => {
      const text = chunk.toString()
      const id = /\bid='([^']*)'/.exec(text)?.[1]
      if (text.includes('<stream:stream')) socket.write(HEADER + (user === null ? PLAIN : BIND))
      if (text.includes('<auth')) {
        const [, name = ''] = Buffer.from(/>([^<]*)</.exec(text)![1]!, 'base64')
          .toString()
          .split('\0')
        const refused = mood.refuses?.includes(name)
        if (!refused) user = name
        socket.write(refused ? failure('not-authorized') : SUCCESS)
      }
      if (text.includes('<bind')) {
        const address = `${user}@chat.test/1`
        sessions.set(address, socket)
        socket.write(
          `<iq type='result' id='${id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>${address}</jid></bind></iq>`,
        )
      }
      if (text.includes('<presence')) heard.push(text)
      if (text.includes('<ping')) socket.write(`<iq type='result' id='${id}'/>`)
      if (text.includes('<message')) carry(text, socket, id!)
    })
  }

  function carry(text: string, from: Socket, id: string) {
    heard.push(text)
    if (mood.messages === 'lost') return
    if (mood.messages === 'cut off') from.end('</stream:stream>')
    else if (mood.messages === 'returned') {
      const condition = "<remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
      from.write(`<message type='error' id='${id}'><error type='wait'>${condition}</error></message>`)
    } else sessions.get(/\bto='([^']*)'/.exec(text)![1]!)?.write(`<message><body>other</body></message>${text}`)
  }
}
