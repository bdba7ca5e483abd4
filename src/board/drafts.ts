// What vigie would tell members, as long as nobody has: drafts of the outages that are open. They are made from what is
// known and kept nowhere; only those that somebody threw away are remembered.

import type { Service } from '../core/check.ts'
import { type Draft, draftsOf, type Fallen } from '../core/said/draft.ts'
import type { Language, Text } from '../core/text.ts'
import type { Instant } from '../core/time/time.ts'
import type { Voice } from '../core/verdict/agreement.ts'
import type { Examined } from '../core/verdict/proof.ts'
import { wasSeenSince } from '../core/verdict/seen.ts'
import type { State } from '../core/verdict/state.ts'
import type { Memory } from '../memory.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Board } from './board.ts'

export interface Drafts {
  /** Those that wait, the outage that began first first. */
  all(): readonly Draft[]
  get(id: string): Draft | undefined
  /** What of a service works and what doesn't; empty where its checks don't tell. */
  able(service: string): Text
  /** Throws it away; it does not come back while the outage lasts. False: there is none. */
  dismiss(id: string): boolean
}

const KEY = 'drafts'

/**
 * Of outages that members see, confirmed and not during maintenance. Drafts are made anew at each call; what was thrown
 * away is read from the ledger now and written there before `dismiss` returns, which throws what it throws.
 */
export function createDrafts(deps: {
  readonly memory: Memory
  readonly board: Pick<Board, 'incidents' | 'isSame'>
  readonly ledger: Pick<Ledger, 'living' | 'remember'>
  /** All that have a say on a check, as they are known now. */
  voices(check: string): readonly Voice[]
  /** What of a service still works and what doesn't; null where its checks don't tell. */
  readonly able: (examined: Examined, language: Language) => string | null
  now(): Instant
}): Drafts {
  const { memory, board, ledger, voices, able, now } = deps
  let dismissed: readonly string[] = JSON.parse(ledger.living().get(KEY) ?? '[]') as readonly string[]
  return {
    all,
    get,
    able: (id) => {
      const service = memory.serviceById.get(id)
      return service === undefined ? {} : ableIn(service)
    },
    dismiss,
  }

  function all(): readonly Draft[] {
    const fallen = fallenNow()
    if (fallen.length === 0) return []
    const over = [...board.incidents().flatMap(({ outages }) => outages), ...dismissed]
    const { languages, timezone, services, drafts } = memory.configuration
    const shown = services.filter(({ audience }) => audience === 'members').length
    const rules = { languages, timezone, services: shown, publishAfter: drafts.publishAfter }
    return draftsOf(fallen, rules, now()).filter(({ id }) => !over.some((one) => board.isSame(one, id)))
  }

  /** By any name of its outage: whoever asks may have read it under another. */
  function get(id: string): Draft | undefined {
    return all().find((draft) => board.isSame(draft.id, id))
  }

  function fallenNow(): readonly Fallen[] {
    return [...memory.services].flatMap(([id, known]) => {
      const outage = known.outages.members
      const service = memory.serviceById.get(id)
      if (outage === null || !outage.confirmed || service?.audience !== 'members') return []
      if (known.status === 'under_maintenance') return []
      return [
        { service: id, name: service.name, outage, status: known.status, cause: known.cause, able: ableIn(service) },
      ]
    })
  }

  function ableIn(service: Service): Text {
    const since = memory.services.get(service.id)?.outages.members?.since ?? Number.NEGATIVE_INFINITY
    const checks = service.checks
      .filter(({ audience }) => audience === 'members')
      .map(({ id, kind }) => {
        const state: State = memory.checks.get(id)?.agreement?.state ?? 'unknown'
        return { id, kind, state, seen: wasSeenSince(voices(id), since, 1) }
      })
    const words = memory.configuration.languages.flatMap((language) => {
      const said = able({ service, checks }, language)
      return said === null ? [] : [[language, said] as const]
    })
    return Object.fromEntries(words)
  }

  function dismiss(id: string): boolean {
    const draft = get(id)
    if (draft === undefined) return false
    const open = fallenNow().map(({ outage }) => outage.id)
    dismissed = [...dismissed.filter((one) => open.some((outage) => board.isSame(outage, one))), draft.id]
    ledger.remember({ living: new Map([[KEY, JSON.stringify(dismissed)]]), letters: [], entries: [] })
    return true
  }
}
