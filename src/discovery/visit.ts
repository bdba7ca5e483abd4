// Fetches a document over HTTPS: bounded in time and size, a few redirects, never a complaint.
import type { Instant, Millis } from '../core/time/time.ts'
import { SECOND } from '../core/time/time.ts'
import type { Network } from '../net/network.ts'
import { runLook } from '../net/run.ts'
import { exchange, type WebAnswer } from '../net/web.ts'

export interface Visit {
  /** Where it was in the end. */
  readonly url: URL
  readonly answer: WebAnswer
  readonly text: string
}

export interface Request {
  /** How often it may be sent on; 3 when not said. What sends on once more is the answer. */
  readonly redirects?: number
  readonly method?: 'GET' | 'PROPFIND'
}

/** Null: nothing answered there in time, or not with a good certificate. */
export type Visitor = (url: string, request?: Request) => Promise<Visit | null>

/** With all that it is sent on to. */
const PATIENCE = 8 * SECOND
const LONGEST = 128 * 1024
const SENDS_ON: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Eight seconds with all redirects, 128 KiB a body, no private address. A redirect to anything but https is the answer,
 * without its text. Rejects with TypeError for what is no URL, and for nothing else.
 */
export function createVisitor(network: Network, now: () => Instant): Visitor {
  return async (address, { redirects = 3, method = 'GET' } = {}) => {
    const until = performance.now() + PATIENCE
    let url = new URL(address)
    for (let left = redirects; ; left--) {
      const answer = await fetchOnce(url, method, until - performance.now())
      if (answer === null) return null
      const onward = SENDS_ON.has(answer.status) ? String(answer.headers.location ?? '') : ''
      if (onward === '' || left === 0 || !URL.canParse(onward, url.href)) {
        return { url, answer, text: answer.body.toString('utf8') }
      }
      const next = new URL(onward, url)
      if (next.protocol !== 'https:') return { url, answer, text: '' }
      url = next
    }
  }

  async function fetchOnce(url: URL, method: string, timeout: Millis): Promise<WebAnswer | null> {
    if (timeout <= 0) return null
    let answer: WebAnswer | null = null
    await runLook(
      async (look) => {
        answer = await exchange(look, {
          url,
          method,
          headers: method === 'GET' ? {} : { depth: '0' },
          body: null,
          maxBytes: LONGEST,
        })
        return { ok: true, note: '' }
      },
      { network, family: null, connect: null, allowPrivate: false, ca: [], now, timeout },
    )
    return answer
  }
}
