// The name that an address goes back to: other mail servers mistrust one that is not what a server calls itself.
import { parseResolver } from '../net/dial.ts'
import { reverseName } from '../net/reverse.ts'
import type { Session } from '../net/session.ts'
import type { Look } from './kind.ts'
import { askDns } from './question.ts'

/** It is only a note: nobody waits longer for it. */
const PATIENCE = 1_000

/** What to note where a server's greeting and its address disagree on its name; null: they agree, or nobody knows. Marks `reverse`. */
export async function disagreement(look: Look, { greeting, socket }: Session): Promise<string | null> {
  const name = /^220 ([\w.-]{1,253})(?:\s|$)/.exec(greeting)?.[1]?.toLowerCase()
  const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '')
  const resolver = look.network.resolvers()[0]
  if (name === undefined || address === undefined || resolver === undefined) return null
  look.begin('reverse')
  const found = await namesOf(look, address, resolver)
  look.mark('reverse')
  return found.length === 0 || found.includes(name) ? null : `calls itself ${name}, its address ${found[0]}`
}

async function namesOf(look: Look, address: string, resolver: string): Promise<readonly string[]> {
  try {
    const signal = AbortSignal.any([look.signal(), AbortSignal.timeout(PATIENCE)])
    const question = { name: reverseName(address), type: 'PTR', recursive: true }
    const { answers } = await askDns(look.network, parseResolver(resolver), question, signal)
    return answers.flatMap((answer) => (answer.type === 'PTR' ? [answer.data.toLowerCase().replace(/\.$/, '')] : []))
  } catch {
    return []
  }
}
