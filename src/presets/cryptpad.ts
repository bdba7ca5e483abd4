import type { Preset } from './preset.ts'

export const cryptpad: Preset = {
  name: 'CryptPad',
  at: 'url',
  checks: [
    { id: 'config', proves: 'open', entry: { http: '{url}/api/config', contains: 'httpUnsafeOrigin' } },
    { id: 'broadcast', proves: 'open', entry: { http: '{url}/api/broadcast', every: '5m' } },
  ],
  misses: 'its websocket and its sandbox domain, which are apart: add a check for the latter',
  basis: 'its source',
  tried: null,
}
