// The line from end to end: real targets, real relays, the real page.
import { createServer as createHttp, type Server } from 'node:http'
import { type AddressInfo, createServer, type Server as TcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startRelay } from './servers/relay.ts'
import { QUICK, startSite, type TestSite } from './servers/site.ts'

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop()
})

/** A web server that can be broken and mended under way. */
async function startTarget() {
  let faults = 0
  let asked = 0
  const server: Server = createHttp((_request, response) => {
    asked++
    response.statusCode = faults-- > 0 ? 500 : 200
    response.end('fine')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push({ stop: () => new Promise((done) => server.close(() => done())) })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    asked: () => asked,
    /** For so many answers. */
    break: (answers = Number.POSITIVE_INFINITY) => {
      faults = answers
    },
    mend: () => {
      faults = 0
    },
  }
}

/** Somebody else's host that accepts connections until it is stopped. */
async function startWitness(port = 0): Promise<{ port: number; stop(): Promise<void> }> {
  const server: TcpServer = createServer((socket) => socket.destroy())
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const witness = {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise<void>((done) => (server.listening ? server.close(() => done()) : done())),
  }
  open.push(witness)
  return witness
}

async function site(files: Readonly<Record<string, string>>, options = {}): Promise<TestSite> {
  const started = await startSite(files, options)
  open.push(started)
  return started
}

/** Waits for so many looks more: what they would make of it they have made, but for the last. */
async function looks(one: TestSite, target: { asked(): number }, count: number): Promise<void> {
  const before = target.asked()
  await one.until(`looked ${count} times`, () => target.asked() >= before + count)
}

const web = (url: string) => `service: { fr: Site, en: Website }\nchecks:\n  - http: ${url}\n    allow_private: true\n`

const whole = (parts: { relays?: readonly number[]; witnesses?: readonly number[]; more?: string }) => `
name: Essai
sites: { home: { where: { fr: Grenoble, en: Grenoble } } }
${QUICK}
witnesses: [${(parts.witnesses ?? []).map((port) => `"127.0.0.1:${port}"`).join(', ')}]
mail:
  from: "Vigie <vigie@elsewhere.example>"
  relays: [${(parts.relays ?? []).map((port) => `"smtp://127.0.0.1:${port}"`).join(', ')}]
alerts: [ { email: admins@elsewhere.example } ]
${parts.more ?? ''}
`

describe('a target that breaks', () => {
  it('is a major outage on the page and in one mail by the second relay, and its recovery likewise', async () => {
    const target = await startTarget()
    const refusing = await startRelay({ atRecipient: () => ({ code: 451, text: 'not now' }) })
    const relay = await startRelay()
    open.push({ stop: () => refusing.close() }, { stop: () => relay.close() })
    const one = await site({ 'site.yaml': whole({ relays: [refusing.port, relay.port] }), 'web.yaml': web(target.url) })
    await one.until('up', async () => (await one.status()).get('web')?.status === 'operational')
    expect(await one.get('/fr/')).toContain('Tout fonctionne')

    target.break()
    await one.until('down', async () => (await one.get('/api/v2/components.json')).includes('major_outage'))
    await one.until('mailed', () => relay.received.length > 0)
    expect(await one.get('/fr/')).toContain('panne')
    expect(await one.get('/en/')).toContain('down')
    expect(relay.received).toHaveLength(1)
    expect(relay.received[0]?.headers.subject).toContain('Site')
    expect(refusing.connections()).toBeGreaterThan(0)
    await one.until('told', async () => /prévenue/.test(await one.get('/fr/')))

    target.mend()
    await one.until('up again', async () => (await one.status()).get('web')?.status === 'operational')
    await one.until('mailed again', () => relay.received.length > 1)
    await looks(one, target, 3)
    expect(relay.received).toHaveLength(2)
    expect(relay.received[1]?.headers['in-reply-to']).toBe(relay.received[0]?.headers['message-id'])
    expect(one.log.filter((line) => line.includes(' web '))).toEqual([
      expect.stringMatching(/^warn web is down since 20.*\(web\.http: /),
      expect.stringMatching(/^info web works again after \d+ s$/),
    ])
  })

  it('is no outage when only two looks failed', async () => {
    const target = await startTarget()
    const one = await site({ 'site.yaml': whole({}), 'web.yaml': web(target.url) })
    await one.until('up', async () => (await one.status()).get('web')?.status === 'operational')
    target.break(2)
    await looks(one, target, 2 + 4)
    expect((await one.status()).get('web')?.status).toBe('operational')
    expect(one.log.filter((line) => line.includes(' web is down'))).toEqual([])
  })
})

describe('all witnesses dead', () => {
  it('makes everything unknown, nothing red, and sends no service mail; back, there is no burst', async () => {
    const target = await startTarget()
    const relay = await startRelay()
    open.push({ stop: () => relay.close() })
    const witnesses = await Promise.all([startWitness(), startWitness(), startWitness()])
    const ports = witnesses.map(({ port }) => port)
    const one = await site({
      'site.yaml': whole({ relays: [relay.port], witnesses: ports }),
      'web.yaml': web(target.url),
    })
    await one.until('up', async () => (await one.status()).get('web')?.status === 'operational')

    for (const witness of witnesses) await witness.stop()
    target.break()
    await one.until('unknown', async () => (await one.status()).get('web')?.status === 'unknown')
    await looks(one, target, 5)
    expect((await one.status()).get('web')).toMatchObject({ status: 'unknown', note: 'frozen' })
    expect(relay.received.filter(({ headers }) => headers.subject?.includes('Site'))).toHaveLength(0)

    target.mend()
    for (const port of ports) await startWitness(port)
    await one.until('up again', async () => (await one.status()).get('web')?.status === 'operational')
    expect(relay.received.filter(({ headers }) => headers.subject?.includes('Site'))).toHaveLength(0)
  })
})

describe('the configuration', () => {
  it('makes nobody blind when it is read again', async () => {
    const target = await startTarget()
    const witnesses = await Promise.all([startWitness(), startWitness(), startWitness()])
    const ports = witnesses.map(({ port }) => port)
    const one = await site({ 'site.yaml': whole({ witnesses: ports }), 'web.yaml': web(target.url) })
    await one.until('up', async () => (await one.status()).get('web')?.status === 'operational')
    for (let n = 0; n < 5; n++) {
      one.reload()
      for (let look = 0; look < 5; look++) {
        expect((await one.status()).get('web')?.status).toBe('operational')
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  })

  it('read again tries no refused login anew, but one that is another, and at once', async () => {
    const environment = { VIGIE_SECRET_PROBE: 'old' }
    const tried: string[] = []
    const refusing = createHttp((request, response) => {
      if (request.method === 'POST') tried.push(String(request.headers['x-password']))
      response.statusCode = 401
      response.end()
    })
    await new Promise<void>((done) => refusing.listen(0, '127.0.0.1', done))
    open.push({ stop: () => new Promise((done) => refusing.close(() => done())) })
    const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/`
    const other = await startTarget()
    const login = (every: string) => `service: Files
checks:
  - http: ${url}{TOKEN}
    allow_private: true
    every: ${every}
    first: { url: ${url}, method: POST, headers: { X-Password: "\${secret:probe}" }, take: { TOKEN: token } }
`
    const one = await site({ 'site.yaml': whole({}), 'files.yaml': login('400ms') }, { environment })
    await one.until('tried', () => tried.length > 0)
    const reads = () => one.log.filter((line) => line.includes('configuration read')).length
    const read = async (act: () => void) => {
      const before = reads()
      act()
      await one.until('read', () => reads() > before)
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
    await read(() => one.write('web.yaml', web(other.url)))
    await read(() => one.write('files.yaml', `# A remark.\n${login('400ms')}`))
    expect(tried).toEqual(['old'])
    await read(() => {
      environment.VIGIE_SECRET_PROBE = 'new'
      one.reload()
    })
    expect(tried).toEqual(['old', 'new'])
    await read(() => one.write('files.yaml', login('500ms')))
    expect(tried).toEqual(['old', 'new', 'new'])
  })

  it('is read again when a file changes, and one with mistakes changes nothing', async () => {
    const target = await startTarget()
    const one = await site({ 'site.yaml': whole({}), 'web.yaml': web(target.url) })
    await one.until('up', async () => (await one.status()).get('web')?.status === 'operational')
    one.write('other.yaml', web(target.url))
    await one.until('there', async () => (await one.status()).get('other')?.status === 'operational')
    one.write('other.yaml', 'service: Other\nchekcs: []\n')
    await one.until('said', () => one.log.some((line) => line.includes('chekcs')))
    expect((await one.status()).get('other')?.status).toBe('operational')
  })
})
