// The letters of 08:00: what to mind, and what is slow. And what can't wait until then: a login that was refused.

import type { Instant } from './core/time/time.ts'
import { affectedBy } from './core/verdict/affected.ts'
import { attentionLetter, untold } from './core/verdict/attention.ts'
import { opinionOf } from './core/verdict/known.ts'
import type { Affected, Letter } from './core/verdict/letter.ts'
import type { Memory } from './memory.ts'

export interface Daily {
  /** Once a day; a second call with the same date writes nothing. `late`: it is past 08:00, which a new site leaves at that. */
  morning(date: string, late: boolean): void
  /** Refused logins nobody was told of. */
  atOnce(): void
}

/**
 * A finding is told once: that is kept with its check, and survives a restart. What is slow is told every morning while
 * it is.
 */
export function createDaily(deps: { memory: Memory; write(letter: Letter): void; now(): Instant }): Daily {
  const { memory } = deps
  return {
    morning(date, late) {
      const before = memory.daily
      if (before === date) return
      memory.daily = date
      if (late && before === '') return
      mind('daily')
      const slow = degradedNow()
      if (slow.length === 0) return
      const key = `degraded:${date}`
      deps.write({ key, event: 'degraded', thread: key, at: deps.now(), news: { kind: 'degraded', affected: slow } })
    },
    atOnce: () => mind('at_once'),
  }

  function mind(due: 'daily' | 'at_once') {
    const items = [...memory.checks].flatMap(([id, known]) => {
      if (Object.keys(known.attention).length === 0) return []
      const service = memory.serviceById.get(memory.checkById.get(id)!.service)!
      return untold(id, service.name, known.attention, due)
    })
    const letter = attentionLetter(items, deps.now())
    if (letter === null) return
    for (const { check, kind } of items) {
      const known = memory.checks.get(check)!
      const told = Object.entries(known.attention).map(([key, item]) => [
        key,
        { ...item, told: item.told || key.startsWith(kind) },
      ])
      memory.know(check, { ...known, attention: Object.fromEntries(told) })
    }
    deps.write(letter)
  }

  function degradedNow(): readonly Affected[] {
    return [...memory.services].flatMap(([id, known]) => {
      if (known.status !== 'degraded_performance') return []
      const service = memory.serviceById.get(id)!
      const slow = service.checks.filter((check) => memory.checks.get(check.id)?.agreement?.state === 'degraded')
      const lastGood = slow.map((check) => opinionOf(memory.checks.get(check.id)!).lastGood ?? 0)
      const ailing = {
        id: `${id}-degraded`,
        audience: 'members' as const,
        since: known.since,
        checks: slow.map((check) => check.id),
      }
      const affected = affectedBy(ailing, service, { known: (check) => memory.checks.get(check), voices: () => [] })
      return [{ ...affected, lastGood: Math.max(0, ...lastGood) || null }]
    })
  }
}
