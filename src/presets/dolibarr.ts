import type { Preset } from './preset.ts'

export const dolibarr: Preset = {
  name: 'Dolibarr',
  at: 'url',
  options: { token: 'the API key of a user without rights' },
  checks: [
    { id: 'page', proves: 'open', entry: { http: '{url}/', contains: 'name="username"' } },
    {
      id: 'api',
      proves: 'open',
      needs: ['token'],
      entry: {
        http: '{url}/api/index.php/status',
        headers: { dolapikey: '{token}' },
        json: { 'success.code': 200, 'success.access_locked': 0 },
        every: '5m',
      },
    },
  ],
  misses: 'what is behind the login',
  basis: 'its source',
  tried: null,
}
