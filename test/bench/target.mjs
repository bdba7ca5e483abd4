// A process of its own: HTTP and TLS servers on loopback that answer at once and write down who came when.
// Over IPC it is asked for `ports`, `arrivals`, `forget`, and told which paths to `fail`.
import http from 'node:http'
import https from 'node:https'

const BODY = Buffer.alloc(200, 'x')

let arrivals = new Map()
let failing = ''

function answer(request, response) {
  const now = performance.timeOrigin + performance.now()
  const known = arrivals.get(request.url)
  if (known === undefined) arrivals.set(request.url, [now])
  else known.push(now)
  const status = failing !== '' && request.url.startsWith(failing) ? 503 : 200
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': BODY.length })
  response.end(BODY)
}

/** As many ports as there are hosts: vigie knocks at one door with four looks at most. */
async function listen(make, many) {
  const servers = Array.from({ length: many }, make)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))))
  return servers.map((server) => server.address().port)
}

process.on('message', async ({ number, ask, value }) => {
  if (ask === 'listen') {
    const plain = await listen(() => http.createServer(answer), value.doors)
    const { key, certificate } = value
    const secure = await listen(() => https.createServer({ key, cert: certificate }, answer), value.doors)
    process.send({ number, said: { plain, secure } })
    return
  }
  if (ask === 'forget') arrivals = new Map()
  if (ask === 'fail') failing = value
  process.send({ number, said: ask === 'arrivals' ? Object.fromEntries(arrivals) : null })
})
process.on('disconnect', () => process.exit(0))
