import type { Preset } from './preset.ts'

export const mastodon: Preset = {
  name: 'Mastodon',
  at: 'url',
  checks: [
    { id: 'health', proves: 'open', entry: { http: '{url}/health', contains: 'OK' } },
    { id: 'instance', proves: 'connect', entry: { http: '{url}/api/v2/instance', contains: '"domain"', every: '5m' } },
    {
      id: 'streaming',
      proves: 'connect',
      entry: { http: '{url}/api/v1/streaming/health', contains: 'OK', every: '5m' },
    },
  ],
  misses: 'queues: a stuck Sidekiq is seen by no web page, give it a heartbeat',
  basis: 'its source',
  tried: null,
}
