// The dialogues that turn a connection into TLS.
import type { Socket } from 'node:net'
import { type Dialect, unexpected, unoffered } from './dialect.ts'
import { failed } from './failure.ts'
import { createImap } from './imap.ts'
import { createLines, type Lines } from './lines.ts'
import type { Look } from './look.ts'
import { createPop3 } from './pop3.ts'
import { createSieve } from './sieve.ts'
import { createSmtp } from './smtp.ts'

/** Protocols that begin in the clear and are asked to go on in TLS. */
export const STARTTLS = ['smtp', 'imap', 'pop3', 'xmpp', 'sieve'] as const
export type StartTls = (typeof STARTTLS)[number]

/** No greeting and list of offers is that long. */
const LONGEST_LINE = 4_096
const LONGEST_TALK = 16_384

const DIALOGUES: Readonly<Record<StartTls, (lines: Lines, look: Look, name: string, port: number) => Promise<void>>> = {
  smtp: (lines, look) => upgrade(createSmtp(), lines, look),
  imap: (lines, look) => upgrade(createImap(), lines, look),
  pop3: (lines, look) => upgrade(createPop3(), lines, look),
  xmpp,
  sieve: (lines, look) => upgrade(createSieve(), lines, look),
}

/** What is said when leaving after the handshake, so that the server's log shows no broken connection. */
export const FAREWELL: Readonly<Record<StartTls, string>> = {
  smtp: 'QUIT\r\n',
  imap: 'z LOGOUT\r\n',
  pop3: 'QUIT\r\n',
  xmpp: '',
  sieve: 'LOGOUT\r\n',
}

/**
 * Speaks until the peer is ready for the TLS handshake, and hands the socket back for it; marks `greeting` and
 * `starttls`. `name` is the domain wanted (XMPP). Throws `protocol` where the peer says anything else, TLS unoffered
 * included, or says more than it should in the clear.
 */
export async function startTls(
  protocol: StartTls,
  socket: Socket,
  look: Look,
  name: string,
  port: number,
): Promise<Socket> {
  const lines = createLines(socket, LONGEST_LINE, LONGEST_TALK)
  look.begin('greeting')
  await DIALOGUES[protocol](lines, look, name, port)
  const ready = lines.release()
  look.mark('starttls')
  return ready
}

async function upgrade(dialect: Dialect, lines: Lines, look: Look): Promise<void> {
  const greeting = await dialect.greet(lines)
  greeted(look)
  const offers = dialect.toldBy(greeting) ?? (await dialect.offers(lines, false))
  if (!offers.starttls) throw unoffered()
  await dialect.startTls(lines)
}

/** RFC 6120, 5.4; servers among themselves speak on 5269. */
async function xmpp(lines: Lines, look: Look, name: string, port: number): Promise<void> {
  const namespace = port === 5269 ? 'jabber:server' : 'jabber:client'
  const to = name.replace(/[&<>'"]/g, '')
  // The empty line makes a web server answer that stands here by mistake. After <starttls/> no space may follow (5.3.3).
  lines.write(
    `<?xml version='1.0'?><stream:stream to='${to}' xmlns='${namespace}' ` +
      `xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>\r\n\r\n`,
  )
  const opening = await lines.until(/<stream:stream\b[^>]*>|<\/|^\s*[^\s<][^\r\n]*/)
  if (!/<stream:stream\b[^>]*>$/.test(opening)) throw unexpected('greeting', opening)
  greeted(look)
  const features = await lines.until(
    /<\/stream:features>|<stream:features\/>|<stream:error\b[^>]*>\s*<[\w-]+|<\/?stream:(?:error|stream)/,
  )
  const condition = /<stream:error\b[^>]*>\s*<([\w-]+)$/.exec(features)?.[1]
  if (condition !== undefined) throw streamError(condition, name)
  if (!/<starttls\b/.test(features)) throw unoffered()
  lines.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
  const answer = await lines.until(/<(?:proceed|failure)\b[^>]*\/>|<\/(?:proceed|failure)>|<\/stream/)
  if (!/<proceed\b/.test(answer)) throw unexpected('starttls', answer)
}

function greeted(look: Look) {
  look.mark('greeting')
  look.begin('starttls')
}

/** RFC 6120, 4.9.3. */
function streamError(condition: string, name: string): Error {
  const note =
    condition === 'host-unknown' ? `this server does not serve ${name} (host-unknown)` : `stream error: ${condition}`
  return failed({ ok: false, reason: 'protocol', note })
}
