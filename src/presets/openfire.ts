import { xmppServer } from './xmpp-server.ts'

export const openfire = xmppServer({
  name: 'Openfire',
  also: ['openfire-http', 'openfire-s2s'],
  basis: 'its source',
  tried: null,
})
