import type { Preset } from './preset.ts'

type Told = Pick<Preset, 'name' | 'also' | 'basis' | 'tried'>

/** A chat server is looked at in one way, whoever made it. */
export function xmppServer(software: Told): Preset {
  return {
    at: 'domain',
    options: {
      bosh: 'https://…/http-bind/ where web programs connect',
      websocket: 'wss://…/ws/ where web programs connect',
    },
    checks: [
      { id: 'client', proves: 'connect', entry: { xmpp: '{domain}', as: 'client' } },
      { id: 'server', proves: 'federate', entry: { xmpp: '{domain}', as: 'server', every: '15m' } },
      {
        id: 'login',
        proves: 'connect',
        needs: ['login'],
        entry: { xmpp: '{domain}', as: 'client', login: '{login}', every: '5m' },
      },
      {
        id: 'bosh',
        proves: 'browse',
        needs: ['bosh'],
        entry: { xmpp: '{domain}', as: 'client', bosh: '{bosh}', every: '5m' },
      },
      {
        id: 'websocket',
        proves: 'browse',
        needs: ['websocket'],
        entry: { xmpp: '{domain}', as: 'client', websocket: '{websocket}', every: '5m' },
      },
    ],
    misses: 'that a message arrives: an xmpptrip does',
    ...software,
  }
}
