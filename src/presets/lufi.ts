import type { Preset } from './preset.ts'

export const lufi: Preset = {
  name: 'Lufi',
  at: 'url',
  checks: [
    { id: 'uploads', proves: 'upload', entry: { http: '{url}/about/config', json: { stop_upload: false } } },
    { id: 'database', proves: 'open', entry: { http: '{url}/fullstats', contains: '{', every: '5m' } },
  ],
  misses: 'that a file is taken and given back; versions without /about/config answer 404',
  basis: 'its source',
  tried: null,
}
