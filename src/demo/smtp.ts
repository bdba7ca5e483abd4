// A small mail server (RFC 5321): the hoster's front doors, and the relay of the alerts.
import type { Dialogue, Reply, Session, Stage } from './door.ts'

/** A message as it came in. */
export interface Mail {
  readonly from: string
  readonly to: readonly string[]
  /** Header and body, lines ended by CR LF. */
  readonly text: string
}

const LARGEST = 1_048_576
const MOST_RECIPIENTS = 100

export interface SmtpDoor {
  /** The name it greets with. */
  readonly host: string
  readonly starttls: boolean
  /** Demands a login in TLS, as a submission port does; every one is right. */
  readonly login: boolean
  /** Takes a message. */
  readonly take: (mail: Mail) => void
  /** Whose mail is taken from strangers. Everybody's when not said. */
  readonly serves?: (address: string) => boolean
}

/**
 * A mail of a MiB at most to a hundred recipients, as many as a server must take (RFC 5321, 4.5.3.1.8), is answered
 * once `take` has it. Any password is right; 8-bit text is read as UTF-8.
 */
export function smtp(door: SmtpDoor): Dialogue {
  const excuse = `421 4.3.2 ${door.host} Service not available, closing transmission channel\r\n`
  return { end: '\n', excuse, begin: (stage) => session(door, stage) }
}

function session({ host, starttls, login, take, serves = () => true }: SmtpDoor, stage: Stage): Session {
  let from: string | undefined
  let to: string[] = []
  /** The lines of a message while it comes in. */
  let data: string[] | undefined
  let size = 0
  /** The response of a login is to come; and the login was right. */
  let asked = false
  let known = false

  return { greeting: stage === 'upgraded' ? '' : `220 ${host} ESMTP Postfix\r\n`, hear }

  function hear(raw: string): Reply | undefined {
    const line = raw.replace(/\r$/, '')
    if (data) return collect(line, data)
    if (asked) return enter(line)
    const [, verb = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(line) ?? []
    return command(verb.toUpperCase(), rest)
  }

  function command(verb: string, rest: string): Reply {
    switch (verb) {
      case 'HELO':
        return say(`250 ${host}`)
      case 'EHLO':
        reset()
        return say(extensions())
      case 'STARTTLS':
        if (!starttls || stage !== 'plain') return say('503 5.5.1 TLS is not to be had here')
        return { ...say('220 2.0.0 Ready to start TLS'), next: 'tls' }
      case 'MAIL':
        reset()
        from = addressIn(rest)
        return say(from === undefined ? '501 5.1.7 Bad sender address' : '250 2.1.0 Ok')
      case 'RCPT':
        return recipient(addressIn(rest))
      case 'DATA':
        if (to.length === 0) return say('503 5.5.1 Need RCPT command')
        data = []
        size = 0
        return say('354 End data with <CR><LF>.<CR><LF>')
      case 'AUTH':
        if (!login || stage === 'plain') return say('503 5.5.1 AUTH not enabled')
        if (!/^PLAIN\b/i.test(rest)) return say('504 5.5.4 Unrecognized authentication type')
        asked = true
        return rest.length > 6 ? enter(rest.slice(6)) : say('334 ')
      case 'RSET':
        reset()
        return say('250 2.0.0 Ok')
      case 'NOOP':
        return say('250 2.0.0 Ok')
      case 'VRFY':
        return say('252 2.0.0 Send some mail, it may arrive')
      case 'QUIT':
        return { ...say('221 2.0.0 Bye'), next: 'close' }
      default:
        return say('500 5.5.2 Command not recognized')
    }
  }

  function extensions(): string {
    const offered = [
      host,
      'PIPELINING',
      `SIZE ${LARGEST}`,
      ...(starttls && stage === 'plain' ? ['STARTTLS'] : []),
      ...(login && stage !== 'plain' ? ['AUTH PLAIN'] : []),
      'ENHANCEDSTATUSCODES',
      '8BITMIME',
    ]
    return offered.map((one, i) => `250${i === offered.length - 1 ? ' ' : '-'}${one}`).join('\r\n')
  }

  function recipient(address: string | undefined): Reply {
    if (from === undefined) return say('503 5.5.1 Need MAIL command')
    if (!address) return say('501 5.1.3 Bad recipient address')
    if (login && !known) return say('530 5.7.0 Authentication required')
    if (!known && !serves(address)) return say('554 5.7.1 Relay access denied')
    if (to.length >= MOST_RECIPIENTS) return say('452 4.5.3 Too many recipients')
    to.push(address)
    return say('250 2.1.5 Ok')
  }

  /** A dot alone ends the message, a dot before a dot is none (RFC 5321, 4.5.2). */
  function collect(line: string, lines: string[]): Reply | undefined {
    if (line !== '.') {
      size += line.length + 2
      if (size <= LARGEST) lines.push(line.replace(/^\./, ''))
      return undefined
    }
    data = undefined
    if (size > LARGEST) return say('552 5.3.4 Message too big')
    const text = Buffer.from(lines.map((one) => `${one}\r\n`).join(''), 'latin1').toString('utf8')
    take({ from: from ?? '', to, text })
    reset()
    return say('250 2.0.0 Ok: kept')
  }

  /** RFC 4616: three parts, the second is the user. */
  function enter(response: string): Reply {
    asked = false
    known = Boolean(Buffer.from(response, 'base64').toString().split('\0')[1])
    return say(known ? '235 2.7.0 Authentication successful' : '535 5.7.8 Authentication failed')
  }

  function reset(): void {
    from = undefined
    to = []
  }
}

const say = (line: string): Reply => ({ say: `${line}\r\n` })

/** What stands in `FROM:<…>` or `TO:<…>`; empty for a bounce's sender. */
function addressIn(text: string): string | undefined {
  return /^(?:from|to):\s*<([^<>\s]{0,254})>/i.exec(text)?.[1]
}
