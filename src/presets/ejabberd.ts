import { xmppServer } from './xmpp-server.ts'

export const ejabberd = xmppServer({
  name: 'ejabberd',
  basis: 'the software itself',
  tried: { version: '23.01', date: '2026-11-27' },
})
