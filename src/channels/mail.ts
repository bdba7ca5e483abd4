// A mail through one relay (RFC 5321). nodemailer speaks SMTP and writes MIME; connection and deadline are ours, because
// its timeouts count silence only: a relay that drips a byte now and then would hold it for ever. It is loaded with the
// first mail: most days there is none.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Relay } from '../core/check.ts'
import type { Message } from '../core/letter/message.ts'
import { cleanNote } from '../core/observation.ts'
import { type Millis, SECOND } from '../core/time/time.ts'
import { outcomeOf } from '../net/failure.ts'
import type { Attempt, Channel, ChannelKind, ChannelSettings } from './channel.ts'
import { reach } from './reach.ts'

const TIMEOUT: Millis = 30 * SECOND

/** How long a relay that took the message has for its goodbye. */
const GOODBYE: Millis = 1 * SECOND

/** Through a relay of the list: smtp with STARTTLS where offered, or smtps. */
export const mail: ChannelKind = { open: openMail }

function openMail(settings: ChannelSettings): Channel {
  return { name: settings.relay.name, send: (message) => send(message, settings), knock: () => knock(settings) }
}

async function send(message: Message, settings: ChannelSettings): Promise<Attempt> {
  const deadline = AbortSignal.timeout(settings.timeout ?? TIMEOUT)
  const progress: Progress = { handed: false }
  try {
    const composed = await compose(message, settings)
    const response = await converse(settings, deadline, (talk) => deliver(composed, talk, progress))
    return { taken: true, response: safe(response, settings.relay) }
  } catch (error) {
    return failure(error, progress, settings.relay, deadline)
  }
}

/** Greets, makes the connection safe, logs in, and leaves. */
async function knock(settings: ChannelSettings): Promise<{ readonly open: boolean; readonly note: string }> {
  const deadline = AbortSignal.timeout(settings.timeout ?? TIMEOUT)
  try {
    return await converse(settings, deadline, async ({ connection, loggedIn }) => {
      if (settings.relay.login !== null && !loggedIn) return { open: false, note: 'it offers no login' }
      return { open: true, note: `${connection.secure ? 'TLS' : 'no TLS'}, ${loggedIn ? 'login taken' : 'no login'}` }
    })
  } catch (error) {
    const attempt = failure(error, { handed: false }, settings.relay, deadline)
    return { open: false, note: attempt.taken ? '' : attempt.note }
  }
}

interface Composed {
  readonly from: string
  readonly to: string
  readonly bytes: Buffer
}

async function compose(message: Message, { from, now }: ChannelSettings): Promise<Composed> {
  const id = (key: string) => messageId(key, message.to, from)
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const composer = new MailComposer({
    from,
    to: { name: '', address: message.to },
    subject: message.subject,
    text: message.body,
    textEncoding: 'quoted-printable',
    date: new Date(now()),
    messageId: id(message.key),
    ...(message.answers === null ? {} : { inReplyTo: id(message.answers), references: id(message.answers) }),
    headers: {
      'Auto-Submitted': 'auto-generated', // RFC 3834, 5
      'X-Auto-Response-Suppress': 'All',
      Precedence: 'list',
      'Content-Language': message.language,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: 'win',
  })
  const node = composer.compile()
  const sender = node.getEnvelope().from
  if (typeof sender !== 'string' || sender === '') throw new Error(`no address in the sender: ${from}`)
  return { from: sender, to: message.to, bytes: await node.build() }
}

/**
 * The same for the same news to the same person, whichever site or relay sends it and however often: mailboxes know a
 * copy by it.
 */
export function messageId(key: string, recipient: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'vigie.invalid'
  const hash = createHash('sha256').update(`${key}\n${recipient}`).digest('hex').slice(0, 32)
  return `<${hash}@${domain}>`
}

interface Progress {
  /** The relay said go on and has been given the message. */
  handed: boolean
}

/** A relay that has been greeted, made safe and logged into where it must be. */
interface Talk {
  readonly connection: SMTPConnection
  readonly loggedIn: boolean
  /** One command and its answer; rejects when the connection breaks or the deadline passes. */
  step<T>(run: (done: (error?: Error | null, value?: T) => void) => void): Promise<T | undefined>
}

/** Speaks with a relay until `work` is done, and says goodbye. */
async function converse<T>(
  { relay, network, ca }: ChannelSettings,
  deadline: AbortSignal,
  work: (talk: Talk) => Promise<T>,
): Promise<T> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection')
  const socket = await reach(relay, network, deadline)
  const connection = new Connection({
    connection: socket,
    host: relay.host,
    port: relay.port,
    secure: relay.secure,
    requireTLS: !relay.secure && relay.login !== null,
    tls: { secureContext: network.trust(ca), minVersion: 'TLSv1.2' },
    socketCloseTimeout: 0,
  })
  const broken = new Promise<never>((_, reject) => {
    connection.once('error', reject)
    connection.once('end', () => reject(new Error('connection closed')))
    const late = () => reject(new Error('deadline'))
    if (deadline.aborted) late()
    else deadline.addEventListener('abort', late, { once: true })
  })
  broken.catch(() => {})
  connection.on('error', () => {})
  const step = <Value>(run: (done: (error?: Error | null, value?: Value) => void) => void) =>
    Promise.race([
      broken,
      new Promise<Value | undefined>((resolve, reject) => {
        run((error, value) => (error ? reject(error) : resolve(value)))
      }),
    ])
  try {
    await step((done) => connection.connect(done))
    const loggedIn = relay.login !== null && connection.allowsAuth
    if (loggedIn) {
      const credentials = { user: relay.login.user, pass: relay.login.password }
      await step((done) => connection.login({ credentials }, done))
    }
    const result = await work({ connection, loggedIn, step })
    farewell(connection, socket)
    return result
  } catch (error) {
    connection.close()
    socket.destroy()
    throw error
  }
}

