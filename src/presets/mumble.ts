import type { Preset } from './preset.ts'

export const mumble: Preset = {
  name: 'Mumble',
  at: 'host',
  checks: [{ id: 'port', proves: 'connect', entry: { tcp: '{host}:64738' } }],
  misses: 'voice, which is UDP, and the certificate, which is mostly its own',
  basis: 'general knowledge',
  tried: null,
}
