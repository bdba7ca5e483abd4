// What happens to results.db must not happen to members and admins: looks, page and mails go on. (A full disk:
// test/real/disk.test.ts.)
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { damageOf } from '../../src/store/database.ts'
import type { TestSite } from '../servers/site.ts'
import { DAMAGE, lifeOnDisk } from './life.ts'
import { openStage, quiet, stands } from './stage.ts'

const stage = openStage()

async function notices(site: TestSite): Promise<readonly string[]> {
  const document = JSON.parse(await site.get('/api/vigie/status.json')) as { notices: { kind: string }[] }
  return document.notices.map(({ kind }) => kind)
}

function damageIn(data: string): string | null {
  const db = new Sqlite(join(data, 'results.db'), { readonly: true })
  try {
    return damageOf(db)
  } finally {
    db.close()
  }
}

/** What admins are mailed of services; of the history that is gone they get one mail besides. */
function told({ received }: Awaited<ReturnType<typeof lifeOnDisk>>['relay']) {
  const [own, others] = [true, false].map((is) =>
    received.filter(({ headers }) => / vigie (a un souci|has trouble)/.test(String(headers.subject)) === is),
  )
  expect(own!.length).toBeLessThanOrEqual(1)
  return others!
}

const saysLost = (site: TestSite) => async () => (await notices(site)).includes('history_lost')

describe('results.db', () => {
  it.each(Object.entries(DAMAGE))(
    '%s while the site runs: looks, page and mails go on, and the page says so',
    async (how, damage) => {
      const { data, relay, target, live } = await lifeOnDisk(stage)
      const site = await live()
      await site.until('up', stands(site, 'web', 'operational'))
      damage(join(data, 'results.db'))
      const before = target.asked.length
      target.break()
      await site.until('down', stands(site, 'web', 'major_outage'))
      await site.until('told', () => told(relay).length === 1)
      target.break(false)
      await site.until('up again', stands(site, 'web', 'operational'))
      await site.until('told again', () => told(relay).length === 2)
      expect(target.asked.length).toBeGreaterThan(before + 3)
      // Noise under an open file may be written over again by SQLite itself before anybody reads it: then all is well.
      const noise = how === 'filled with noise'
      if (!noise) {
        await site.until('said', saysLost(site))
        expect(await site.get('/fr/')).toMatch(/historique/i)
      }
      expect(site.log.join('\n')).not.toMatch(/a fault in vigie/)
      expect((await fetch(`${site.url}/healthz`)).status).toBe(200)
      await site.stop()
      const next = await live()
      await next.until('up', stands(next, 'web', 'operational'))
      if (!noise || damageIn(data) !== null) expect(await saysLost(next)()).toBe(true)
      await quiet()
      expect(told(relay)).toHaveLength(2)
    },
  )

  it.each(Object.entries(DAMAGE))(
    '%s between two runs: the open outage is known, and the page says that history begins anew',
    async (_, damage) => {
      const { data, relay, target, live } = await lifeOnDisk(stage)
      const first = await live()
      await first.until('up', stands(first, 'web', 'operational'))
      target.break()
      await first.until('told', () => told(relay).length === 1)
      await first.stop()
      damage(join(data, 'results.db'))

      const second = await live()
      expect((await second.status()).get('web')?.status).toBe('major_outage')
      await second.until('said', saysLost(second))
      expect(await second.get('/en/')).toMatch(/history/i)
      await quiet()
      expect(told(relay)).toHaveLength(1)
      target.break(false)
      await second.until('up', stands(second, 'web', 'operational'))
      await second.until('told', () => told(relay).length === 2)
      const [down, up] = told(relay)
      expect(up?.headers['in-reply-to']).toBe(down?.headers['message-id'])
    },
  )
})
