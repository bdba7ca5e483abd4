// A process of its own: asks blackbox_exporter to look at one target after the other, at a steady pace, as Prometheus does.
import http from 'node:http'

const agent = new http.Agent({ keepAlive: true })
let scraped = 0
let failed = 0

process.on('message', ({ number, ask, value }) => {
  if (ask === 'begin') begin(value)
  process.send({ number, said: { scraped, failed } })
})
process.on('disconnect', () => process.exit(0))

function begin({ port, module, targets, perSecond }) {
  const started = performance.now()
  let next = 0
  setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond)
    for (; next < due; next++) scrape(port, module, targets[next % targets.length])
  }, 1000 / perSecond)
}

function scrape(port, module, target) {
  const path = `/probe?module=${module}&target=${encodeURIComponent(target)}`
  const request = http.get({ host: '127.0.0.1', port, path, agent }, (response) => {
    let text = ''
    response.on('data', (chunk) => {
      text += chunk
    })
    response.on('end', () => {
      scraped += 1
      if (!/^probe_success 1$/m.test(text)) failed += 1
    })
  })
  request.on('error', () => {
    failed += 1
  })
}
