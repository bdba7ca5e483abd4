import type { Preset } from './preset.ts'

export const mailman: Preset = {
  name: 'Mailman 3',
  at: 'url',
  checks: [{ id: 'page', proves: 'open', entry: { http: '{url}/', contains: 'mailman', redirects: 3 } }],
  misses: 'that lists deliver: a mailtrip through a list of its own does',
  basis: 'general knowledge',
  tried: null,
}
