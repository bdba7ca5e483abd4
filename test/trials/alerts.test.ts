// Who is told what, by one whole site: real targets, real relays, real mails.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openStage, quiet, siteFile, stands, subjects, webFile } from './stage.ts'

const stage = openStage()

describe('a parent that falls', () => {
  it('takes its children into its own one mail; a child that stays down mails for itself', async () => {
    const [relay, parent, child, lame] = await Promise.all([
      stage.relay(),
      stage.target(),
      stage.target(),
      stage.target(),
    ])
    const hangs = '    depends: [host]\n'
    const site = await stage.site({
      'site.yaml': siteFile({ relays: [relay] }),
      // Slower to fall than its children, so that its mail finds them down and names them.
      'host.yaml': webFile('Machine', parent, '    fall: 6\n'),
      'chat.yaml': webFile('Chat', child, hangs),
      'files.yaml': webFile('Files', lame, hangs),
    })
    for (const id of ['host', 'chat', 'files']) await site.until(`${id} up`, stands(site, id, 'operational'))

    for (const target of [child, lame, parent]) target.break()
    for (const id of ['host', 'chat', 'files']) await site.until(`${id} down`, stands(site, id, 'major_outage'))
    await site.until('told', () => relay.received.length > 0)
    await quiet()
    expect(subjects(relay)).toEqual([expect.stringContaining('Machine')])
    expect(relay.received[0]?.body).toMatch(/Chat/)
    expect(relay.received[0]?.body).toMatch(/Files/)
    const document = JSON.parse(await site.get('/api/vigie/status.json')) as {
      services: { id: string; cause: string | null }[]
    }
    expect(document.services.map(({ id, cause }) => [id, cause])).toEqual([
      ['chat', 'host'],
      ['files', 'host'],
      ['host', null],
    ])

    parent.break(false)
    child.break(false)
    await site.until('told of the one that is still down', () => subjects(relay).some((one) => one.includes('Files')))
    await quiet()
    expect([...subjects(relay)].sort()).toEqual([
      expect.stringMatching(/^Re: .*Machine/),
      expect.stringMatching(/^\[Essai\] Files/),
      expect.stringMatching(/^\[Essai\] Machine/),
    ])
    lame.break(false)
    await site.until('told of its end', () => relay.received.length === 4)
    expect(relay.received[3]?.headers.subject).toMatch(/^Re: .*Files/)
  })
})

describe('a check for admins', () => {
  it('mails, and is nowhere on the page nor in any public file', async () => {
    const [relay, seen, hidden] = await Promise.all([stage.relay(), stage.target(), stage.target()])
    const site = await stage.site({
      'site.yaml': siteFile({ relays: [relay] }),
      'web.yaml': `${webFile('Web', seen)}  - http: ${hidden.url}\n    id: cellar\n    allow_private: true\n    audience: admins\n`,
      'attic.yaml': `${webFile('Mansarde', hidden)}audience: admins\n`,
    })
    await site.until('up', stands(site, 'web', 'operational'))
    await site.until('looked at', () => hidden.asked.length > 2)
    hidden.break()
    await site.until('told', () => relay.received.length >= 2)
    expect(relay.received.map(({ body }) => body).join()).toContain(hidden.url)
    expect([...subjects(relay)].sort()).toEqual([expect.stringContaining('Mansarde'), expect.stringContaining('Web')])
    expect((await site.status()).get('web')?.status).toBe('operational')
    expect([...(await site.status()).keys()]).toEqual(['web'])

    const folder = join(site.data, 'public')
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    expect(files.length).toBeGreaterThan(5)
    const served = await Promise.all(
      ['/', '/fr/', '/en/', '/api/v2/summary.json', '/api/vigie/status.json'].map(site.get),
    )
    for (const text of [...files, ...served]) {
      expect(text).not.toMatch(/cellar|attic|Mansarde/i)
      expect(text).not.toContain(String(hidden.port))
    }
    expect((await fetch(`${site.url}/fr/services/attic/`)).status).toBe(404)

    hidden.break(false)
    await site.until('told of the ends', () => relay.received.length >= 4)
    await quiet()
    expect(relay.received).toHaveLength(4)
  })
})
