// The door of an XMPP server (RFC 6120): stream, features, STARTTLS. Nobody has an account here.
import { randomUUID } from 'node:crypto'
import type { Dialogue, Reply, Stage } from './door.ts'

/** For clients or for other servers; `domain` is the one it serves. */
export function xmpp(role: 'client' | 'server', domain: string): Dialogue {
  return {
    end: '>',
    excuse: `${opening()}<stream:error><internal-server-error xmlns='${STREAMS}'/></stream:error></stream:stream>`,
    begin: (stage) => ({
      greeting: '',
      hear: (piece) => {
        const tag = piece.trim()
        if (tag.startsWith('<stream:stream')) return open(tag, stage)
        if (tag.startsWith('<starttls') && stage === 'plain') return { say: `<proceed xmlns='${TLS}'/>`, next: 'tls' }
        if (tag.startsWith('</stream:stream')) return { say: '</stream:stream>', next: 'close' }
        return undefined
      },
    }),
  }

  function open(tag: string, stage: Stage): Reply {
    const header = opening()
    const to = /\sto=["']([^"']*)["']/.exec(tag)?.[1]
    if (to !== undefined && to.toLowerCase() !== domain) {
      const error = `<host-unknown xmlns='${STREAMS}'/>`
      return { say: `${header}<stream:error>${error}</stream:error></stream:stream>`, next: 'close' }
    }
    return { say: `${header}<stream:features>${features(stage)}</stream:features>` }
  }

  function opening(): string {
    return `<?xml version='1.0'?><stream:stream xmlns='jabber:${role}' xmlns:stream='http://etherx.jabber.org/streams' from='${domain}' id='${randomUUID()}' version='1.0' xml:lang='en'>`
  }

  function features(stage: Stage): string {
    if (stage === 'plain') return `<starttls xmlns='${TLS}'><required/></starttls>`
    if (role === 'server') return "<dialback xmlns='urn:xmpp:features:dialback'/>"
    const mechanisms = ['SCRAM-SHA-1', 'PLAIN'].map((name) => `<mechanism>${name}</mechanism>`).join('')
    return `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${mechanisms}</mechanisms>`
  }
}

const TLS = 'urn:ietf:params:xml:ns:xmpp-tls'
const STREAMS = 'urn:ietf:params:xml:ns:xmpp-streams'
