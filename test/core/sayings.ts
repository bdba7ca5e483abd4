// Statements for tests: what sites said, each knowing what it is told to have seen.

import type { Statement } from '../../src/core/ledger/statement.ts'
import type { IncidentFact, IncidentSayings } from '../../src/core/said/incident.ts'
import { incidentFact } from '../../src/core/said/incident.ts'

export const NOON = Date.UTC(2026, 10, 23, 12)
export const INCIDENT = 'aaaaaaaaaaaa'

/** `home` says its first, second … thing; `seen`: what it knew of others. */
export function statement(
  type: string,
  payload: unknown,
  origin: string,
  seq: number,
  seen: Readonly<Record<string, number>> = {},
): Statement {
  return { origin, seq, hlc: { at: NOON + seq * 1000, count: 0 }, seen, type, payload }
}

const SAID = { id: INCIDENT, by: 'alice', at: NOON, key: null }

const UNCHANGED = { update: null, text: null, title: null, impact: null, services: null, started: null, raises: null }

export const OPEN: IncidentSayings['incident.open'] = {
  ...SAID,
  update: 'u00000000000',
  title: { fr: 'Courriel en panne', en: 'E-mail down' },
  text: { fr: 'Nous regardons.' },
  status: 'investigating',
  impact: 'major',
  services: ['mail'],
  started: NOON - 60_000,
  raises: 'none',
  outages: [],
}

export function update(name: string, status: IncidentSayings['incident.update']['status'], text = name) {
  return { ...SAID, update: name.padEnd(12, '0'), status, text: { fr: text } }
}

export function correction(changes: Partial<IncidentSayings['incident.correct']>) {
  return { ...SAID, ...UNCHANGED, ...changes }
}

export function factsOf(...statements: readonly Statement[]): readonly IncidentFact[] {
  return statements.map((one) => {
    const fact = incidentFact(one)
    if (fact === null) throw new Error(`not understood: ${JSON.stringify(one)}`)
    return fact
  })
}
