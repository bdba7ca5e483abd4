// What the log says of what is seen: outages, and this site's own line. All else that changed is for `vigie explain`.
import type { Change } from '../core/history/change.ts'
import type { OutageRecord } from '../core/history/outage-record.ts'
import { REASONS } from '../core/reason-words.ts'
import { lasting } from '../core/time/lasting.ts'
import { iso } from '../core/time/time.ts'

/** Writes a change down, and says it in the log where it is one for people. */
export function logged(
  write: (change: Change) => void,
  log: (level: 'info' | 'warn', message: string) => void,
): (change: Change) => void {
  /** How open outages were last told of, by id: one that only grows is not told again. */
  const told = new Map<string, string>()
  return (change) => {
    write(change)
    const said =
      change.subject === 'outage' ? outageLine(change, told) : change.subject === 'line' ? lineLine(change) : null
    if (said !== null) log(change.state === 'ended' || change.state === 'good' ? 'info' : 'warn', said)
  }
}

/** Null: it was told already, or only has another name from now on. */
function outageLine({ id, state, sites }: Change, told: Map<string, string>): string | null {
  const { id: outage, since, ended, checks, formerly, planned } = sites as OutageRecord
  const known = told.get(outage) === state || formerly !== undefined
  if (ended === null) told.set(outage, state)
  else told.delete(outage)
  if (formerly !== undefined) told.delete(formerly)
  if (known) return null
  if (ended !== null) return `${id} works again after ${lasting(ended - since, 'en')}`
  const failed = checks.map((check) => `${check.id}${check.reason === null ? '' : `: ${REASONS.en[check.reason]}`}`)
  const how = state === 'down' ? 'down' : 'partly down'
  return `${id} is ${how} since ${iso(since)}${planned ? ', during planned work' : ''} (${failed.join('; ')})`
}

function lineLine({ state, since, sites }: Change): string {
  if (state === 'good') return 'this site sees again'
  const { layers } = sites as { readonly layers: readonly string[] }
  return `this site can’t see since ${iso(since)} (${layers.join(', ')}): what needs that is unknown; see \`vigie doctor\``
}
