import type { Preset } from './preset.ts'

export const vaultwarden: Preset = {
  name: 'Vaultwarden',
  at: 'url',
  checks: [{ id: 'alive', proves: 'open', entry: { http: '{url}/alive' } }],
  misses: 'that a vault opens: only its owner can',
  basis: 'its source',
  tried: null,
}
