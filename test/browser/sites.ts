// Two living sites to look at: the catalogue as shipped, all well; and one where everything that can be is wrong.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDoor } from '../servers/door.ts'
import { startSite, type TestSite } from '../servers/site.ts'

export interface Scene {
  readonly site: TestSite
  stop(): Promise<void>
}

/** `checks/` as in the repository, with its replica of the hoster; returns when all of it works. */
export async function startCalm(): Promise<Scene> {
  const names = readdirSync('checks').filter((name) => name.endsWith('.yaml'))
  const site = await startSite(
    Object.fromEntries(names.map((name) => [name, readFileSync(join('checks', name), 'utf8')])),
  )
  return settle(site, site.stop, async () =>
    [...(await site.status()).values()].every(({ status }) => status === 'operational'),
  )
}

/** What each service of the other site comes to; `orphan` hangs on `parent`. */
export const TROUBLES = {
  fine: 'operational',
  slow: 'degraded_performance',
  partial: 'partial_outage',
  parent: 'major_outage',
  orphan: 'major_outage',
  unseen: 'unknown',
} as const

/** Long words, names in one language, links, a parent and its child; returns when each is what it should be. */
export async function startTrouble(): Promise<Scene> {
  const door = await openDoor((socket) => setTimeout(() => socket.end('fine\r\n'), 60))
  const check = (id: string, more: string) =>
    `  - { tcp: "127.0.0.1:${door.port}", id: ${id}, allow_private: true, ${more} }\n`
  const service = (about: string, ...checks: readonly string[]) => `${about}\nchecks:\n${checks.join('')}`
  const [good, bad] = [check('good', 'banner: fine'), check('bad', 'banner: other')]
  try {
    const site = await startSite({
      'site.yaml': `name: Association anticonstitutionnellement hébergée
domain: nomagic.test
about: { fr: "Une association.", en: "An association." }
contact: mailto:une-adresse-vraiment-tres-tres-longue-pour-un-petit-ecran@nomagic.example
groups: [ one: { fr: Communiquer, en: Keep in touch }, two: Partage ]
sites: { home: { where: { fr: Grenoble, en: Grenoble } } }
witnesses: []
policy: { every: 500ms, retry: 300ms, timeout: 5s }
`,
      'fine.yaml': service('service: { fr: Courriel, en: E-mail }\ngroup: one\nurl: https://mail.nomagic.test', good),
      'slow.yaml': service(
        'service: { fr: Notes, en: Notes }\ngroup: one\nabout: { fr: "Des notes.", en: "Notes." }',
        check('good', 'banner: fine, slow: 5ms'),
      ),
      'partial.yaml': service(
        'service: Rendez-vous et sondages et autres choses\ngroup: two\nurl: https://poll.nomagic.test',
        good,
        bad,
      ),
      'parent.yaml': service('service: { fr: Serveur principal, en: Main server }', bad),
      'orphan.yaml': service(
        'service: { fr: Fichiers, en: Files }\ndepends: [parent]\nurl: https://files.nomagic.test',
        bad,
      ),
      'unseen.yaml': 'service: { fr: Sauvegardes, en: Backups }\nchecks:\n  - heartbeat: 24h\n',
    })
    const stop = async () => {
      await site.stop()
      await door.close()
    }
    return settle(site, stop, async () => {
      const seen = await site.status()
      return Object.entries(TROUBLES).every(([id, status]) => seen.get(id)?.status === status)
    })
  } catch (error) {
    await door.close()
    throw error
  }
}

async function settle(site: TestSite, stop: () => Promise<void>, holds: () => Promise<boolean>): Promise<Scene> {
  try {
    await site.until('as it should be', holds, 120_000)
    return { site, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
