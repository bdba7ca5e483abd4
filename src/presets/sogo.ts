import type { Preset } from './preset.ts'

export const sogo: Preset = {
  name: 'SOGo',
  at: 'url',
  checks: [
    { id: 'page', proves: 'open', entry: { http: '{url}/SOGo/', contains: 'ng-app="SOGo.MainUI"' } },
    {
      id: 'caldav',
      proves: 'calendar',
      needs: ['login'],
      entry: { caldav: '{url}/SOGo/dav/{login.user:path}/Calendar/personal/', login: '{login}', every: '5m' },
    },
    {
      id: 'carddav',
      proves: 'contacts',
      needs: ['login'],
      entry: { carddav: '{url}/SOGo/dav/{login.user:path}/Contacts/personal/', login: '{login}', every: '5m' },
    },
  ],
  misses: 'without a login nothing behind the page: it stays up with its database stopped; ActiveSync',
  basis: 'its source',
  tried: null,
}
