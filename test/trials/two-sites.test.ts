// Two sites that look at the same: what both say, what one says, and what neither must say.
import { describe, expect, it } from 'vitest'
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

describe('two sites', () => {
  it('confirm each other: well, then an outage in one mail and its end in one, whichever site may call', async () => {
    const target = await stage.target()
    const relay = await stage.relay()
    const { home, offsite } = await startPair(stage, {
      services: { 'web.yaml': web(target.url) },
      relays: { home: [relay.port], offsite: [relay.port] },
      hidden: ['home'],
    })
    const shown = async (site: typeof home) =>
      (JSON.parse(await site.get('/api/vigie/status.json')) as Shown).services[0]!
    const confirmed = async (state: string) => {
      const both = await Promise.all([home, offsite].map(shown))
      return both.every((one) => one.state === state && one.confidence.note === 'confirmed' && one.confidence.of === 2)
    }
    await home.until('confirmed up', () => confirmed('up'))
    target.break()
    await home.until('confirmed down', () => confirmed('down'))
    target.break(false)
    await home.until('confirmed up again', () => confirmed('up'))
    expect((await shown(offsite)).confidence.sites.sort()).toEqual(['home', 'offsite'])
  }, 60_000)
})
