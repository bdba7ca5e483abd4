// Tells somebody elsewhere every five minutes that vigie lives, so that its silence is noticed.
import { type Instant, MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import type { Probe } from '../net/look.ts'
import type { Network } from '../net/network.ts'
import { runLook } from '../net/run.ts'
import { exchange } from '../net/web.ts'

export interface DeadmanDeps {
  /** Null: nobody is to be told. */
  url(): string | null
  network(): Network
  /** All that must move moves, and our line is good. */
  well(): boolean
  now(): Instant
  after(delay: Millis, run: () => void): () => void
  log(message: string): void
}

const EVERY: Millis = 5 * MINUTE
const TIMEOUT: Millis = 10 * SECOND
/** Of an answer nobody reads more. */
const LONGEST = 16 * 1024

/** Pings while all is well with vigie itself (a broken service is no reason to be silent). */
export function startDeadman(deps: DeadmanDeps): { stop(): void } {
  let failed = false
  let cancel = deps.after(10 * SECOND, next)
  return { stop: () => cancel() }

  function next() {
    cancel = deps.after(EVERY, next)
    const url = deps.url()
    if (url !== null && deps.well()) void ping(new URL(url))
  }

  async function ping(url: URL) {
    const { outcome } = await runLook(asking(url), {
      network: deps.network(),
      family: null,
      connect: null,
      allowPrivate: true,
      ca: [],
      now: deps.now,
      timeout: TIMEOUT,
    })
    if (outcome.ok !== true && !failed) deps.log(`deadman ${url.host}: ${outcome.note}`)
    failed = outcome.ok !== true
  }
}

function asking(url: URL): Probe {
  return async (look) => {
    const { status } = await exchange(look, { url, method: 'GET', headers: {}, body: null, maxBytes: LONGEST })
    if (status >= 200 && status < 300) return { ok: true, note: '' }
    return { ok: false, reason: 'status', note: `answered ${status}` }
  }
}
