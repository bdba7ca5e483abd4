import type { Preset } from './preset.ts'

export const mattermost: Preset = {
  name: 'Mattermost',
  at: 'url',
  checks: [
    {
      id: 'ping',
      proves: 'open',
      entry: { http: '{url}/api/v4/system/ping?get_server_status=true', json: { status: 'OK', database_status: 'OK' } },
    },
  ],
  misses: 'that a message arrives',
  basis: 'general knowledge',
  tried: null,
}
