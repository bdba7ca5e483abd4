// Servers that begin in the clear and go on in TLS, good or not.
import type { Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { Issued } from '../../src/demo/certificates.ts'
import type { StartTls } from '../../src/net/starttls.ts'

interface Manners {
  readonly greeting: string
  /** What it says to a line; null: it goes on in TLS after saying `go`. */
  answer(line: string): string | null
  readonly go: string
}

export const MANNERS: Readonly<Record<StartTls, Manners>> = {
  smtp: {
    greeting: '220-mx.test ESMTP\r\n220 at your service\r\n',
    answer: (line) =>
      /^EHLO /.test(line)
        ? '250-mx.test\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 HELP\r\n'
        : line === 'STARTTLS'
          ? null
          : '500 what?\r\n',
    go: '220 go ahead\r\n',
  },
  imap: {
    greeting: '* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n',
    answer: (line) => (/^\S+ STARTTLS$/.test(line) ? null : '* BAD\r\n'),
    go: '* CAPABILITY IMAP4rev1\r\na OK begin\r\n',
  },
  pop3: { greeting: '+OK ready\r\n', answer: (line) => (line === 'STLS' ? null : '-ERR\r\n'), go: '+OK begin\r\n' },
  sieve: {
    greeting: '"IMPLEMENTATION" "test"\r\n"STARTTLS"\r\nOK "ready"\r\n',
    answer: (line) => (line === 'STARTTLS' ? null : 'NO\r\n'),
    go: 'OK "begin"\r\n',
  },
  xmpp: {
    greeting: '',
    answer: (line) =>
      line.includes('<starttls')
        ? null
        : "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>" +
          "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>",
    go: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  },
}

/** Serves one connection: `heard` gets what is said after the handshake. */
export function upgrading(protocol: StartTls, issued: Issued, heard: (text: string) => void = () => {}, inject = '') {
  const { greeting, answer, go } = MANNERS[protocol]
  return (socket: Socket) => {
    socket.write(greeting)
    socket.on('data', function listen(chunk) {
      const said = answer(chunk.toString().trim())
      if (said !== null) {
        socket.write(said)
        return
      }
      socket.off('data', listen)
      socket.write(go + inject)
      const secureContext = createSecureContext({ key: issued.key, cert: issued.certificate })
      const secured = new TLSSocket(socket, { isServer: true, secureContext })
      secured.on('error', () => {})
      secured.on('data', (text) => heard(text.toString()))
    })
  }
}
