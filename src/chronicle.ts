// Writes down for ever what changed, and by which rule: what `explain`, uptime and the history of outages are made of.

import { type OutageRecord, outagesFrom, recordOf } from './core/history/outage-record.ts'
import type { Observation } from './core/observation.ts'
import type { Instant } from './core/time/time.ts'
import type { Agreement, Voice } from './core/verdict/agreement.ts'
import { type CheckKnown, opinionOf, type ServiceKnown } from './core/verdict/known.ts'
import type { Affected } from './core/verdict/letter.ts'
import type { Outage } from './core/verdict/outage.ts'
import type { Spell } from './core/verdict/spell.ts'
import type { Results } from './store/results.ts'

export interface Chronicle {
  /**
   * One look; its first three fails with all they saw, and so one that says nothing for another reason than the last
   * (`anew`).
   */
  looked(look: Observation, fails: number, anew: boolean): void
  /** What the sites agree on of a check, when the state or the rule is another. */
  agreed(
    check: string,
    before: Agreement | null,
    after: Agreement,
    voices: readonly Voice[],
    known: CheckKnown,
    now: Instant,
  ): void
  /** A service's status, when it is another or began at another time; and whether it comes and goes. */
  stood(service: string, before: ServiceKnown, after: ServiceKnown, now: Instant): void
  /** An outage that opened, got worse or ended; `formerly`: the name it had until now. */
  fell(outage: Outage, before: Outage | null, affected: Affected, now: Instant, formerly?: string): void
  /** An outage that is over has another site's name from now on. */
  calledAnew(service: string, from: string, to: string, now: Instant): void
  /** Our line went blind, or sees again. */
  sawAgain(spell: Spell, now: Instant): void
}

/** `site`: this site's id. Throws nothing because of a disk: what results.db can't take waits there or is lost. */
export function createChronicle(
  results: Pick<Results, 'look' | 'changed' | 'changesOf'>,
  site: () => string,
): Chronicle {
  return {
    looked: (look, fails, anew) => {
      const { ok } = look.outcome
      results.look(look, (ok === false && fails <= 3) || (ok === null && anew))
    },
    agreed(id, before, { state, since, rule, confidence }, voices, known, at) {
      if (before?.state === state && before.rule === rule) return
      const { fails, path, reason, note, state: opinion } = opinionOf(known)
      const others = voices.filter((voice) => voice.site !== site() && voice.heard)
      const said = others.map(({ site: other, opinion: { state, fails, path, reason } }) => [
        other,
        { state, fails, path, reason },
      ])
      const sites = { [site()]: { state: opinion, fails, path, reason }, ...Object.fromEntries(said), confidence }
      results.changed({ at, subject: 'agreement', id, since, state, rule, sites, note })
    },
    stood(id, before, { status, since, flapping }, at) {
      if (status !== before.status || since !== before.since)
        results.changed({ at, subject: 'status', id, since, state: status, rule: '', sites: {} })
      const { unstableSince, worst } = flapping
      const [was, is] = [before.flapping.unstableSince, unstableSince]
      if (was === is && (is === null || worst === before.flapping.worst)) return
      const change = { at, subject: 'flapping' as const, id, since: is ?? at, rule: '' }
      results.changed({ ...change, state: is === null ? 'calm' : 'unstable', sites: is === null ? {} : { worst } })
    },
    fell(outage, before, affected, at, formerly) {
      const record = recordOf(outage, before, affected, formerly)
      if (record === null) return
      const state = record.ended !== null ? 'ended' : record.confirmed ? 'down' : 'partial'
      results.changed({
        at,
        subject: 'outage',
        id: outage.service,
        since: record.since,
        state,
        rule: record.rule,
        sites: record,
      })
    },
    calledAnew(service, from, to, at) {
      const written = results.changesOf(service, 'outage', 0, Number.MAX_SAFE_INTEGER)
      const record = outagesFrom(written.map(({ sites }) => sites as OutageRecord)).find(({ id }) => id === from)
      if (record === undefined) return
      const sites: OutageRecord = { ...record, id: to, formerly: from }
      results.changed({
        at,
        subject: 'outage',
        id: service,
        since: record.since,
        state: 'ended',
        rule: record.rule,
        sites,
      })
    },
    sawAgain({ from, to, layers }, at) {
      const state = to === null ? 'bad' : 'good'
      results.changed({ at, subject: 'line', id: site(), since: to ?? from, state, rule: '', sites: { layers } })
    },
  }
}
