import type { Preset } from './preset.ts'

export const ejabberd: Preset = {
  name: 'ejabberd',
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
  basis: 'the software itself',
  tried: { version: '23.01', date: '2026-11-27' },
}
