// Port 25, which many home lines close: that is no outage of anybody's mail.
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { whenPresent } from '../real/present.ts'
import { startSwallowing } from '../servers/swallow.ts'
import { firstCheck, openStage, siteFile, stands, stays } from './stage.ts'

const stage = openStage()

whenPresent(['root'])('port 25 that our line swallows', () => {
  /** What is swallowed is silent. */
  const policy = { timeout: '300ms' }
  const HOST = '127.77.0.25'
  const listenOn = async (host: string, port: number) => {
    const server = createServer((socket) => socket.on('error', () => {}).destroy())
    await new Promise<void>((done) => server.listen(port, host, done))
    const stop = () => new Promise<void>((done) => (server.listening ? server.close(() => done()) : done()))
    stage.ends(stop)
    return { stop }
  }
  const mail = `service: Mail\nchecks:\n  - { tcp: "${HOST}:25", allow_private: true }\n`

  it('is unknown and told to nobody while 587 of the same host answers, and red once it does not', async () => {
    const swallowing = await startSwallowing(HOST, 25)
    stage.ends(swallowing.stop)
    const submission = await listenOn(HOST, 587)
    const [relay, ...witnesses] = await Promise.all([stage.relay(), stage.witness(), stage.witness()])
    const site = await stage.site({
      'site.yaml': siteFile({ policy, relays: [relay], witnesses: witnesses.map(({ port }) => `127.0.0.1:${port}`) }),
      'mail.yaml': mail,
    })
    await site.until('blocked', async () => (await firstCheck(site, 'mail')).reason === 'blocked')
    await stays(site, 'mail', 'unknown', 2_500)
    expect(await firstCheck(site, 'mail')).toMatchObject({ state: 'unknown', reason: 'blocked' })
    expect(relay.received).toHaveLength(0)

    await submission.stop()
    await site.until('red', stands(site, 'mail', 'major_outage'))
    await site.until('told', () => relay.received.length === 1)
  })

  it('is red when a witness proves that our line lets it out, and unknown when it proves that it does not', async () => {
    const swallowing = await startSwallowing(HOST, 25)
    stage.ends(swallowing.stop)
    await listenOn(HOST, 587)
    const elsewhere = await listenOn('127.77.1.25', 25)
    const witnesses = await Promise.all([stage.witness(), stage.witness()])
    const named = [...witnesses.map(({ port }) => `127.0.0.1:${port}`), '127.77.1.25:25']
    const site = await stage.site({ 'site.yaml': siteFile({ policy, witnesses: named }), 'mail.yaml': mail })
    await site.until('red', stands(site, 'mail', 'major_outage'))
    await elsewhere.stop()
    await site.until('unknown', stands(site, 'mail', 'unknown'))
    expect((await site.status()).get('mail')?.note).not.toBe('frozen')
  })
})
