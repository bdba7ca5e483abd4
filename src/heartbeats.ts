// Pings as they come in: which check they are for, and what is kept of them.
import { createHash } from 'node:crypto'
import type { Check } from './core/check.ts'
import type { Instant } from './core/time/time.ts'
import { type LastPing, lastPingKey } from './core/verdict/heartbeat.ts'
import type { Cycle } from './cycle.ts'
import type { PushedPing } from './http/push.ts'
import type { Memory } from './memory.ts'
import type { Ledger } from './store/ledger.ts'

export interface Heartbeats {
  /** A ping at `/push/TOKEN`; false when nobody has that token. Remembered before it returns. */
  heard(token: string, ping: PushedPing): boolean
  /** A ping of the replica's own jobs. */
  own(check: Check): void
  /** Of a check's job, to this site; null: none is known. */
  last(check: string): LastPing | null
  /** Every heartbeat has a token from now on. */
  set(): void
}

/**
 * Knows no token before `set`. That and `heard` throw what the ledger throws; such a ping does not count. Of each check
 * the ledger keeps the last ping alone, but for a start without a word, and its body as UTF-8.
 */
export function createHeartbeats(deps: { memory: Memory; ledger: Ledger; cycle: Cycle; now(): Instant }): Heartbeats {
  const { memory, ledger, cycle, now } = deps
  /** By digest of the token: how long a look-up takes tells nothing about a guess. */
  const checks = new Map<string, string>()
  return { heard, own, last, set }

  function set() {
    checks.clear()
    for (const check of memory.checkById.values()) {
      if (check.heartbeat === null) continue
      checks.set(digest(check.heartbeat.token ?? ledger.heartbeatToken(check.id)), check.id)
    }
  }

  function heard(token: string, { kind, exit, body, rid }: PushedPing): boolean {
    const check = checks.get(digest(token))
    if (check === undefined) return false
    const at = now()
    // That a run began doesn't put away what the last one said.
    if (kind !== 'start' || body.length > 0) {
      const last: LastPing = { at, kind, exit, body: body.toString('utf8') }
      ledger.remember({ living: new Map([[lastPingKey(check), JSON.stringify(last)]]), letters: [], entries: [] })
    }
    cycle.ping(check, { kind, exit, rid, at })
    return true
  }

  function last(check: string): LastPing | null {
    const text = ledger.living().get(lastPingKey(check))
    return text === undefined ? null : (JSON.parse(text) as LastPing)
  }

  function own(check: Check) {
    cycle.ping(check.id, { kind: 'success', exit: null, rid: null, at: now() })
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
