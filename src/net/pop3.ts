// POP3 as a client speaks it (RFC 1939), up to being let in.
import { type Dialect, negative, notNow, type Offers, soundsTemporary, unexpected } from './dialect.ts'
import type { Lines } from './lines.ts'
import { needSasl, saslFor } from './sasl.ts'

/** The response codes that are no verdict on a login (RFC 2449, RFC 3206). */
const NOT_NOW = /^(?:SYS\/\w+|IN-USE|LOGIN-DELAY)$/

export interface Pop3 extends Dialect {
  /** How many mails there are. Throws `status` when it can't say. */
  count(lines: Lines): Promise<number>
}

/**
 * Keeps nothing of a conversation: one serves any number. A login goes by USER and PASS (RFC 1939, 7) where SASL (RFC
 * 5034) has no way of ours; of a server that knows no CAPA (RFC 2449, 5) trying tells.
 */
export function createPop3(): Pop3 {
  return {
    good: '+OK',
    upgrade: 'STLS',
    farewell: 'QUIT',
    async greet(lines) {
      const answer = await read(lines, 'greeting')
      if (!answer.good) throw negative(answer.line)
      return answer.line
    },
    toldBy: () => null,
    async offers(lines) {
      const { good } = await ask(lines, 'CAPA')
      // Before RFC 2449 nobody could say what he offers: what he does is seen by trying.
      if (!good) return { starttls: true, mechanisms: [], words: ['USER'] }
      return offersIn(await listed(lines))
    },
    async startTls(lines) {
      const { good, line } = await ask(lines, 'STLS')
      if (!good) throw unexpected('STLS', line)
    },
    async authenticate(lines, { mechanisms, words }, login) {
      const sasl = words.includes('USER') ? saslFor(mechanisms, login) : needSasl(mechanisms, login)
      if (sasl === null) {
        const named = await ask(lines, `USER ${login.user}`)
        return refusal(named.good ? await ask(lines, `PASS ${login.password}`, 'PASS') : named)
      }
      lines.send(`AUTH ${sasl.mechanism}`)
      let answer = await lines.next()
      for (const response of sasl.responses) {
        if (!/^\+(?: |$)/.test(answer)) break
        lines.send(response)
        answer = await lines.next()
      }
      return refusal(parse('AUTH', answer))
    },
    async count(lines) {
      const { good, line } = await ask(lines, 'STAT')
      if (!good) throw negative(line)
      const count = /^\+OK (\d{1,9}) \d+/.exec(line)?.[1]
      if (count === undefined) throw unexpected('STAT', line)
      return Number(count)
    },
  }
}

interface Answer {
  readonly good: boolean
  readonly line: string
}

async function ask(lines: Lines, command: string, to = command.split(' ')[0]!): Promise<Answer> {
  lines.send(command)
  return read(lines, to)
}

async function read(lines: Lines, to: string): Promise<Answer> {
  return parse(to, await lines.next())
}

function parse(to: string, line: string): Answer {
  if (/^\+OK(?: |$)/i.test(line)) return { good: true, line }
  // A login's answer is not to be repeated: it may hold what was sent.
  if (!/^-ERR(?: |$)/i.test(line)) throw unexpected(to, to === 'AUTH' || to === 'PASS' ? 'no POP3' : line)
  return { good: false, line }
}

/** Up to the dot alone. */
async function listed(lines: Lines): Promise<readonly string[]> {
  const items: string[] = []
  for (;;) {
    const line = await lines.next()
    if (line === '.') return items
    items.push(line)
  }
}

function refusal({ good, line }: Answer): string | null {
  if (good) return null
  const code = /^-ERR \[([A-Z/-]{1,20})\]/i.exec(line)?.[1]?.toUpperCase()
  const told = code === undefined ? '-ERR' : `-ERR [${code}]`
  if (code === undefined ? soundsTemporary(line) : NOT_NOW.test(code)) throw notNow(told)
  return told
}

function offersIn(items: readonly string[]): Offers {
  const words = items.map((item) => item.trim().toUpperCase())
  return {
    starttls: words.includes('STLS'),
    mechanisms: words.flatMap((word) => (word.startsWith('SASL ') ? word.slice(5).split(/\s+/) : [])),
    words: words.map((word) => word.split(' ')[0]!),
  }
}
