import type { Preset } from './preset.ts'

export const lemonldap: Preset = {
  name: 'LemonLDAP::NG',
  at: 'url',
  also: ['llng'],
  checks: [{ id: 'page', proves: 'connect', entry: { http: '{url}/', contains: '<form' } }],
  misses: 'that somebody can log in',
  basis: 'general knowledge',
  tried: null,
}
