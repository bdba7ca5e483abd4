import type { Preset } from './preset.ts'

export const forgejo: Preset = {
  name: 'Forgejo, Gitea',
  at: 'url',
  also: ['gitea'],
  options: { repository: 'owner/name of a public repository' },
  checks: [
    { id: 'health', proves: 'open', entry: { http: '{url}/api/healthz', json: { status: 'pass' } } },
    {
      id: 'git',
      proves: 'sync',
      needs: ['repository'],
      entry: {
        http: '{url}/{repository}.git/info/refs?service=git-upload-pack',
        contains: 'service=git-upload-pack',
        every: '5m',
      },
    },
  ],
  misses: 'SSH: add `tcp` on port 22 with banner SSH-2.0-',
  basis: 'its source',
  tried: null,
}
