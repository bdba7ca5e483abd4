// What happens to the rest of the data folder: the ledger has last night's copy, the page has memory.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLedger } from '../../src/store/ledger.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { DAMAGE, lifeOnDisk } from './life.ts'
import { openStage, quiet, stands, subjects, wait } from './stage.ts'

const stage = openStage()

describe('ledger.db', () => {
  it.each(Object.entries(DAMAGE))(
    '%s between two runs: last night’s copy stands in, admins hear of it, nothing is told twice',
    async (_, damage) => {
      const { data, relay, target, live } = await lifeOnDisk(stage)
      const first = await live()
      await first.until('up', stands(first, 'web', 'operational'))
      target.break()
      await first.until('told', () => relay.received.length === 1)
      await first.stop()
      takeNightlyCopy(data)
      damage(join(data, 'ledger.db'))

      const second = await live()
      expect((await second.status()).get('web')?.status).toBe('major_outage')
      await second.until('said', () => second.log.some((line) => /ledger\.db was (broken|gone): its copy/.test(line)))
      await second.until('told', () => relay.received.length === 2)
      expect(relay.received[1]?.body).toContain('ledger.db')
      target.break(false)
      await second.until('up', stands(second, 'web', 'operational'))
      await second.until('told of the end', () => relay.received.length === 3)
      expect(relay.received[2]?.headers['in-reply-to']).toBe(relay.received[0]?.headers['message-id'])
      await quiet()
      expect(relay.received).toHaveLength(3)
    },
  )

  it('filled with noise without a copy: everything begins anew, and it says so', async () => {
    const { data, relay, target, live } = await lifeOnDisk(stage)
    const first = await live()
    await first.until('up', stands(first, 'web', 'operational'))
    await first.stop()
    DAMAGE['filled with noise']!(join(data, 'ledger.db'))
    const second = await live()
    await second.until('up', stands(second, 'web', 'operational'))
    await second.until('said', () => second.log.some((line) => line.includes('everything begins anew')))
    await second.until('told', () => relay.received.length === 1)
    target.break()
    await second.until('down', stands(second, 'web', 'major_outage'))
    await second.until('told', () => subjects(relay).some((subject) => subject.includes('Web')))
  })

  it.each(['cut', 'filled with noise'])(
    '%s while the site runs: looks and page go on, and admins hear of what broke by the next start at the latest',
    async (how) => {
      const { data, relay, target, live } = await lifeOnDisk(stage)
      const first = await live()
      await first.until('up', stands(first, 'web', 'operational'))
      await first.stop()
      takeNightlyCopy(data)
      const second = await live()
      await second.until('looked', () => target.asked.length > 3)
      DAMAGE[how]!(join(data, 'ledger.db'))
      target.break()
      await second.until('down', stands(second, 'web', 'major_outage'))
      expect(await second.get('/fr/')).toContain('panne')
      const before = target.asked.length
      await second.until('looking', () => target.asked.length > before + 2)
      await second.stop()

      const third = await live()
      await third.until('down', stands(third, 'web', 'major_outage'))
      await third.until('told', () => subjects(relay).some((subject) => subject.includes('Web')))
      target.break(false)
      await third.until('up', stands(third, 'web', 'operational'))
      await third.until('told of its end', () => subjects(relay).some((subject) => /^Re: .*Web/.test(subject)))
    },
  )
})

function takeNightlyCopy(data: string) {
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: Date.now })
  ledger.copy()
  ledger.close()
}

/** Nothing in it is written for two seconds. */
async function isAtRest(folder: string): Promise<boolean> {
  const files = () => readdirSync(folder, { recursive: true }).map((file) => [file, writtenAt(join(folder, `${file}`))])
  const before = JSON.stringify(files())
  await wait(2_000)
  return JSON.stringify(files()) === before
}

/** Null: it went while we looked. */
function writtenAt(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null
}

describe('data/public', () => {
  it('removed while the site runs is served from memory, and written anew', async () => {
    const { data, target, live } = await lifeOnDisk(stage)
    const site = await live()
    await site.until('up', stands(site, 'web', 'operational'))
    const folder = join(data, 'public')
    await site.until('written', () => existsSync(join(folder, 'api/v2/summary.json')))
    await site.until('written to the end', () => isAtRest(folder))
    rmSync(folder, { recursive: true })
    for (const path of ['/', '/fr/', '/en/', '/api/v2/summary.json']) {
      const answer = await fetch(site.url + path)
      expect([path, answer.status]).toEqual([path, 200])
      expect((await answer.text()).length).toBeGreaterThan(100)
    }
    target.break()
    await site.until('red', stands(site, 'web', 'major_outage'))
    expect(await site.get('/fr/')).toContain('panne')
    const files = ['index.html', 'fr/index.html', 'en/index.html', 'api/v2/summary.json', 'api/vigie/status.json']
    await site.until('written anew', () => files.every((file) => existsSync(join(folder, file))))
    // Whatever was just being written when the folder went is written with the next change.
    target.break(false)
    await site.until('up again', stands(site, 'web', 'operational'))
    await site.until('well', async () => (await fetch(`${site.url}/healthz`)).status === 200)
    expect(site.log.filter((line) => line.startsWith('error'))).toEqual([])
  }, 60_000)
})
