import type { Preset } from './preset.ts'

export const discourse: Preset = {
  name: 'Discourse',
  at: 'url',
  checks: [
    { id: 'status', proves: 'open', entry: { http: '{url}/srv/status', contains: 'ok' } },
    { id: 'topics', proves: 'open', entry: { http: '{url}/latest.json', contains: 'topic_list', every: '5m' } },
  ],
  misses: 'mail that it sends and receives',
  basis: 'general knowledge',
  tried: null,
}
