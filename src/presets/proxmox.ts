import type { Preset } from './preset.ts'

export const proxmox: Preset = {
  name: 'Proxmox VE',
  at: 'url',
  audience: 'admins',
  options: { token: 'user@pve!name=uuid of a token with the role PVEAuditor' },
  checks: [
    { id: 'api', proves: null, entry: { http: '{url}/api2/json/version', status: [200, 401] } },
    { id: 'cluster', proves: null, needs: ['token'], entry: { proxmox: '{url}', token: '{token}', every: '5m' } },
  ],
  misses: 'without a token, nodes, storage and backups; port 8006 had better not be open to the Internet',
  basis: 'its source',
  tried: null,
}
