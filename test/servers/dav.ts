// A groupware server that answers PROPFIND as SOGo does (SOGo 5.8: /SOGo/dav/USER/Calendar/).
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Serve } from './web.ts'

export const LOGIN = { user: 'probe', password: 'right-horse' }
const RIGHT = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64')}`

/** Answers by path, whatever is asked for it; a test bends them. */
export type Instead = Map<string, Serve>

/** The properties of things, found (200) and not (404), with prefixes of this server's own. */
export function multistatus(href: string, ...things: readonly string[]): string {
  const responses = things.map(
    (properties) => `<D:response><D:href>${href}</D:href>
<D:propstat><D:prop>${properties}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>
<D:propstat><D:prop><D:nothing/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>
</D:response>`,
  )
  return `<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:" xmlns:n1="urn:ietf:params:xml:ns:caldav" xmlns:n2="urn:ietf:params:xml:ns:carddav">
${responses.join('')}</D:multistatus>`
}

const COLLECTION = '<D:resourcetype><D:collection/></D:resourcetype>'

/** Serves the well-known addresses by a redirect and asks for a login below `/SOGo/dav/`. */
export function groupware(instead: Instead = new Map()): Serve {
  const home = `/SOGo/dav/${LOGIN.user}`
  const calendar = '<D:resourcetype><D:collection/><n1:calendar/></D:resourcetype>'
  const addressbook = '<D:resourcetype><D:collection/><n2:addressbook/></D:resourcetype>'
  const inside: Readonly<Record<string, readonly string[]>> = {
    [`${home}/Calendar/`]: ['<D:resourcetype/>', calendar],
    [`${home}/Contacts/`]: [addressbook, addressbook],
  }
  const found: Readonly<Record<string, string>> = {
    '/SOGo/dav/': `${COLLECTION}<D:current-user-principal><D:href>${home}/</D:href></D:current-user-principal>`,
    [`${home}/`]: `${COLLECTION}<n1:calendar-home-set><D:href>${home}/Calendar/</D:href></n1:calendar-home-set><n2:addressbook-home-set><D:href>${home}/Contacts/</D:href></n2:addressbook-home-set>`,
    [`${home}/Calendar/`]: COLLECTION,
    [`${home}/Contacts/`]: COLLECTION,
    [`${home}/Calendar/personal/`]: calendar,
    [`${home}/Contacts/personal/`]: addressbook,
  }
  return (request, response) => {
    request.resume()
    const path = request.url!
    const other = instead.get(path)
    if (other) return other(request, response)
    if (/^\/\.well-known\/(cal|card)dav$/.test(path)) {
      return response.writeHead(301, { location: '/SOGo/dav/' }).end()
    }
    if (!path.startsWith('/SOGo/dav/')) return response.writeHead(404).end()
    if (request.headers.authorization !== RIGHT) return challenge(request, response)
    const properties = found[path]
    if (properties === undefined) return response.writeHead(404).end()
    if (request.method !== 'PROPFIND' || !/^[01]$/.test(request.headers.depth as string))
      return response.writeHead(405).end()
    const things = request.headers.depth === '1' ? (inside[path] ?? []) : []
    return response.writeHead(207, { 'content-type': 'application/xml' }).end(multistatus(path, properties, ...things))
  }
}

function challenge(_: IncomingMessage, response: ServerResponse) {
  return response.writeHead(401, { 'www-authenticate': 'Basic realm="SOGo"' }).end()
}
