// Tells somebody elsewhere every five minutes that vigie lives, so that its silence is noticed.

import type { Instant, Millis } from '../core/time.ts'
import { MINUTE, SECOND } from '../core/time.ts'
import type { Probe } from '../net/look.ts'
import type { Network } from '../net/network.ts'
import { runLook } from '../net/run.ts'

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
    const secure = url.protocol === 'https:'
    const plain = await look.dial({ host: url.hostname, port: Number(url.port) || (secure ? 443 : 80) })
    const secured = secure ? await look.secure(plain, url.hostname) : null
    if (secured?.fault != null) return { ok: false, reason: 'certificate', note: secured.fault.note }
    const socket = secured?.socket ?? plain
    socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: vigie\r\nConnection: close\r\n\r\n`,
    )
    for await (const chunk of socket) {
      const status = /^HTTP\/1\.\d (\d{3})/.exec((chunk as Buffer).toString('latin1'))?.[1] ?? ''
      return /^2/.test(status)
        ? { ok: true, note: status }
        : { ok: false, reason: 'status', note: `answered ${status || 'no HTTP'}` }
    }
    return { ok: false, reason: 'closed', note: 'no answer' }
  }
}
