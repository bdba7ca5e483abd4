import type { Preset } from './preset.ts'

export const privatebin: Preset = {
  name: 'PrivateBin',
  at: 'url',
  checks: [{ id: 'page', proves: 'open', entry: { http: '{url}/', contains: 'id="message"' } }],
  misses: 'that a text is kept: making one is limited to a few a minute',
  basis: 'its source',
  tried: null,
}
