import type { Preset } from './preset.ts'

export const sympa: Preset = {
  name: 'Sympa',
  at: 'url',
  checks: [{ id: 'page', proves: 'open', entry: { http: '{url}/', contains: 'ympa', redirects: 3 } }],
  misses: 'that lists deliver: a mailtrip through a list of its own does',
  basis: 'general knowledge',
  tried: null,
}
