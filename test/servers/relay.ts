// Real SMTP relays on loopback, good and bad ones.
import { createServer, type Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail as a relay took it. */
export interface Received {
  readonly from: string
  readonly to: readonly string[]
  readonly secure: boolean
  readonly user: string | null
  /** Header names in lower case; folded lines put together. */
  readonly headers: Readonly<Record<string, string>>
  /** As it came over the line. */
  readonly raw: string
  /** Quoted-printable undone. */
  readonly body: string
}

export interface TestRelay {
  readonly port: number
  readonly received: readonly Received[]
  /** How often somebody connected. */
  readonly connections: () => number
  close(): Promise<void>
}

export interface RelayManners {
  /** Key and certificate for STARTTLS, or TLS from the start with `secure`. Without: STARTTLS isn't offered. */
  readonly tls?: { readonly key: string; readonly certificate: string }
  readonly secure?: boolean
  readonly login?: { readonly user: string; readonly password: string }
  /** A reply to RCPT TO instead of 250. */
  readonly atRecipient?: () => { readonly code: number; readonly text: string } | null
  /** What follows the whole message: 250, another reply, or nothing (`hang`: never answered; `drop`: line cut). */
  readonly atData?: () => 'take' | 'hang' | 'drop' | { readonly code: number; readonly text: string }
}

/** A relay with a mailbox. What it answered nothing to is in `received` all the same. */
export async function startRelay(manners: RelayManners = {}): Promise<TestRelay> {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const options: SMTPServerOptions = {
    secure: manners.secure ?? false,
    authOptional: manners.login === undefined,
    logger: false,
    closeTimeout: 50,
    disableReverseLookup: true,
    disabledCommands: [
      ...(manners.tls === undefined ? ['STARTTLS'] : []),
      ...(manners.login === undefined ? ['AUTH'] : []),
    ],
    allowInsecureAuth: true,
    ...(manners.tls === undefined ? {} : { key: manners.tls.key, cert: manners.tls.certificate }),
    onConnect: (_session, done) => {
      connections += 1
      done()
    },
    onAuth: ({ username, password }, _session, done) => {
      const good = username === manners.login?.user && password === manners.login?.password
      if (good) done(null, { user: username })
      else done(refusal(535, `bad credentials ${username} ${password}`))
    },
    onRcptTo: (_address, _session, done) => {
      const reply = manners.atRecipient?.() ?? null
      done(reply === null ? null : refusal(reply.code, reply.text))
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const what = manners.atData?.() ?? 'take'
        if (typeof what === 'object') return done(refusal(what.code, what.text))
        received.push({
          from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map(({ address }) => address),
          secure: session.secure,
          user: typeof session.user === 'string' ? session.user : null,
          ...readMail(Buffer.concat(chunks).toString('latin1')),
        })
        if (what === 'take') done(null, 'queued')
        if (what === 'drop') for (const socket of sockets) socket.destroy()
      })
    },
  }
  const server = new SMTPServer(options)
  server.on('error', () => {})
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server.server.address()),
    received,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** A listener that treats every connection in its own way: silence, one byte now and then, anything. */
export async function startOddRelay(manner: (socket: Socket) => void): Promise<TestRelay> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    manner(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: portOf(server.address()),
    received: [],
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** A port where nobody listens. */
export async function closedPort(): Promise<number> {
  const relay = await startOddRelay(() => {})
  await relay.close()
  return relay.port
}

function refusal(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode })
}

function portOf(address: unknown): number {
  if (typeof address === 'object' && address !== null && 'port' in address) return Number(address.port)
  throw new Error('not listening')
}

/** Takes a mail apart; its lines end in CRLF. */
export function readMail(raw: string): Pick<Received, 'headers' | 'raw' | 'body'> {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const headers: Record<string, string> = {}
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    headers[line.slice(0, colon).toLowerCase()] = decodeWords(line.slice(colon + 1).trim())
  }
  const body = unquote(rest.join('\r\n\r\n').replaceAll('=\r\n', ''))
  return { headers, raw, body }
}

/** RFC 2047, what nodemailer makes of it. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?(q|b)\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8') : unquote(text.replaceAll('_', ' ')),
    )
}

function unquote(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n')
}
