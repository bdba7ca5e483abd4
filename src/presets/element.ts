import type { Preset } from './preset.ts'

export const element: Preset = {
  name: 'Element Web',
  at: 'url',
  also: ['element-web'],
  checks: [
    { id: 'config', proves: 'open', entry: { http: '{url}/config.json', contains: 'default_server', every: '5m' } },
  ],
  misses: 'Matrix itself: look at the server',
  basis: 'general knowledge',
  tried: null,
}
