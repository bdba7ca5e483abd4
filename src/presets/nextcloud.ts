import type { Preset } from './preset.ts'

export const nextcloud: Preset = {
  name: 'Nextcloud',
  at: 'url',
  checks: [
    {
      id: 'status',
      proves: 'open',
      entry: { http: '{url}/status.php', json: { installed: true, maintenance: false, needsDbUpgrade: false } },
    },
    {
      id: 'files',
      proves: 'sync',
      needs: ['login'],
      entry: {
        http: '{url}/ocs/v2.php/cloud/user?format=json',
        headers: { 'ocs-apirequest': 'true' },
        login: '{login}',
        json: { 'ocs.meta.statuscode': 200 },
        every: '5m',
      },
    },
  ],
  misses: 'that a file comes back byte for byte; cron: give it a heartbeat',
  basis: 'its source',
  tried: null,
}
