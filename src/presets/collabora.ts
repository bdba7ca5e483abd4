import type { Preset } from './preset.ts'

export const collabora: Preset = {
  name: 'Collabora Online',
  at: 'url',
  checks: [
    { id: 'capabilities', proves: 'edit', entry: { http: '{url}/hosting/capabilities', contains: 'productName' } },
    {
      id: 'discovery',
      proves: 'edit',
      entry: { http: '{url}/hosting/discovery', contains: '<wopi-discovery', every: '5m' },
    },
  ],
  misses: 'that a document converts',
  basis: 'general knowledge',
  tried: null,
}
