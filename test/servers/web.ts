// A web server on loopback that answers as it is told.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { onTestFinished } from 'vitest'
import type { Issued } from '../../src/demo/certificates.ts'
import type { Looked } from '../../src/net/run.ts'
import { http } from '../../src/probes/http.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from './looking.ts'

export type Serve = (request: IncomingMessage, response: ServerResponse) => void

/** Opens it until the test ends; its port. With a certificate it speaks TLS. */
export async function web(serve: Serve, certificate?: Issued): Promise<number> {
  const server = certificate
    ? createTlsServer({ key: certificate.key, cert: certificate.certificate }, serve)
    : createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as { port: number }).port
}

/** One look of the kind `http` at such a server, by the name `web.test`. */
export async function lookAtWeb(serve: Serve, keys: object = {}, path = '/'): Promise<Looked> {
  const port = await web(serve)
  return lookWith(probeOf(http, `http://web.test:${port}${path}`, { ...keys }))
}

/** Answers everything the same. */
export function answering(status: number, body = '', headers: Record<string, string> = {}): Serve {
  return (_, response) => response.writeHead(status, headers).end(body)
}
