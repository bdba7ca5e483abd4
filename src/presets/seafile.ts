import type { Preset } from './preset.ts'

export const seafile: Preset = {
  name: 'Seafile',
  at: 'url',
  options: { library: 'the id of a small library of that account' },
  checks: [
    { id: 'ping', proves: 'open', entry: { http: '{url}/api2/ping/', contains: '"pong"' } },
    {
      id: 'account',
      proves: 'sync',
      needs: ['login'],
      entry: {
        http: '{url}/api2/auth/ping/',
        first: {
          url: '{url}/api2/auth-token/',
          method: 'POST',
          body: 'username={login.user:form}&password={login.password:form}',
          take: { TOKEN: 'token' },
        },
        headers: { authorization: 'Token {TOKEN}' },
        contains: '"pong"',
        every: '15m',
      },
    },
    {
      id: 'library',
      proves: 'sync',
      needs: ['login', 'library'],
      entry: {
        http: '{url}/api2/repos/{library:path}/dir/?p=/',
        first: {
          url: '{url}/api2/auth-token/',
          method: 'POST',
          body: 'username={login.user:form}&password={login.password:form}',
          take: { TOKEN: 'token' },
        },
        headers: { authorization: 'Token {TOKEN}' },
        every: '15m',
      },
    },
  ],
  misses: 'that a file comes back byte for byte: the file server hands out each under an address of its own',
  basis: 'its source',
  tried: null,
}
