// A process of its own: the way out of a home. A proxy on loopback that lets only so many bits a second through to those
// who ask, all connections together, packet by packet in turn. Over IPC: `open`, and `sent` since the last time.
import { connect, createServer } from 'node:net'

/** Of IPv4 over Ethernet with TCP timestamps: what a packet carries, and what it weighs beyond that. */
const PAYLOAD = 1448
const OVERHEAD = 66
/** What waits in a modem: more than this of one connection isn't read from the server yet. */
const QUEUED = 64 * 1024
const TICK = 5

/** @type {Set<{ waiting: Buffer[], bytes: number, ended: boolean, client: import('node:net').Socket, server: import('node:net').Socket }>} */
const lines = new Set()
let sent = 0

process.on('message', async ({ number, ask, value }) => {
  const said = ask === 'open' ? await open(value) : sent
  if (ask === 'sent') sent = 0
  process.send({ number, said })
})
process.on('disconnect', () => process.exit(0))

/** @param {{ to: number, bitsPerSecond: number }} wanted @returns {Promise<number>} its port */
function open({ to, bitsPerSecond }) {
  const perMs = bitsPerSecond / 8 / 1000
  let filled = performance.now()
  let tokens = 0
  setInterval(() => {
    const now = performance.now()
    tokens = Math.min(tokens + (now - filled) * perMs, 4 * TICK * perMs + PAYLOAD)
    filled = now
    tokens -= pour(tokens)
  }, TICK)
  const door = createServer({ allowHalfOpen: true }, (client) =>
    begin(client, connect({ port: to, host: '127.0.0.1' })),
  )
  return new Promise((resolve) => door.listen(0, '127.0.0.1', () => resolve(door.address().port)))
}

function begin(client, server) {
  const line = { waiting: [], bytes: 0, ended: false, client, server }
  lines.add(line)
  const end = () => {
    lines.delete(line)
    client.destroy()
    server.destroy()
  }
  client.pipe(server)
  client.on('error', end).on('close', end)
  server.on('error', end).on('end', () => {
    line.ended = true
  })
  server.on('data', (chunk) => {
    line.waiting.push(chunk)
    line.bytes += chunk.length
    if (line.bytes > QUEUED) server.pause()
  })
}

/** A packet of each in turn, as long as there is room: who had one goes to the end of the row. @returns {number} bytes on the wire */
function pour(room) {
  let spent = 0
  for (const line of lines) {
    if (spent >= room) break
    const packet = next(line)
    if (packet !== null) {
      line.client.write(packet)
      spent += packet.length + OVERHEAD
      lines.delete(line)
      lines.add(line)
    } else if (line.ended) line.client.end()
  }
  sent += spent
  return spent
}

function next(line) {
  const [first] = line.waiting
  if (first === undefined) return null
  const packet = first.subarray(0, PAYLOAD)
  if (packet.length === first.length) line.waiting.shift()
  else line.waiting[0] = first.subarray(PAYLOAD)
  line.bytes -= packet.length
  if (line.bytes <= QUEUED) line.server.resume()
  return packet
}
