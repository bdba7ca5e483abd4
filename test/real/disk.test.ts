// The whole site on a full disk: it goes on looking, showing and mailing, says so, and catches up when there is room again.
import { execFileSync } from 'node:child_process'
import { mkdirSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openDoor } from '../servers/door.ts'
import { startRelay } from '../servers/relay.ts'
import { startSite } from '../servers/site.ts'
import { openFolder } from './daemon.ts'
import { whenPresent } from './present.ts'

const open: { stop(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop()
}, 60_000)

/** A data folder on a disk of 8 MB. */
function mountSmall(): string {
  const folder = openFolder()
  open.push(folder)
  const data = join(folder.path, 'data')
  mkdirSync(data)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', data])
  open.push({
    stop: async () => {
      execFileSync('umount', ['-l', data])
    },
  })
  return data
}

/** Until not one byte more fits. */
function fillUp(ballast: string) {
  for (const size of [65_536, 4096, 512]) {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
}

whenPresent(['root', 'mount', 'umount'])('a full disk', () => {
  it('stops neither looks nor page nor mails; with room again all is written', async () => {
    const data = mountSmall()
    let greeting = 'fine'
    let looks = 0
    const door = await openDoor((socket) => {
      looks += 1
      socket.end(`${greeting}\r\n`)
    })
    const relay = await startRelay()
    open.push({ stop: () => door.close() }, { stop: () => relay.close() })
    const site = await startSite(
      {
        'site.yaml': `name: Essai
sites: { home: {} }
witnesses: []
policy: { every: 500ms, retry: 300ms, timeout: 5s, mail_after: 2s }
mail: { from: "Vigie <vigie@elsewhere.example>", relays: ["smtp://127.0.0.1:${relay.port}"] }
alerts: [ { email: admins@elsewhere.example, on: [down, up] } ]
`,
        'files.yaml': `service: Files\nchecks:\n  - { tcp: "127.0.0.1:${door.port}", banner: fine, allow_private: true }\n`,
      },
      { data },
    )
    open.push(site)
    const status = async () => (await site.status()).get('files')?.status
    const healthy = async () => (await fetch(`${site.url}/healthz`)).status
    await site.until('up', async () => (await status()) === 'operational', 60_000)
    await site.until('well', async () => (await healthy()) === 200, 60_000)

    const ballast = join(data, 'ballast')
    fillUp(ballast)
    expect(statfsSync(data).bavail).toBe(0)
    const before = looks
    greeting = 'broken'
    await site.until('down on the page', async () => (await status()) === 'major_outage', 60_000)
    expect(await site.get('/fr/')).toContain('panne')
    await site.until('mailed', () => relay.received.length === 1, 60_000)
    await site.until('not well', async () => (await healthy()) === 503, 90_000)
    expect(looks).toBeGreaterThan(before + 2)

    greeting = 'fine'
    await site.until('up on the page', async () => (await status()) === 'operational', 60_000)
    await site.until('mailed again', () => relay.received.length === 2, 60_000)
    expect(relay.received[1]?.headers['in-reply-to']).toBe(relay.received[0]?.headers['message-id'])

    unlinkSync(ballast)
    await site.until('well again', async () => (await healthy()) === 200, 150_000)
    expect(await status()).toBe('operational')
    expect(relay.received).toHaveLength(2)
  }, 480_000)
})
