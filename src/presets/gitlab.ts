import type { Preset } from './preset.ts'

export const gitlab: Preset = {
  name: 'GitLab',
  at: 'url',
  checks: [{ id: 'health', proves: 'open', entry: { http: '{url}/-/health', contains: 'GitLab OK' } }],
  misses: 'queues and repositories; it answers 404 to addresses that are not on its list',
  basis: 'general knowledge',
  tried: null,
}
