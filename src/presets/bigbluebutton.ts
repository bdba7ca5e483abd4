import type { Preset } from './preset.ts'

export const bigbluebutton: Preset = {
  name: 'BigBlueButton',
  at: 'url',
  checks: [{ id: 'api', proves: 'open', entry: { http: '{url}/bigbluebutton/api', contains: '<returncode>SUCCESS' } }],
  misses: 'that a meeting can be held: its secret may do too much to lie on a monitor',
  basis: 'its documentation',
  tried: null,
}
