import type { Preset } from './preset.ts'

export const etherpad: Preset = {
  name: 'Etherpad',
  at: 'url',
  also: ['etherpad-lite'],
  options: { pad: 'the name of a pad', text: 'a word that stands in it' },
  checks: [
    { id: 'health', proves: 'open', entry: { http: '{url}/health', json: { status: 'pass' } } },
    {
      id: 'pad',
      proves: 'write',
      needs: ['pad', 'text'],
      entry: { http: '{url}/p/{pad:path}/export/txt', contains: '{text}', every: '5m' },
    },
  ],
  misses: 'without a pad to read, the database: its own check passes with it down',
  basis: 'its source',
  tried: null,
}
