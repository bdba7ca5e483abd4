// The dialogues that turn a connection into TLS.
import type { Socket } from 'node:net'
import { failed } from './failure.ts'
import { createLines, type Lines } from './lines.ts'
import type { Look } from './look.ts'

/** Protocols that begin in the clear and are asked to go on in TLS. */
export const STARTTLS = ['smtp', 'imap', 'pop3', 'xmpp', 'sieve'] as const
export type StartTls = (typeof STARTTLS)[number]

/** What we call ourselves (RFC 2606: a name that can't exist). */
const OURSELVES = 'vigie.invalid'

/** No greeting and list of offers is that long. */
const LONGEST_LINE = 4_096
const LONGEST_TALK = 16_384

const DIALOGUES: Readonly<Record<StartTls, (lines: Lines, look: Look, name: string, port: number) => Promise<void>>> = {
  smtp,
  imap,
  pop3,
  xmpp,
  sieve,
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

/** RFC 5321, 4.1.1.1 and RFC 3207. */
async function smtp(lines: Lines, look: Look): Promise<void> {
  await smtpReply(lines, 220, 'greeting')
  greeted(look)
  lines.send(`EHLO ${OURSELVES}`)
  const offers = await smtpReply(lines, 250, 'EHLO')
  if (!offers.some((offer) => /^STARTTLS\s*$/i.test(offer))) throw unoffered()
  lines.send('STARTTLS')
  await smtpReply(lines, 220, 'STARTTLS')
}

async function smtpReply(lines: Lines, wanted: number, to: string): Promise<readonly string[]> {
  const texts: string[] = []
  for (;;) {
    const line = await lines.next()
    const match = /^(\d{3})([ -]|$)(.*)$/.exec(line)
    if (match === null || Number(match[1]) !== wanted) throw unexpected(to, line)
    texts.push(match[3]!)
    if (match[2] !== '-') return texts
  }
}

/** RFC 9051, 6.2.1. */
async function imap(lines: Lines, look: Look): Promise<void> {
  const greeting = await lines.next()
  if (!/^\* OK\b/i.test(greeting)) throw unexpected('greeting', greeting)
  greeted(look)
  lines.send('a STARTTLS')
  for (;;) {
    const line = await lines.next()
    if (/^\* (?!BYE\b)/i.test(line)) continue
    if (!/^a OK\b/i.test(line)) throw unexpected('STARTTLS', line)
    return
  }
}

/** RFC 2595, 4. */
async function pop3(lines: Lines, look: Look): Promise<void> {
  const greeting = await lines.next()
  if (!/^\+OK\b/i.test(greeting)) throw unexpected('greeting', greeting)
  greeted(look)
  lines.send('STLS')
  const answer = await lines.next()
  if (!/^\+OK\b/i.test(answer)) throw unexpected('STLS', answer)
}

/** RFC 5804, 1.7 and 2.2. */
async function sieve(lines: Lines, look: Look): Promise<void> {
  const offers = await sieveReply(lines, 'greeting')
  greeted(look)
  if (!offers.some((offer) => /^"STARTTLS"/i.test(offer))) throw unoffered()
  lines.send('STARTTLS')
  await sieveReply(lines, 'STARTTLS')
}

async function sieveReply(lines: Lines, to: string): Promise<readonly string[]> {
  const offers: string[] = []
  for (;;) {
    const line = await lines.next()
    if (/^OK\b/i.test(line)) return offers
    if (!line.startsWith('"')) throw unexpected(to, line)
    offers.push(line)
  }
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

function unoffered(): Error {
  return failed({ ok: false, reason: 'protocol', note: 'STARTTLS is not offered' })
}

/** RFC 6120, 4.9.3. */
function streamError(condition: string, name: string): Error {
  const note =
    condition === 'host-unknown' ? `this server does not serve ${name} (host-unknown)` : `stream error: ${condition}`
  return failed({ ok: false, reason: 'protocol', note })
}

function unexpected(to: string, answer: string): Error {
  const note = to === 'greeting' ? `unexpected greeting: ${answer}` : `unexpected answer to ${to}: ${answer}`
  return failed({ ok: false, reason: 'protocol', note })
}
