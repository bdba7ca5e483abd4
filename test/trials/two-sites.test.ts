// Two sites that look at the same: what both say, what one says, and what neither must say.
import { describe, expect, it } from 'vitest'
import type { TestRelay } from '../servers/relay.ts'
import type { TestSite } from '../servers/site.ts'
import { startPair } from './pair.ts'
import { openStage } from './stage.ts'

const stage = openStage()
const web = (url: string) => `service: { fr: Site, en: Website }\nchecks:\n  - http: ${url}\n    allow_private: true\n`

interface Shown {
  readonly services: readonly {
    readonly state: string
    readonly confidence: {
      readonly confirmed: number
      readonly of: number
      readonly note: string
      readonly sites: string[]
    }
  }[]
}

const shown = async (site: TestSite) => (JSON.parse(await site.get('/api/vigie/status.json')) as Shown).services[0]!
const subjects = (relay: TestRelay) => relay.received.map(({ headers }) => headers.subject)
const confirmed = async (sites: readonly TestSite[], state: string) => {
  const said = await Promise.all(sites.map(shown))
  return said.every((one) => one.state === state && one.confidence.note === 'confirmed' && one.confidence.of === 2)
}

describe('two sites', () => {
  it('confirm each other: well, then an outage in one mail and its end in one, also with one behind NAT', async () => {
    const target = await stage.target()
    const relays = { home: await stage.relay(), offsite: await stage.relay() }
    const { home, offsite } = await startPair(stage, {
      services: { 'web.yaml': web(target.url) },
      relays: { home: [relays.home.port], offsite: [relays.offsite.port] },
      hidden: ['home'],
    })
    const both = [home, offsite]
    await home.until('confirmed up', () => confirmed(both, 'up'))
    target.break()
    await home.until('confirmed down', () => confirmed(both, 'down'))
    await home.until('mailed', () => relays.home.received.length === 1)
    target.break(false)
    await home.until('confirmed up again', () => confirmed(both, 'up'))
    await home.until('mailed again', () => relays.home.received.length === 2)
    expect((await shown(offsite)).confidence.sites.sort()).toEqual(['home', 'offsite'])
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(subjects(relays.home)).toHaveLength(2)
    expect(subjects(relays.offsite)).toEqual([])
  }, 60_000)

  it('mail by the second when the relay of the first refuses, and when the first is gone', async () => {
    const target = await stage.target()
    const refusing = await stage.relay({ atRecipient: () => ({ code: 451, text: 'not now' }) })
    const relay = await stage.relay()
    const { home, offsite, start } = await startPair(stage, {
      services: { 'web.yaml': web(target.url) },
      relays: { home: [refusing.port], offsite: [relay.port] },
    })
    await home.until('confirmed up', () => confirmed([home, offsite], 'up'))
    target.break()
    await home.until('mailed by the second', () => relay.received.length === 1)
    target.break(false)
    await home.until('mailed by the second again', () => relay.received.length === 2)
    await home.until('confirmed up', () => confirmed([home, offsite], 'up'))
    await home.stop()
    target.break()
    await offsite.until(
      'mailed alone',
      () => subjects(relay).filter((one) => / en panne /.test(one!)).length === 2,
      30_000,
    )
    const again = await start('home')
    await again.until('confirmed down', () => confirmed([again, offsite], 'down'))
    target.break(false)
    await again.until('confirmed up', () => confirmed([again, offsite], 'up'))
  }, 90_000)
})
