// SMTP as a client speaks it (RFC 5321), up to handing over a mail.
import type { Login } from '../core/settings.ts'
import { type Dialect, notNow, type Offers, soundsTemporary, unexpected } from './dialect.ts'
import { failed } from './failure.ts'
import type { Lines } from './lines.ts'
import { needSasl } from './sasl.ts'

/** RFC 5321, 4.2. */
export interface SmtpReply {
  readonly code: number
  /** Its lines without the code. */
  readonly texts: readonly string[]
}

export interface Smtp extends Dialect {
  /** Sends a command and returns the answer, good or not. */
  ask(lines: Lines, command: string): Promise<SmtpReply>
  /** As `ask`; throws `status` for a refusal, `protocol` for any other code. */
  want(lines: Lines, command: string, code: number): Promise<SmtpReply>
  /** Hands over a mail, lines ended by CR LF, and returns the answer to it. Throws `status` for a refusal. */
  hand(lines: Lines, text: string): Promise<SmtpReply>
}

/** What we call ourselves (RFC 2606: a name that can't exist). */
const OURSELVES = 'vigie.invalid'

/** `ehlo`: what we call ourselves; servers that look it up want a true name. */
export function createSmtp(ehlo = OURSELVES): Smtp {
  return {
    good: '250',
    upgrade: 'STARTTLS',
    farewell: 'QUIT',
    async greet(lines) {
      const { code, texts } = await wanted(lines, 'greeting', 220)
      return `${code} ${texts.join(' ')}`
    },
    toldBy: () => null,
    async offers(lines) {
      return offersIn(await want(lines, `EHLO ${ehlo}`, 250))
    },
    async startTls(lines) {
      lines.send('STARTTLS')
      const reply = await readReply(lines, 'STARTTLS')
      if (reply.code !== 220) throw unexpected('STARTTLS', sayReply(reply))
    },
    authenticate,
    ask,
    want,
    async hand(lines, text) {
      await want(lines, 'DATA', 354)
      // A dot before a line that begins with one (RFC 5321, 4.5.2); the end is a dot alone.
      lines.send(`${text.replace(/^\./gm, '..')}.`)
      return wanted(lines, 'the mail', 250)
    },
  }
}

async function ask(lines: Lines, command: string): Promise<SmtpReply> {
  lines.send(command)
  return readReply(lines, verbOf(command))
}

async function want(lines: Lines, command: string, code: number): Promise<SmtpReply> {
  lines.send(command)
  return wanted(lines, verbOf(command), code)
}

async function wanted(lines: Lines, to: string, code: number): Promise<SmtpReply> {
  const reply = await readReply(lines, to)
  if (reply.code >= 400) throw refused(reply)
  if (reply.code !== code) throw unexpected(to, sayReply(reply))
  return reply
}

/** RFC 4954. */
async function authenticate(lines: Lines, { mechanisms }: Offers, login: Login): Promise<string | null> {
  const { mechanism, responses } = needSasl(mechanisms, login)
  let reply = await ask(lines, `AUTH ${mechanism}`)
  for (const response of responses) {
    if (reply.code !== 334) break
    lines.send(response)
    reply = await readReply(lines, 'AUTH')
  }
  if (reply.code === 235) return null
  const code = codeOf(reply)
  if (reply.code >= 400 && (reply.code < 500 || soundsTemporary(sayReply(reply)))) throw notNow(code)
  if (reply.code < 500) throw unexpected('AUTH', code)
  return code
}

/** True for what can stand between the brackets of a RCPT TO everywhere: no SMTPUTF8 is asked for. */
export function isMailbox(text: string): boolean {
  return text.length <= 254 && /^[\w!#$%&'*+/=?^`{|}~.-]{1,64}@(?:[a-z0-9_.-]+|\[[a-z0-9.:]+\])$/i.test(text)
}

/** The first two words of a command. */
function verbOf(command: string): string {
  return /^(?:MAIL FROM|RCPT TO|\S+)/.exec(command)![0]
}

/** Throws `protocol` for what is no reply (RFC 5321, 4.2). */
async function readReply(lines: Lines, to: string): Promise<SmtpReply> {
  const texts: string[] = []
  let first: string | undefined
  for (;;) {
    const line = await lines.next()
    const match = /^([2-5]\d\d)([ -]|$)(.*)$/.exec(line)
    if (match === null || (first !== undefined && match[1] !== first)) throw unexpected(to, line)
    first = match[1]!
    texts.push(match[3]!)
    if (match[2] !== '-') return { code: Number(first), texts }
  }
}

/** A refusal is the server's; but one of our line, as many lists hold every home line, says nothing of the server. */
export function refused(reply: SmtpReply): Error {
  const note = sayReply(reply)
  const ours = reply.code >= 500 && /\bblocked using\b|\bspamhaus\b|\b(?:dns)?[rb]bl\b/i.test(note)
  return failed(ours ? { ok: null, reason: 'blocked', note } : { ok: false, reason: 'status', note })
}

/** The reply as one line, for notes. */
export function sayReply({ code, texts }: SmtpReply): string {
  return `${code} ${texts.join(' ')}`.trim().slice(0, 160)
}

/** Its numbers alone: `535 5.7.8` (RFC 3463). */
function codeOf({ code, texts }: SmtpReply): string {
  const enhanced = /^\d\.\d{1,3}\.\d{1,3}\b/.exec(texts[0] ?? '')?.[0]
  return enhanced === undefined ? String(code) : `${code} ${enhanced}`
}

function offersIn({ texts }: SmtpReply): Offers {
  const words = texts.slice(1).map((text) => text.trim().toUpperCase())
  return {
    starttls: words.includes('STARTTLS'),
    // `AUTH=…` is how it was written before RFC 2554.
    mechanisms: words.flatMap((word) => (/^AUTH[ =]/.test(word) ? word.slice(5).split(/\s+/) : [])).filter(Boolean),
    words: words.map((word) => word.split(' ')[0]!),
  }
}
