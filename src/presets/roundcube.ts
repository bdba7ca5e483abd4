import type { Preset } from './preset.ts'

export const roundcube: Preset = {
  name: 'Roundcube',
  at: 'url',
  checks: [{ id: 'page', proves: 'open', entry: { http: '{url}/', contains: 'rcmloginuser' } }],
  misses: 'mail itself: look at IMAP and SMTP',
  basis: 'general knowledge',
  tried: null,
}
