// A server that says what a script tells it, line by line.
import type { Socket } from 'node:net'

/** What is answered to a line: the first that fits; undefined: nothing. Every answer is sent as it is. */
export type Script = readonly (readonly [line: RegExp, answer: string | ((line: string, socket: Socket) => string)])[]

/** Serves a script; `heard` gets every line. */
export function scripted(greeting: string, script: Script, heard: string[] = []): (socket: Socket) => void {
  return (socket) => {
    let rest = ''
    socket.write(greeting)
    socket.on('data', (chunk: Buffer) => {
      rest += chunk.toString()
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        heard.push(line)
        const answer = script.find(([pattern]) => pattern.test(line))?.[1]
        if (answer !== undefined) socket.write(typeof answer === 'string' ? answer : answer(line, socket))
      }
    })
  }
}

/** How good servers speak, within TLS; a test puts its own lines before these. */
export const GOOD = {
  smtp: {
    greeting: '220 mx.test ESMTP\r\n',
    script: [
      [/^EHLO /, '250-mx.test\r\n250-DSN\r\n250 AUTH PLAIN LOGIN\r\n'],
      [/^AUTH PLAIN$/, '334 \r\n'],
      [/^AUTH LOGIN$/, '334 VXNlcm5hbWU6\r\n'],
      [/^(?:MAIL|RCPT|RSET)/, '250 2.0.0 Ok\r\n'],
      [/^QUIT$/, '221 bye\r\n'],
      [/^[A-Za-z0-9+/]+=*$/, '235 2.7.0 in\r\n'],
    ],
  },
  imap: {
    greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n',
    script: [
      [/ AUTHENTICATE PLAIN$/, '+ \r\n'],
      [/ CAPABILITY$/, (line) => `* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n${tagOf(line)} OK done\r\n`],
      [/ SELECT /, (line) => `* 3 EXISTS\r\n* 0 RECENT\r\n${tagOf(line)} OK [READ-WRITE] done\r\n`],
      [/ LOGIN | NOOP$/, (line) => `${tagOf(line)} OK done\r\n`],
      [/ LOGOUT$/, (line) => `* BYE\r\n${tagOf(line)} OK\r\n`],
      [/^[A-Za-z0-9+/]+=*$/, 'a OK in\r\n'],
    ],
  },
  pop3: {
    greeting: '+OK ready\r\n',
    script: [
      [/^CAPA$/, '+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n'],
      [/^AUTH PLAIN$/, '+ \r\n'],
      [/^STAT$/, '+OK 2 512\r\n'],
      [/^QUIT$/, '+OK\r\n'],
      [/^[A-Za-z0-9+/]+=*$/, '+OK in\r\n'],
    ],
  },
  sieve: {
    greeting: '"IMPLEMENTATION" "test"\r\n"SASL" "PLAIN"\r\nOK "ready"\r\n',
    script: [
      [/^AUTHENTICATE/, '""\r\n'],
      [/^CAPABILITY$/, '"IMPLEMENTATION" "test"\r\n"SASL" "PLAIN"\r\nOK\r\n'],
      [/^LOGOUT$/, 'OK\r\n'],
      [/^"[A-Za-z0-9+/]+=*"$/, 'OK\r\n'],
    ],
  },
} as const satisfies Readonly<Record<string, { readonly greeting: string; readonly script: Script }>>

export type Spoken = keyof typeof GOOD

export function tagOf(line: string): string {
  return line.slice(0, line.indexOf(' '))
}
