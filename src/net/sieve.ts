// ManageSieve as a client speaks it (RFC 5804), up to being let in.
import { type Dialect, negative, notNow, type Offers, soundsTemporary, unexpected } from './dialect.ts'
import type { Lines } from './lines.ts'
import { withLiterals } from './literal.ts'
import { needSasl } from './sasl.ts'

/** Keeps nothing of a conversation: one serves any number. There is no login but by SASL (RFC 5804, 2.1). */
export function createSieve(): Dialect {
  return {
    good: 'OK',
    upgrade: 'STARTTLS',
    farewell: 'LOGOUT',
    async greet(lines) {
      const answer = await read(lines, 'greeting')
      if (answer.word !== 'OK') throw negative(answer.line)
      return answer.items.join('\n')
    },
    // The capabilities are the greeting (1.7), and come again unasked once TLS stands (2.2).
    toldBy: (greeting) => offersIn(greeting.split('\n')),
    async offers(lines, secured) {
      if (!secured) lines.send('CAPABILITY')
      const answer = await read(lines, 'CAPABILITY')
      if (answer.word !== 'OK') throw negative(answer.line)
      return offersIn(answer.items)
    },
    async startTls(lines) {
      lines.send('STARTTLS')
      const { word, line } = await read(lines, 'STARTTLS')
      if (word !== 'OK') throw unexpected('STARTTLS', line)
    },
    async authenticate(lines, { mechanisms }, login) {
      const { mechanism, responses } = needSasl(mechanisms, login)
      lines.send(`AUTHENTICATE "${mechanism}"`)
      for (const response of responses) {
        const asked = await withLiterals(lines)
        if (!asked.startsWith('"')) return verdict(asked)
        lines.send(`"${response}"`)
      }
      return verdict(await withLiterals(lines))
    },
  }
}

interface Answer {
  readonly word: 'OK' | 'NO' | 'BYE'
  readonly line: string
  /** The lines before it. */
  readonly items: readonly string[]
}

async function read(lines: Lines, to: string): Promise<Answer> {
  const items: string[] = []
  for (;;) {
    const line = await withLiterals(lines)
    const word = wordOf(line)
    if (word !== undefined) return { word, line, items }
    if (!line.startsWith('"')) throw unexpected(to, line)
    items.push(line)
  }
}

function wordOf(line: string): Answer['word'] | undefined {
  return /^(OK|NO|BYE)(?: |$)/i.exec(line)?.[1]?.toUpperCase() as Answer['word'] | undefined
}

/** Null: let in. */
function verdict(line: string): string | null {
  const word = wordOf(line)
  if (word === 'OK') return null
  if (word === undefined) throw unexpected('AUTHENTICATE', 'no ManageSieve')
  const code = /^\S+ \(([A-Z/-]{1,20})/i.exec(line)?.[1]?.toUpperCase()
  const told = code === undefined ? word : `${word} (${code})`
  if (word === 'BYE' || code === 'TRYLATER' || soundsTemporary(line)) throw notNow(told)
  return told
}

function offersIn(items: readonly string[]): Offers {
  const found = items.map((item) => /^"([^"]*)"(?: "((?:[^"\\]|\\.)*)")?/.exec(item.toUpperCase()))
  const sasl = found.find((match) => match?.[1] === 'SASL')?.[2] ?? ''
  const words = found.flatMap((match) => match?.[1] ?? [])
  return { starttls: words.includes('STARTTLS'), mechanisms: sasl.split(/\s+/).filter(Boolean), words }
}
