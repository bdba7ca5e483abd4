// Witnesses as people know them.
import type { Witness } from '../check.ts'

/** The host of a witness: a name, or an address without brackets. (core has no URL: it is a browser's and Node's.) */
export function hostOf(witness: Witness): string {
  if (witness.kind === 'dns') return witness.address
  if (witness.kind === 'tcp') return witness.host
  const authority = /^https:\/\/([^/?#]*)/i.exec(witness.url)?.[1] ?? ''
  return authority.startsWith('[') ? authority.slice(1, authority.indexOf(']')) : authority.replace(/:\d+$/, '')
}

/** A witness as the configuration names it. */
export function nameOf(witness: Witness): string {
  if (witness.kind === 'https') return witness.url
  return witness.kind === 'dns' ? `${witness.address}:${witness.port}` : `${witness.host}:${witness.port}`
}
