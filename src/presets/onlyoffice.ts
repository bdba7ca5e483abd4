import type { Preset } from './preset.ts'

export const onlyoffice: Preset = {
  name: 'OnlyOffice Docs',
  at: 'url',
  checks: [{ id: 'health', proves: 'edit', entry: { http: '{url}/healthcheck', contains: 'true', absent: 'false' } }],
  misses: 'the converter, and a full disk: its own check passes both over',
  basis: 'its source',
  tried: null,
}
