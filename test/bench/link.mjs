// A process of its own: what is between two sites. Before each it plays a web server with TLS, and a wire in front of
// that counts every byte both ways. Over IPC: `open` a way to a site, `lead` it there, how it is (`set`), and `counted`
// since the last time; `witnesses` of one site, that can be `lost`.
import http from 'node:http'
import { connect, createServer } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'

/** What a web server says when nobody is behind it any more; it keeps connections as Caddy does. */
const nobody = http.createServer({ keepAliveTimeout: 0 }, (_, response) => response.writeHead(502).end())

/** @type {{ to: number, state: 'well' | 'refusing' | 'gone', open: Set<import('node:net').Socket> }[]} */
const ways = []
let bytes = 0
let connections = 0
/** @type {import('node:net').Server[]} */
let witnesses = []

process.on('message', async ({ number, ask, value }) => {
  process.send({ number, said: (await answer(ask, value)) ?? null })
})
process.on('disconnect', () => process.exit(0))

async function answer(ask, value) {
  if (ask === 'open') return open(value)
  if (ask === 'lead') ways[value.way].to = value.to
  if (ask === 'set') set(value)
  if (ask === 'witnesses') return hear(value)
  if (ask === 'lost') for (const witness of witnesses) witness.close()
  if (ask !== 'counted') return null
  const said = { bytes, connections }
  bytes = 0
  connections = 0
  return said
}

/** @param {{ key: string, certificate: string }} leaf @returns {Promise<{ way: number, port: number }>} */
async function open({ key, certificate }) {
  const way = { to: 0, state: 'well', open: new Set() }
  const server = createTlsServer({ key, cert: certificate }, (client) => {
    const to = way.state === 'gone' ? nobody.address().port : way.to
    join(client, connect(to, '127.0.0.1'), way.open)
  })
  server.on('tlsClientError', () => {})
  if (!nobody.listening) await portOf(nobody)
  const inside = await portOf(server)
  const wire = createServer((client) => {
    connections++
    if (way.state === 'refusing') return client.destroy()
    const server = connect(inside, '127.0.0.1')
    for (const side of [client, server]) side.on('data', (chunk) => count(chunk.length))
    return join(client, server, way.open)
  })
  ways.push(way)
  return { way: ways.length - 1, port: await portOf(wire) }
}

function count(length) {
  bytes += length
}

/** @param {{ way: number, state: 'well' | 'refusing' | 'gone' }} wanted Those that are open end. */
function set({ way, state }) {
  ways[way].state = state
  for (const socket of ways[way].open) socket.destroy()
}

function join(client, server, open) {
  for (const [one, other] of [
    [client, server],
    [server, client],
  ]) {
    open.add(one)
    one.pipe(other)
    one.on('error', () => other.destroy())
    one.on('close', () => {
      open.delete(one)
      other.destroy()
    })
  }
}

/** @param {number} many @returns {Promise<readonly number[]>} their ports */
async function hear(many) {
  witnesses = Array.from({ length: many }, () => createServer((socket) => socket.destroy()))
  return Promise.all(witnesses.map(portOf))
}

function portOf(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))
}
