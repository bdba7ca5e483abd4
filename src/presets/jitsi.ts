import type { Preset } from './preset.ts'

export const jitsi: Preset = {
  name: 'Jitsi Meet',
  at: 'url',
  checks: [{ id: 'page', proves: 'open', entry: { http: '{url}/config.js', contains: 'hosts' } }],
  misses: 'that people see and hear each other: the bridge speaks UDP',
  basis: 'general knowledge',
  tried: null,
}
