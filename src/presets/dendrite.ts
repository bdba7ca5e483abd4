import type { Preset } from './preset.ts'

export const dendrite: Preset = {
  name: 'Dendrite, Conduit',
  at: 'domain',
  also: ['conduit'],
  checks: [
    { id: 'matrix', proves: 'connect', entry: { matrix: '{domain}', federation: false } },
    { id: 'federation', proves: 'federate', entry: { matrix: '{domain}', federation: true, every: '15m' } },
  ],
  misses: 'that a message arrives: a matrixtrip does',
  basis: 'general knowledge',
  tried: null,
}
