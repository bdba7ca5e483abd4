import type { Preset } from './preset.ts'

export const turtl: Preset = {
  name: 'Turtl',
  at: 'url',
  checks: [
    { id: 'server', proves: 'connect', entry: { http: '{url}/', json: { greeting: 'Hi.' } } },
    { id: 'database', proves: 'sync', entry: { http: '{url}/health/db', json: { healthy: true } } },
  ],
  misses: 'that notes are decrypted: only their owner can',
  basis: 'its source',
  tried: null,
}
