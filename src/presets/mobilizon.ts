import type { Preset } from './preset.ts'

export const mobilizon: Preset = {
  name: 'Mobilizon',
  at: 'url',
  checks: [
    { id: 'nodeinfo', proves: 'open', entry: { http: '{url}/.well-known/nodeinfo', contains: '"links"' } },
    {
      id: 'graphql',
      proves: 'open',
      entry: {
        http: '{url}/api',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{config{name registrationsOpen}}"}',
        contains: '"registrationsOpen"',
        every: '5m',
      },
    },
  ],
  misses: 'that other servers get what is published',
  basis: 'its source',
  tried: null,
}
