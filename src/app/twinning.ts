// Who talks with the other sites: the exchange of twin/ between the ledger, what is known here, and the network.
import { randomBytes } from 'node:crypto'
import { blindness } from '../core/blindness.ts'
import type { Site } from '../core/check.ts'
import { lastPing } from '../core/heartbeat.ts'
import { opinionOf } from '../core/known.ts'
import type { Millis } from '../core/time.ts'
import { looksFrom, ownVoice } from '../core/voices.ts'
import type { Condition, Word } from '../core/word.ts'
import type { Memory } from '../memory.ts'
import { type Caller, createCaller } from '../net/caller.ts'
import type { Ledger } from '../store/ledger.ts'
import { createExchange } from '../twin/exchange.ts'
import type { SiteKey } from '../twin/key.ts'
import { type Envelope, LONGEST_MESSAGE, PATH } from '../twin/wire.ts'
import { createTwins, type Twins, type TwinsDeps } from '../twins.ts'
import type { World } from '../world.ts'

export interface TwinningDeps extends Pick<TwinsDeps, 'now' | 'ticks' | 'after' | 'heard' | 'lookAt' | 'log'> {
  readonly memory: Memory
  readonly ledger: Ledger
  readonly key: SiteKey
  readonly version: string
  world(): World
}

/** Callers are kept by address: one for calls that wait for news, one for what can't wait. */
export function createTwinning(deps: TwinningDeps): Twins {
  const { memory, ledger, now, ticks } = deps
  const callers = new Map<string, Caller>()
  const exchange = createExchange({
    site: memory.configuration.site.id,
    key: deps.key,
    keyOf: (site) => memory.configuration.sites.find(({ id }) => id === site)?.key ?? null,
    archive: ledger,
    own: () => ({ condition: condition(), words: ownWords(memory) }),
    now,
    ticks,
    random: (bytes) => randomBytes(bytes).toString('hex'),
    fresh: () => memory.configuration.policy.fresh,
  })
  const twins = createTwins({ ...deps, exchange, carry })
  const quiet = ledger.onNews(() => twins.wake())
  return {
    ...twins,
    stop: () => {
      quiet()
      twins.stop()
      for (const caller of callers.values()) caller.close()
    },
  }

  function condition(): Condition {
    const { edition, configured, alerts } = memory.configuration
    const mails = deps.world().channels.length > 0 && alerts.length > 0
    return { blind: blindness(memory.line), mails, version: deps.version, configuration: edition, configured }
  }

  async function carry(
    to: Site,
    { from, signature, body }: Envelope,
    within: Millis,
    urgent: boolean,
  ): Promise<Envelope> {
    const headers = { 'content-type': 'application/json', 'vigie-site': from, 'vigie-signature': signature }
    const call = { path: PATH, headers, body, within, mostBytes: LONGEST_MESSAGE + 1024 }
    const answer = await callerTo(to.url ?? '', urgent).post(call)
    const { 'vigie-site': answerer, 'vigie-signature': sealed } = answer.headers
    if (answer.status !== 200)
      throw new Error(`it answered ${answer.status}${answer.status === 403 ? ', refusing our key or name' : ''}`)
    if (typeof answerer !== 'string' || typeof sealed !== 'string') throw new Error('what answered is no vigie')
    return { from: answerer, signature: sealed, body: answer.body }
  }

  function callerTo(url: string, urgent: boolean): Caller {
    const name = `${urgent ? 'urgent' : 'steady'} ${url}`
    const known = callers.get(name)
    if (known !== undefined) return known
    const caller = createCaller({ url, network: deps.world().network, ca: memory.configuration.ca, now })
    callers.set(name, caller)
    return caller
  }
}

/** This site's opinions as it tells them to others. */
function ownWords({ configuration, checks, checkById, line }: Memory): ReadonlyMap<string, Word> {
  const { site, policy } = configuration
  const words = new Map<string, Word>()
  for (const [id, check] of checkById) {
    const known = checks.get(id)
    if (known === undefined || !looksFrom(check, site.id)) continue
    const { state, since, fails, suspectSince, reason, path, at, took } = opinionOf(known)
    const { pulse } = known
    words.set(id, {
      state,
      since,
      // More than that changes nothing, and would be news with every look.
      fails: Math.min(fails, policy.loneFall),
      suspectSince,
      reason,
      path,
      line: ownVoice(site, check, known, line).line,
      definition: check.definition,
      at,
      took,
      pulse: lastPing(pulse) === null ? null : { ...pulse, by: pulse.by ?? site.id },
    })
  }
  return words
}
