import type { Preset } from './preset.ts'

export const rspamd: Preset = {
  name: 'Rspamd',
  at: 'url',
  audience: 'admins',
  checks: [{ id: 'ping', proves: null, entry: { http: '{url}/ping', contains: 'pong' } }],
  misses: 'that it judges rightly; it is not for the Internet: look from inside',
  basis: 'the software itself',
  tried: null,
}
