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
