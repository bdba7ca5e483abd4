import type { Preset } from './preset.ts'

export const peertube: Preset = {
  name: 'PeerTube',
  at: 'url',
  checks: [
    { id: 'ping', proves: 'open', entry: { http: '{url}/api/v1/ping', contains: 'pong' } },
    {
      id: 'videos',
      proves: 'watch',
      entry: { http: '{url}/api/v1/videos?count=1', json: { total: '>= 0' }, every: '5m' },
    },
  ],
  misses: 'that a video plays and that a new one is transcoded',
  basis: 'its source',
  tried: null,
}
