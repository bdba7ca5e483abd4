// What people said, for commands that read a data folder whether a vigie runs on it or not.
import { join } from 'node:path'
import { type Statement, statementOf } from '../../core/ledger/statement.ts'
import { foldIncident, type Incident, type IncidentFact, incidentFact } from '../../core/said/incident.ts'
import { nameNow, namesBy } from '../../core/said/outage-names.ts'
import { entriesIn } from '../../store/entries.ts'
import { withSnapshot } from '../../store/snapshot.ts'

/** Every incident that was not taken back, the first first. Empty where there is no ledger, or none that can be read. */
export function incidentsIn(data: string): readonly Incident[] {
  const facts = new Map<string, IncidentFact[]>()
  const statements = statementsIn(data)
  const names = namesBy(statements)
  for (const statement of statements) {
    const fact = incidentFact(statement)
    const id = fact === null ? '' : nameNow(names, fact.payload.id)
    if (fact !== null) facts.set(id, [...(facts.get(id) ?? []), fact])
  }
  return [...facts.values()]
    .map(foldIncident)
    .filter((incident) => incident !== null)
    .filter(({ retracted }) => !retracted)
    .sort((a, b) => a.started - b.started)
}

/** Everything people said, and which outages are one. Empty where there is no ledger, or none that can be read. */
export function statementsIn(data: string): readonly Statement[] {
  try {
    return withSnapshot(join(data, 'ledger.db'), read) ?? []
  } catch {
    return []
  }
}

const FAMILIES = /^(?:incident|maintenance|ack|override|mute|outage)(?:\.|$)/

function read(file: string): readonly Statement[] {
  return [...entriesIn(file)].filter(({ type }) => FAMILIES.test(type)).map(statementOf)
}