async function deliver({ from, to, bytes }: Composed, { connection, step }: Talk, progress: Progress): Promise<string> {
  const message = Readable.from(handing(bytes, progress), { objectMode: false })
  const info = await step<{ response: string }>((done) =>
    connection.send({ from, to: [to], size: bytes.length }, message, done),
  )
  return info?.response ?? ''
}

/** nodemailer begins to read a message when the relay has said 354, not before. */
function* handing(bytes: Buffer, progress: Progress): Generator<Buffer> {
  progress.handed = true
  yield bytes
}

/** QUIT, without making anybody wait for it. */
function farewell(connection: SMTPConnection, socket: { destroy(): unknown }): void {
  const timer = setTimeout(() => {
    connection.close()
    socket.destroy()
  }, GOODBYE)
  timer.unref()
  connection.once('end', () => clearTimeout(timer))
  connection.quit()
}

/** Replies to these refuse this very message; to anything else (greeting, login) the relay may change its mind. */
const ABOUT_THE_MESSAGE: readonly unknown[] = ['MAIL FROM', 'RCPT TO', 'DATA']

function failure(error: unknown, { handed }: Progress, relay: Relay, deadline: AbortSignal): Attempt {
  const { responseCode, command, message } = describe(error)
  if (deadline.aborted && responseCode === undefined) {
    const note = handed ? 'no answer in time after the message' : 'no answer in time'
    return { taken: false, again: true, uncertain: handed, note }
  }
  const refused = responseCode !== undefined && responseCode >= 500 && ABOUT_THE_MESSAGE.includes(command)
  const login = typeof command === 'string' && command.startsWith('AUTH')
  const note = login ? `login refused (${responseCode ?? 'no answer'})` : safe(message, relay)
  return { taken: false, again: !refused, uncertain: handed && responseCode === undefined, note }
}

interface Described {
  readonly responseCode: number | undefined
  readonly command: unknown
  readonly message: string
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return { responseCode: undefined, command: undefined, message: String(error) }
  const { responseCode, command, code } = error as Error & { responseCode?: unknown; command?: unknown; code?: unknown }
  const named = byName(error) ?? (typeof code === 'string' && error.message === '' ? code : error.message)
  return { responseCode: typeof responseCode === 'number' ? responseCode : undefined, command, message: named }
}

/** Of a relay whose name could not be looked up: Node would say `queryA ENOTFOUND`. */
function byName(error: Error): string | null {
  return 'syscall' in error && String(error.syscall).startsWith('query') ? outcomeOf(error).note : null
}

/** One clean line in which a relay can't play our password back to us. */
function safe(text: string, { login }: Relay): string {
  const secrets =
    login === null ? [] : [login.password, base64(login.password), base64(`\0${login.user}\0${login.password}`)]
  return cleanNote(secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '…')), text))
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
