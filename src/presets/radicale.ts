import type { Preset } from './preset.ts'

export const radicale: Preset = {
  name: 'Radicale',
  at: 'url',
  checks: [
    { id: 'page', proves: 'open', entry: { http: '{url}/.web/', redirects: 2 } },
    { id: 'caldav', proves: 'calendar', needs: ['login'], entry: { caldav: '{url}/', login: '{login}', every: '5m' } },
  ],
  misses: 'that a change reaches another device',
  basis: 'the software itself',
  tried: { version: '3.1.8', date: '2026-11-27' },
}
