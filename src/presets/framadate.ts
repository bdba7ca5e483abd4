import type { Preset } from './preset.ts'

export const framadate: Preset = {
  name: 'Framadate',
  at: 'url',
  options: { poll: 'the id of a poll that expires late', title: 'the title of that poll' },
  checks: [
    { id: 'page', proves: 'open', entry: { http: '{url}/', redirects: 0 } },
    {
      id: 'poll',
      proves: 'open',
      needs: ['poll', 'title'],
      entry: { http: '{url}/studs.php?poll={poll:path}', contains: '{title}', redirects: 0, every: '5m' },
    },
  ],
  misses:
    'without a poll to look at, polls; the front page redirects to maintenance.php with its database down, and that fails here',
  basis: 'its source',
  tried: null,
}
