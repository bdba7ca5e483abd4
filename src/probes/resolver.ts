// Questions put to our own resolver, whose trouble is no fault of the name's.
import type { HostPort } from '../core/settings.ts'
import { failed, isAbort, ofResolver } from '../net/failure.ts'
import type { Look } from './kind.ts'
import { askDns, type Question, type Reply } from './question.ts'

/** A resolver silent for so long is asked for something that each one knows. */
const DOUBT = 1_000
const ROOT: Question = { name: '.', type: 'NS', recursive: true }

/**
 * Asks the first of our own resolvers; marks `resolve`. What goes wrong with it is ours (`resolver`), but its silence
 * about this name alone is the name's (`dns`).
 */
export async function askResolver(look: Look, question: Question): Promise<Reply> {
  const at = look.resolver()
  look.begin('resolve')
  let answersAtAll = false
  const heard = () => {
    answersAtAll = true
  }
  const doubt = setTimeout(() => askDns(look.network, at, ROOT, look.signal()).then(heard, () => {}), DOUBT)
  try {
    const reply = await askDns(look.network, at, question, look.signal())
    if (reply.rcode === 'REFUSED') {
      throw failed({ ok: null, reason: 'resolver', note: 'our resolver refuses to answer' })
    }
    look.mark('resolve')
    return reply
  } catch (error) {
    if (!answersAtAll || !isAbort(error)) throw ofResolver(error)
    throw failed({ ok: false, reason: 'dns', note: `the name servers of ${question.name} do not answer` })
  } finally {
    clearTimeout(doubt)
  }
}

/**
 * Where a service of a domain is (RFC 2782), the place to try first at the head: least priority, then most weight, so
 * that one look is like the other. Null: there is no such record. Empty: the domain says that it has no such service.
 */
export async function findService(look: Look, name: string): Promise<readonly HostPort[] | null> {
  const { rcode, answers } = await askResolver(look, { name, type: 'SRV', recursive: true })
  if (rcode === 'NXDOMAIN') return null
  if (rcode !== 'NOERROR') throw failed({ ok: false, reason: 'dns', note: `no answer about ${name} (${rcode})` })
  const found = answers.flatMap((answer) => (answer.type === 'SRV' ? [answer.data] : []))
  if (found.length === 0) return null
  return found
    .map(({ target, port, priority = 0, weight = 0 }) => ({ host: bare(target), port, priority, weight }))
    .filter(({ host }) => host !== '')
    .sort((a, b) => a.priority - b.priority || b.weight - a.weight || (a.host < b.host ? -1 : 1))
    .map(({ host, port }) => ({ host, port }))
}

/** A target of "." stands for "there is none". */
function bare(target: string): string {
  return target.replace(/\.$/, '').toLowerCase()
}
