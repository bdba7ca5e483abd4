// Rules that can be taken out, to see that their absence is noticed.
import { CREDULOUS, type Doctored } from './configuration.ts'

export const MUTANTS = [
  'own line',
  'certificate',
  'taint',
  'path',
  'turns',
  'hold',
  'parents',
  'quiet',
  'withholding',
] as const
export type Mutant = (typeof MUTANTS)[number]

/** What a configuration is without a rule; those that no configuration has are taken out in site.ts. */
export const DOCTORED: Readonly<Record<Mutant, Doctored>> = {
  'own line': { witnesses: [] },
  certificate: { witnesses: CREDULOUS },
  taint: { policy: { taint: 0 } },
  path: { path: [] },
  turns: {},
  hold: { policy: { hold: 0 } },
  parents: { depends: [] },
  quiet: {},
  withholding: {},
}
