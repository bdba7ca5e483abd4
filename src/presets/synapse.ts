import type { Preset } from './preset.ts'

export const synapse: Preset = {
  name: 'Synapse',
  at: 'domain',
  also: ['matrix', 'synapse-federation'],
  options: { token: 'an access token of a plain account (never an administrator)' },
  checks: [
    { id: 'matrix', proves: 'connect', entry: { matrix: '{domain}', federation: false } },
    { id: 'federation', proves: 'federate', entry: { matrix: '{domain}', federation: true, every: '15m' } },
    {
      id: 'account',
      proves: 'connect',
      needs: ['token'],
      entry: { matrix: '{domain}', federation: false, token: '{token}', every: '5m' },
    },
  ],
  misses: 'that a message arrives: a matrixtrip does',
  basis: 'its source',
  tried: null,
}
