import type { Preset } from './preset.ts'

export const galene: Preset = {
  name: 'Galene',
  at: 'url',
  checks: [{ id: 'groups', proves: 'open', entry: { http: '{url}/public-groups.json', contains: '[' } }],
  misses: 'that people see and hear each other: media are UDP',
  basis: 'general knowledge',
  tried: null,
}
