// Carries what sites say to each other over the network.
import type { Site } from '../core/check.ts'
import { type Instant, MINUTE, type Millis } from '../core/time/time.ts'
import type { Memory } from '../memory.ts'
import { type Caller, createCaller } from '../net/caller.ts'
import type { TwinsDeps } from '../sites/twins.ts'
import { pack, unpack } from '../twin/parcel.ts'
import { type Envelope, LONGEST_MESSAGE, PATH } from '../twin/wire.ts'
import type { World } from '../world.ts'

export interface Carrier {
  readonly carry: TwinsDeps['carry']
  /**
   * How far ahead of ours the clock is that is nearest to it, of the sites that answered within a minute, by the `Date` of
   * their answers: one site whose clock is wrong makes ours doubtful for nobody who has another. Null: none did lately.
   */
  siteClock(): Millis | null
  close(): void
}

/** Callers are kept by address: one for calls that wait for news, one for what can't wait. */
export function createCarrier(deps: {
  readonly memory: Pick<Memory, 'configuration'>
  world(): Pick<World, 'network'>
  now(): Instant
  /** Monotonic milliseconds. */
  ticks(): Millis
}): Carrier {
  const callers = new Map<string, Caller>()
  const told = new Map<string, { readonly ahead: Millis; readonly at: Millis }>()
  return {
    carry,
    siteClock,
    close: () => {
      for (const caller of callers.values()) caller.close()
    },
  }

  function siteClock(): Millis | null {
    const lately = [...told.values()].filter(({ at }) => deps.ticks() - at < MINUTE)
    const [nearest] = lately.map(({ ahead }) => ahead).sort((a, b) => Math.abs(a) - Math.abs(b))
    return nearest ?? null
  }

  async function carry(
    to: Site,
    { from, signature, body }: Envelope,
    within: Millis,
    urgent: boolean,
  ): Promise<Envelope> {
    const { body: sent, headers: packed } = await pack(body)
    const headers = { 'content-type': 'application/json', 'vigie-site': from, 'vigie-signature': signature, ...packed }
    const call = { path: PATH, headers, body: sent, within, mostBytes: LONGEST_MESSAGE + 1024 }
    const answer = await callerTo(to.url ?? '', urgent).post(call)
    const { 'vigie-site': answerer, 'vigie-signature': sealed, 'content-encoding': encoding } = answer.headers
    if (answer.status === 403) throw new Error('it answered 403, refusing our key or name', { cause: 'ours' })
    if (answer.status !== 200) throw new Error(`it answered ${answer.status}`)
    if (typeof answerer !== 'string' || typeof sealed !== 'string') throw new Error('what answered is no vigie')
    const date = Date.parse(String(answer.headers.date))
    if (Number.isFinite(date)) told.set(to.id, { ahead: date - deps.now(), at: deps.ticks() })
    const heard = await unpack(answer.body, encoding)
    if (heard === null) throw new Error('its answer can’t be unpacked')
    return { from: answerer, signature: sealed, body: heard }
  }

  function callerTo(url: string, urgent: boolean): Caller {
    const name = `${urgent ? 'urgent' : 'steady'} ${url}`
    const known = callers.get(name)
    if (known !== undefined) return known
    const ground = () => ({ network: deps.world().network, ca: deps.memory.configuration.ca })
    const caller = createCaller({ url, ground, now: deps.now })
    callers.set(name, caller)
    return caller
  }
}
