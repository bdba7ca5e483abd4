import type { Preset } from './preset.ts'

export const searxng: Preset = {
  name: 'SearXNG',
  at: 'url',
  checks: [{ id: 'health', proves: 'open', entry: { http: '{url}/healthz', contains: 'OK' } }],
  misses: 'that other search engines answer it',
  basis: 'its source',
  tried: null,
}
