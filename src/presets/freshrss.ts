import type { Preset } from './preset.ts'

export const freshrss: Preset = {
  name: 'FreshRSS',
  at: 'url',
  checks: [
    {
      id: 'api',
      proves: 'open',
      entry: { http: '{url}/api/greader.php/check/compatibility', contains: 'PASS', every: '5m' },
    },
  ],
  misses: 'that feeds are fetched: give its cron job a heartbeat',
  basis: 'its documentation',
  tried: null,
}
