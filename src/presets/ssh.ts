import type { Preset } from './preset.ts'

export const ssh: Preset = {
  name: 'SSH',
  at: 'host',
  audience: 'admins',
  checks: [{ id: 'banner', proves: null, entry: { tcp: '{host}:22', banner: 'SSH-2.0-', every: '5m' } }],
  misses: 'that a key is accepted',
  basis: 'general knowledge',
  tried: null,
}
