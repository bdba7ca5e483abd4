// Witnesses as people know them.
import type { Witness } from './check.ts'

/** The host of a witness, a name or an address, without port, path or login. */
export function hostOf(witness: Witness): string {
  if (witness.kind === 'dns') return witness.address
  return witness.kind === 'tcp' ? witness.host : (/^[a-z]+:\/\/(?:[^@/]*@)?([^/?#]+)/i.exec(witness.url)?.[1] ?? '')
}
