import type { Preset } from './preset.ts'

export const lutim: Preset = {
  name: 'Lutim',
  at: 'url',
  checks: [{ id: 'uploads', proves: 'upload', entry: { http: '{url}/infos', json: { upload_enabled: true } } }],
  misses: 'that a picture is taken and given back',
  basis: 'its source',
  tried: null,
}
