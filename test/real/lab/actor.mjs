// Whoever else lives in the laboratory, one role a process, each in its own network namespace. Plain JavaScript: it is
// started by node alone.
//
//   actor.mjs hoster            its service, its neighbour and its page, over IPv4 and IPv6, port 80
//   actor.mjs witnesses         hosts of others: DNS for everybody on 53, and doors that open
//   actor.mjs relay             takes mail; a line of JSON on stdout for each
//   actor.mjs window SOCKET     lets who is outside look in: a Unix socket leads to port 8080 of this namespace
import { createSocket } from 'node:dgram'
import { createServer as createHttp } from 'node:http'
import { connect, createServer } from 'node:net'
import { decode, encode } from 'dns-packet'
import { SMTPServer } from 'smtp-server'

const ZONE = {
  'www.lab.test': { A: '203.0.113.10', AAAA: 'fd00:203::10' },
  'a.witness.test': { A: '192.0.2.11' },
  'b.witness.test': { A: '192.0.2.12' },
}

const ROLES = { hoster, witnesses, relay, window }

await ROLES[process.argv[2]](process.argv[3])
console.log('ready')

function hoster() {
  return listening(
    createHttp((_, response) => response.end('fine')),
    80,
    '::',
  )
}

async function witnesses() {
  const doors = createServer((socket) => socket.on('error', () => {}).end())
  await listening(doors, 80, '::')
  for (const [kind, address] of [
    // By name: of several addresses the system would answer from the first.
    ['udp4', '192.0.2.53'],
    ['udp6', 'fd00:192::53'],
  ]) {
    const names = createSocket(kind)
    names.on('message', (bytes, from) => names.send(answered(bytes), from.port, from.address))
    await new Promise((done) => names.bind(53, address, done))
  }
}

function answered(bytes) {
  const { id, questions } = decode(bytes)
  const [{ name, type }] = questions
  const data = ZONE[name.toLowerCase()]?.[type]
  const answers = data === undefined ? [] : [{ name, type, ttl: 60, data }]
  return encode({ type: 'response', id, flags: 0x180, questions, answers })
}

function relay() {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    onData: (stream, { remoteAddress }, done) => {
      const chunks = []
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('end', () => {
        console.log(JSON.stringify({ from: remoteAddress, text: Buffer.concat(chunks).toString('utf8') }))
        done(null, 'queued')
      })
    },
  })
  server.on('error', () => {})
  return new Promise((done) => server.listen(25, '0.0.0.0', done))
}

function window(path) {
  const server = createServer((outside) => {
    const inside = connect({ host: '127.0.0.1', port: 8080 })
    for (const [one, other] of [
      [outside, inside],
      [inside, outside],
    ]) {
      one.on('error', () => {})
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  return listening(server, path)
}

function listening(server, ...where) {
  return new Promise((done) => server.listen(...where, done))
}
