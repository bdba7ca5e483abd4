// Many outages at once and one that comes and goes: admins are told everything and not flooded.
import { describe, expect, it } from 'vitest'
import { openStage, quiet, siteFile, stands, webFile } from './stage.ts'

const stage = openStage()

describe('many services that fall at once', () => {
  it('are one mail each for the first five and one digest for the others, and so are their ends', async () => {
    const relay = await stage.relay()
    const target = await stage.target()
    const names = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot', 'Golf', 'Hotel']
    const site = await stage.site({
      'site.yaml': siteFile({ relays: [relay], policy: { digest: '{ services: 5, within: 2s }' } }),
      ...Object.fromEntries(names.map((name) => [`${name.toLowerCase()}.yaml`, webFile(name, target)])),
    })
    const all = (status: string) => async () =>
      [...(await site.status()).values()].every((service) => service.status === status)
    await site.until('all up', all('operational'))
    target.break()
    await site.until('all down', all('major_outage'))
    await site.until('told', () => relay.received.length >= 6)
    await quiet()
    expect(relay.received).toHaveLength(6)
    const alone = relay.received.slice(0, 5).map(({ body }) => names.filter((name) => body.includes(name)))
    expect(alone.map((found) => found.length)).toEqual([1, 1, 1, 1, 1])
    const others = names.filter((name) => !alone.flat().includes(name))
    expect(others).toHaveLength(3)
    for (const name of others) expect(relay.received[5]?.body).toContain(name)

    target.break(false)
    await site.until('all up again', all('operational'))
    await site.until('told of all ends', () => {
      const told = relay.received
        .slice(6)
        .map(({ body }) => body)
        .join()
      return names.every((name) => told.includes(name))
    })
    await quiet()
    expect(relay.received.length).toBeLessThanOrEqual(12)
  })
})

describe('a service with checks for admins that fails with those for members', () => {
  it('is one mail, and one when both are well again', async () => {
    const relay = await stage.relay()
    const target = await stage.target()
    const inner = `  - http: ${target.url}\n    id: inner\n    audience: admins\n    allow_private: true\n`
    const site = await stage.site({
      'site.yaml': siteFile({ relays: [relay] }),
      'web.yaml': webFile('Web', target, inner),
    })
    await site.until('up', stands(site, 'web', 'operational'))
    target.break()
    await site.until('told', () => relay.received.length > 0)
    await quiet()
    expect(relay.received.map(({ headers }) => headers.subject)).toEqual([expect.stringContaining('Web')])
    target.break(false)
    await site.until('told of the end', () => relay.received.length > 1)
    await quiet()
    expect(relay.received).toHaveLength(2)
  })
})

describe('a service that comes and goes', () => {
  it('is one mail that says so, and one that says where it stands once it is calm', async () => {
    const relay = await stage.relay()
    const target = await stage.target()
    const site = await stage.site({
      'site.yaml': siteFile({
        relays: [relay],
        policy: { flap: '{ changes: 3, within: 30m, calm: 3s }' },
        home: '{ url: "https://etat.example/" }',
      }),
      'web.yaml': webFile('Web', target),
    })
    await site.until('up', stands(site, 'web', 'operational'))
    const shown = async () => JSON.parse(await site.get('/api/vigie/status.json')).services[0]
    const unstable = async () => (await shown()).unstable as boolean
    target.break()
    await site.until('told of the fall', () => relay.received.length === 1)
    target.break(false)
    await site.until('told of the end', () => relay.received.length === 2)
    target.break()
    await site.until('unstable', unstable)
    await site.until('told', () => relay.received.length === 3)
    expect(relay.received[2]?.headers.subject).toMatch(/instable|unstable/)
    expect(relay.received[2]?.body).toContain('/admin/ack/')
    await site.until('said to be told', async () => (await shown()).told !== null)
    target.break(false)
    await site.until('well, and not believed', async () =>
      (await site.get('/api/vigie/status.json')).includes('"state":"up"'),
    )
    expect(await unstable()).toBe(true)
    expect((await shown()).told, 'while it is well, and not believed').not.toBeNull()
    await site.until('calm', async () => !(await unstable()))
    await site.until('told where it stands', () => relay.received.length === 4)
    expect(relay.received[3]?.headers.subject).toMatch(/stable/)
    await quiet()
    expect(relay.received).toHaveLength(4)
    expect((await site.status()).get('web')?.status).toBe('operational')
  })
})
