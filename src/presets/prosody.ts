import { xmppServer } from './xmpp-server.ts'

export const prosody = xmppServer({
  name: 'Prosody',
  basis: 'the software itself',
  tried: { version: '0.12.3', date: '2026-11-27' },
})
