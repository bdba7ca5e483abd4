// Our own line dies, in part or whole: neither red nor amber, no mail about a service, and no burst when it is back.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { firstCheck, openStage, quiet, siteFile, stands, stays, webFile } from './stage.ts'

const stage = openStage()

describe('dead IPv6', () => {
  const both = (port: number, family: string) =>
    `service: Web\nchecks:\n  - http: http://web.localhost:${port}/\n    family: ${family}\n    allow_private: true\n`

  it('is neither red nor amber while no witness has IPv6', async () => {
    const [target, relay, ...witnesses] = await Promise.all([
      stage.target(),
      stage.relay(),
      stage.witness(),
      stage.witness(),
    ])
    const site = await stage.site({
      'site.yaml': siteFile({ relays: [relay], witnesses: witnesses.map(({ port }) => `127.0.0.1:${port}`) }),
      'web.yaml': both(target.port, 'both'),
      'six.yaml': both(target.port, '6'),
    })
    await site.until('up', stands(site, 'web', 'operational'))
    await stays(site, 'web', 'operational', 2_500)
    expect((await site.status()).get('six')?.status).toBe('unknown')
    expect(await firstCheck(site, 'six'), 'it is looked at all the same').toMatchObject({
      reason: 'offline',
      at: expect.any(String),
    })
    expect(await firstCheck(site, 'web')).toMatchObject({ state: 'up', reason: null })
    expect(relay.received).toHaveLength(0)
    target.break()
    await site.until('red by IPv4 alone', stands(site, 'web', 'major_outage'))
  })

  it('of the service is amber while a witness proves ours, and not when ours dies too', async (context) => {
    const six = createServer((_request, response) => response.end())
    const heard = await new Promise<boolean>((done) => {
      six.once('error', () => done(false))
      six.listen(0, '::1', () => done(true))
    })
    stage.ends(() => six.close())
    if (!heard) return context.skip('this machine has no ::1')
    const [target, ...witnesses] = await Promise.all([stage.target(), stage.witness(), stage.witness()])
    const named = [...witnesses.map(({ port }) => `127.0.0.1:${port}`), `[::1]:${(six.address() as AddressInfo).port}`]
    const site = await stage.site({
      'site.yaml': siteFile({ witnesses: named }),
      'web.yaml': both(target.port, 'both'),
    })
    await site.until('amber', stands(site, 'web', 'degraded_performance'))
    six.closeAllConnections()
    six.close()
    await site.until('not amber', stands(site, 'web', 'operational'))
    await stays(site, 'web', 'operational', 1_000)
  })
})

describe('a line that dies and comes back', () => {
  it('makes no burst, tells of what broke meanwhile, and one summary when it was long', async () => {
    let cut = false
    const relay = await stage.relay({ atRecipient: () => (cut ? { code: 451, text: 'no way out' } : null) })
    const [fine, broken, ...witnesses] = await Promise.all([
      stage.target(),
      stage.target(),
      stage.witness(),
      stage.witness(),
      stage.witness(),
    ])
    const site = await stage.site({
      'site.yaml': siteFile({ relays: [relay], witnesses: witnesses.map(({ port }) => `127.0.0.1:${port}`) }),
      'fine.yaml': webFile('Alpha', fine),
      'other.yaml': webFile('Bravo', fine),
      'broken.yaml': webFile('Charlie', broken),
    })
    const all = (status: string) => async () =>
      [...(await site.status()).values()].every((service) => service.status === status)
    await site.until('all up', all('operational'))
    const die = async () => {
      cut = true
      for (const { stop } of witnesses) await stop()
      await site.until('blind', all('unknown'))
    }
    const live = async () => {
      for (const { port } of witnesses) await stage.witness(port)
      cut = false
    }

    await die()
    fine.break()
    broken.break()
    await site.until('long', async () => {
      const { blind } = JSON.parse(await site.get('/api/vigie/status.json')) as { blind: { since: string } | null }
      return blind !== null && Date.now() - Date.parse(blind.since) > 4_000
    })
    expect(relay.received).toHaveLength(0)
    fine.break(false)
    await live()
    const back = performance.now()
    await site.until('seen again', stands(site, 'other', 'operational'))
    await site.until('the broken one down', stands(site, 'broken', 'major_outage'))
    await site.until('told', () => relay.received.length >= 2)
    await quiet()
    const bodies = relay.received.map(({ body }) => body)
    expect(bodies.filter((body) => /Charlie/.test(body))).toHaveLength(1)
    const summaries = bodies.filter((body) => /notre ligne|fiable/i.test(body))
    expect(summaries).toEqual([expect.stringMatching(/n.était pas fiable/)])
    expect(bodies).toHaveLength(2)
    const looks = fine.asked.filter((at) => at > back && at < back + 2_000).length
    expect(looks, 'two checks of the same target').toBeLessThan(30)
  })
})
