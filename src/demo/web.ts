// The web front doors: what each software answers to a look from outside, plain or in TLS, whichever comes.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { chatonsPages } from './chatons.ts'
import { type Door, type Identity, openDoor, secure } from './door.ts'
import { publishedKeys } from './matrix.ts'

interface Page {
  /** Undefined: any host. Else the first label of the host. */
  readonly host?: string
  readonly path: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | object
}

const REGISTERED = { eventAction: 'expiration', eventDate: '2099-12-31T00:00:00Z' }

/** What is answered by path, as read in each software's source. */
function pagesOf(domain: string): readonly Page[] {
  const toDav = { status: 301, headers: { Location: '/SOGo/dav/' }, body: '' }
  return [
    { path: '/SOGo/', body: html('SOGo', '<main ng-app="SOGo.MainUI"></main>') },
    { path: '/api2/ping/', body: '"pong"' },
    { path: '/healthcheck', body: 'true' },
    { path: '/about/config', body: { report: `contact@${domain}`, stop_upload: false, instance_name: 'Lufi' } },
    { path: '/fullstats', body: { files: 42, bytes: 1_048_576 } },
    { path: '/infos', body: { image_magick: true, upload_enabled: true, max_file_size: 10_485_760 } },
    { host: 'turtl', path: '/', body: { greeting: 'Hi.' } },
    { path: '/health/db', body: { healthy: true } },
    { path: '/health', body: { status: 'pass', releaseId: '2.2.7' } },
    { path: '/_health', body: { ready: true } },
    { path: '/status', body: { onlineNotes: 3, onlineUsers: 2, notesCount: 412, registeredUsers: 38 } },
    { path: '/api/info', body: { appname: 'wallabag', version: '2.6.13', allowed_registration: false } },
    { path: '/.well-known/mta-sts.txt', body: `version: STSv1\nmode: enforce\nmx: mx.${domain}\nmax_age: 604800\n` },
    ...chatonsPages(domain),
    { path: '/.well-known/matrix/server', body: { 'm.server': `matrix.${domain}:443` } },
    { path: '/.well-known/matrix/client', body: { 'm.homeserver': { base_url: `https://matrix.${domain}` } } },
    { path: '/_matrix/client/versions', body: { versions: ['v1.1', 'v1.11', 'v1.12'], unstable_features: {} } },
    { path: '/_matrix/client/v3/login', body: { flows: [{ type: 'm.login.password' }] } },
    { path: '/_matrix/federation/v1/version', body: { server: { name: 'Synapse', version: '1.127.1' } } },
    { path: '/_matrix/key/v2/server', body: publishedKeys(domain) },
    { path: '/.well-known/caldav', ...toDav },
    { path: '/.well-known/carddav', ...toDav },
    { path: '/SOGo/dav/', status: 401, headers: { 'WWW-Authenticate': 'Basic realm="SOGo"' }, body: '' },
    { path: '/rdap/dns.json', body: { services: [[[domain.replace(/^.*\./, '')], [`https://rdap.${domain}/`]]] } },
    { path: `/domain/${domain}`, body: { ldhName: domain, status: ['active'], events: [REGISTERED] } },
    { path: '/api2/json/version', status: 401, body: 'No ticket' },
  ]
}

/**
 * A web server that takes plain HTTP and TLS on one port, like the many ports it stands in for. `ill`: whatever it is
 * asked, it answers 500.
 */
export async function openWeb(domain: string, identity: Identity, ill = false): Promise<Door> {
  const pages = pagesOf(domain)
  const server = createServer((request, response) => {
    request.resume()
    if (ill) response.writeHead(500, { 'Content-Type': 'text/plain' }).end('Internal Server Error\n')
    else answer(request, response, domain, pages)
  })
  server.timeout = 30_000
  const door = await openDoor((socket) => {
    socket.once('data', (first: Buffer) => {
      socket.pause()
      socket.unshift(first)
      const line: Socket = first[0] === HANDSHAKE ? secure(socket, identity) : socket
      server.emit('connection', line)
      if (line === socket) socket.resume()
    })
  })
  return {
    port: door.port,
    async close() {
      server.close()
      await door.close()
    },
  }
}

/** The first byte of TLS (RFC 8446, 5.1); HTTP begins with a letter. */
const HANDSHAKE = 0x16

function answer(request: IncomingMessage, response: ServerResponse, domain: string, pages: readonly Page[]): void {
  const host = (request.headers.host ?? domain).toLowerCase().replace(/:\d+$/, '')
  const path = (request.url ?? '/').replace(/[?#].*$/s, '')
  const label = host.split('.')[0]
  const found = pages.find((page) => page.path === path && (page.host === undefined || page.host === label))
  const body = found?.body ?? html(host, '<p>A page of the built-in replica: nothing here is real.</p>')
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(found?.status ?? 200, {
    ...found?.headers,
    'Content-Type':
      typeof body === 'object' ? 'application/json' : `text/${text.startsWith('<') ? 'html' : 'plain'}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}

function html(title: string, body: string): string {
  const shown = title.replace(/[^\p{L}\p{N}.: -]/gu, '')
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${shown}</title></head><body><h1>${shown}</h1>${body}</body></html>\n`
}
