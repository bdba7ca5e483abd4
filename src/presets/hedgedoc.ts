import type { Preset } from './preset.ts'

export const hedgedoc: Preset = {
  name: 'HedgeDoc',
  at: 'url',
  checks: [
    { id: 'health', proves: 'open', entry: { http: '{url}/_health', json: { ready: true } } },
    { id: 'database', proves: 'write', entry: { http: '{url}/status', json: { notesCount: '>= 0' }, every: '5m' } },
  ],
  misses:
    'that what two people type meets; /status is refused where enableStatsAPI is false: leave that check out then with `only: [health]`',
  basis: 'its source',
  tried: null,
}
