import type { Preset } from './preset.ts'

export const keycloak: Preset = {
  name: 'Keycloak',
  at: 'url',
  options: { realm: 'the name of the realm' },
  checks: [
    {
      id: 'realm',
      proves: 'connect',
      needs: ['realm'],
      entry: { http: '{url}/realms/{realm:path}/.well-known/openid-configuration', contains: '"issuer"' },
    },
  ],
  misses: 'that somebody can log in',
  basis: 'its documentation',
  tried: null,
}
