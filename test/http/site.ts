// A whole served site on a port of its own, for the tests of this folder.
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Picture } from '../../src/core/shown/picture.ts'
import { buildServer, type ServerDeps } from '../../src/http/server.ts'
import { createPublisher, type Publisher } from '../../src/page/folder/publish.ts'
import { openViews } from '../../src/page/pages/views.ts'
import { almanacOf } from '../page/past.ts'
import { MOMENTS } from '../page/pictures.ts'

export interface RunningSite {
  readonly app: FastifyInstance
  readonly publisher: Publisher
  /** `http://127.0.0.1:PORT`, or by the address it listens on */
  readonly url: string
  readonly port: number
  /** `data/public` */
  readonly folder: string
  close(): Promise<void>
}

/** An address of this machine that isn't loopback; undefined: it has none. */
export const OWN_ADDRESS: string | undefined = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

/** Listens on 127.0.0.1 and shows a picture; what a test doesn't give takes no pings and is healthy. */
export async function runSite(
  deps: Partial<ServerDeps> = {},
  picture: Picture = MOMENTS.allWell,
  host = '127.0.0.1',
): Promise<RunningSite> {
  const folder = mkdtempSync(join(tmpdir(), 'site-'))
  const views = openViews('views')
  const ticks = () => performance.now()
  const publisher = createPublisher({
    dir: folder,
    views,
    almanac: almanacOf(picture),
    ticks,
    copiesLag: () => 0,
    onFailure: () => undefined,
  })
  await publisher.publish(() => picture)
  await publisher.settled()
  const app = buildServer({
    hot: publisher.hot,
    publicDir: folder,
    views,
    ticks,
    ping: () => false,
    twin: async () => null,
    twins: () => [],
    bearer: () => null,
    metrics: () => '',
    configuration: () => ({ metrics: { token: null }, site: { url: null } }),
    languages: () => ['fr', 'en'],
    health: () => ({ ok: true, parts: {} }),
    api: null,
    proxy: [],
    admin: null,
    errands: null,
    ...deps,
  })
  await app.listen({ host, port: 0 })
  const { port } = app.server.address() as AddressInfo
  return { app, publisher, url: `http://${host}:${port}`, port, folder, close }

  async function close(): Promise<void> {
    await app.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Sends bytes as they are and returns all that comes back until the server closes, or a second has passed. */
export function sayRaw(port: number, text: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    const end = () => {
      socket.destroy()
      done(heard)
    }
    socket.setTimeout(1_000, end)
    socket.on('data', (chunk) => {
      heard += chunk.toString()
    })
    socket.on('error', end)
    socket.on('close', end)
    socket.write(text)
  })
}
