import type { Preset } from './preset.ts'

export const wallabag: Preset = {
  name: 'Wallabag',
  at: 'url',
  options: { client: 'the id of an API client', secret: 'its secret' },
  checks: [
    { id: 'info', proves: 'open', entry: { http: '{url}/api/info', json: { appname: 'wallabag' } } },
    {
      id: 'articles',
      proves: 'save',
      needs: ['login', 'client', 'secret'],
      entry: {
        http: '{url}/api/entries.json?perPage=1&detail=metadata',
        first: {
          url: '{url}/oauth/v2/token',
          method: 'POST',
          body: 'grant_type=password&client_id={client:form}&client_secret={secret:form}&username={login.user:form}&password={login.password:form}',
          take: { TOKEN: 'access_token' },
        },
        headers: { authorization: 'Bearer {TOKEN}' },
        contains: '_embedded',
        every: '15m',
      },
    },
  ],
  misses: 'that a page elsewhere can be fetched',
  basis: 'its source',
  tried: null,
}
