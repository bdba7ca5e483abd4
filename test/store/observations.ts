// Observations as tests need them.
import type { Observation, Outcome } from '../../src/core/observation.ts'

export const FINE: Outcome = { ok: true, note: '200 OK' }
export const TIMEOUT: Outcome = { ok: false, reason: 'timeout', note: 'no answer in 10 s' }

export function observation(at: number, part: Partial<Observation> = {}): Observation {
  return {
    check: 'mail.smtp',
    strand: null,
    site: 'home',
    at,
    took: 41.2,
    phases: { resolve: 1.2, connect: 40 },
    via: { dns: true, family: 4, port: 25 },
    outcome: FINE,
    ...part,
  }
}
