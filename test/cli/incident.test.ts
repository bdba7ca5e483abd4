// Incidents and maintenance from a shell: through the vigie that runs, and into the ledger when none does.
import { writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { QUICK, startSite, type TestSite } from '../servers/site.ts'
import { folderWith } from './folders.ts'
import { type Ran, vigie } from './host.ts'

const SITE = `name: Essai\nlanguages: [fr, en]\ntimezone: Europe/Paris\nsites: { home: {} }\n${QUICK}\n`
const WEB = 'service: Web\nchecks:\n  - http: http://127.0.0.1:1/\n    allow_private: true\n'
const COPIES = 'service: Copies\naudience: admins\nchecks:\n  - heartbeat: 24h\n'

let site: TestSite | null = null
afterEach(async () => {
  await site?.stop()
  site = null
})

/** Where nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

interface Place {
  readonly how: string
  /** On stderr, after what was done. */
  readonly aside: RegExp
  prepare(): Promise<(...argv: readonly string[]) => Promise<Ran>>
}

const PLACES: readonly Place[] = [
  {
    how: 'through the vigie that runs',
    aside: /^$/,
    prepare: async () => {
      const checks = folderWith({ 'site.yaml': SITE, 'web.yaml': WEB, 'copies.yaml': COPIES })
      site = await startSite({ 'site.yaml': SITE, 'web.yaml': WEB, 'copies.yaml': COPIES })
      const { data } = site
      return (...argv) => vigie([...argv, '--data', data, '--checks', checks])
    },
  },
  {
    how: 'into the ledger when none runs',
    aside:
      /^No vigie runs on \S+: this is in its ledger, and on the page once one does\. Another folder is --data DIR\.\n$/,
    prepare: async () => {
      const checks = folderWith({ 'site.yaml': SITE, 'web.yaml': WEB, 'copies.yaml': COPIES })
      const data = folderWith()
      // One that was killed left this behind.
      const url = `http://127.0.0.1:${await closedPort()}`
      writeFileSync(join(data, 'run.json'), JSON.stringify({ pid: 1, url, token: 'x' }))
      return (...argv) => vigie([...argv, '--data', data, '--checks', checks])
    },
  },
]

describe.each(PLACES)('$how', ({ aside, prepare }) => {
  it('what is only about a service for admins is said to be on no page', async () => {
    const run = await prepare()
    const words = ['--title', 'Copies', '--text', 'Oui.', '--services']
    expect((await run('incident', 'open', ...words, 'copies')).err).toContain(
      'Members don’t see it: what is only about copies',
    )
    const times = ['--begins', '22:00', '--for', '2h']
    expect((await run('maintenance', 'plan', ...words, 'copies', ...times)).err).toContain('Members don’t see it')
    expect((await run('incident', 'open', ...words, 'copies,web')).err).toMatch(aside)
  })

  it('a grave incident is said to leave its services as they are measured, and what raises them', async () => {
    const run = await prepare()
    const words = ['incident', 'open', '--title', 'En panne', '--text', 'Oui.', '--services', 'web']
    const { err, out } = await run(...words, '--impact', 'critical')
    expect(err).toContain(`vigie incident correct ${out.split(' ')[0]} --raises major_outage`)
    expect((await run(...words, '--impact', 'critical', '--raises', 'major_outage')).err).not.toContain('correct')
    expect((await run(...words)).err).not.toContain('correct')
  })

  it('an incident is opened, updated, corrected, ended, opened again and taken back', async () => {
    const run = await prepare()
    const opened = await run(
      'incident',
      'open',
      '--title',
      'En panne',
      '--title-en',
      'Down',
      '--text',
      'Oui.',
      '--services',
      'web',
      '--json',
    )
    expect(opened).toMatchObject({ code: 0, err: expect.stringMatching(aside) })
    const { id, title, updates } = JSON.parse(opened.out) as { id: string; title: object; updates: { id: string }[] }
    expect(title).toEqual({ fr: 'En panne', en: 'Down' })
    expect(await run('incident', 'update', id, 'Un', 'disque.', '--status', 'identified')).toMatchObject({ code: 0 })
    expect(await run('incident', 'correct', id, '--impact', 'major')).toMatchObject({ code: 0 })
    expect(await run('incident', 'correct', id, '--update', updates[0]!.id, '--text', 'Mieux.')).toMatchObject({
      code: 0,
    })
    expect((await run('incident', 'list', '--open')).out).toMatch(
      /BEGAN \(Europe\/Paris\)[\s\S]*identified +major .* web +En panne/,
    )
    expect((await run('incident', 'resolve', id)).out).toContain('resolved, impact major')
    expect((await run('incident', 'list', '--open')).out).toBe('No incident.\n')
    expect((await run('incident', 'reopen', id, 'Encore.')).out).toContain('investigating')
    expect((await run('incident', 'postmortem', id, 'Pourquoi.')).code).toBe(0)
    expect((await run('incident', 'retract', id)).out).toContain('taken back')
    const listed = await run('incident', 'list', '--json')
    expect(JSON.parse(listed.out)).toEqual([])
  })

  it('work is planned, prolonged, changed and called off', async () => {
    const run = await prepare()
    const words = ['--title', 'Travaux', '--text', 'Oui.', '--services', 'web', '--begins', '22:00', '--for', '2h']
    const shown = await run('maintenance', 'plan', ...words)
    expect(shown.out).toMatch(/^\w+ {2}\d{4}-\d\d-\d\d 22:00 Europe\/Paris\nTravaux\n$/)
    const planned = await run('maintenance', 'plan', ...words, '--repeats', 'FREQ=WEEKLY', '--json')
    expect(planned).toMatchObject({ code: 0, err: expect.stringMatching(aside) })
    const { id } = JSON.parse(planned.out) as { id: string }
    expect(await run('maintenance', 'prolong', id, '--for', '30m')).toMatchObject({ code: 0 })
    expect(await run('maintenance', 'change', id, '--title', 'Grands travaux')).toMatchObject({ code: 0 })
    expect(await run('maintenance', 'update', id, 'Cela avance.')).toMatchObject({ code: 0 })
    const list = (await run('maintenance', 'list')).out
    expect(list).toMatch(/NEXT \(Europe\/Paris\)/)
    expect(list).toMatch(/ 22:00 +FREQ=WEEKLY +web +Grands travaux/)
    expect((await run('maintenance', 'cancel', id)).out).toContain('called off')
    expect(await run('maintenance', 'cancel', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('called off') as string,
    })
  })

  it('what is wrong is said by its option', async () => {
    const run = await prepare()
    const wrong = await run('incident', 'open', '--title', 'x', '--impact', 'huge', '--services', 'wep')
    expect(wrong).toEqual({
      code: 2,
      out: '',
      err: [
        'vigie incident open: --services names "wep", which is no service; there are copies, web',
        'vigie incident open: --text is missing',
        'vigie incident open: --impact must be one of none, minor, major, critical',
        '',
      ].join('\n'),
    })
    const work = await run(
      'maintenance',
      'plan',
      '--title',
      'x',
      '--text',
      'y',
      '--services',
      'wep',
      '--begins',
      'now',
      '--for',
      '1h',
    )
    expect(work.err.match(/--services/g)).toHaveLength(1)
    expect(await run('incident', 'update')).toMatchObject({ code: 2 })
    expect(await run('incident', 'update', 'zzzzzzzzzzzz', 'x')).toMatchObject({
      code: 1,
      err: 'vigie incident update: there is no incident zzzzzzzzzzzz: `vigie incident list` shows their ids\n',
    })
    expect(await run('maintenance', 'cancel', 'zzzzzzzzzzzz')).toMatchObject({
      code: 1,
      err: 'vigie maintenance cancel: there is no maintenance zzzzzzzzzzzz: `vigie maintenance list` shows their ids\n',
    })
    const opened = await run('incident', 'open', '--title', 'x', '--text', 'y', '--json')
    const { id } = JSON.parse(opened.out) as { id: string }
    expect(await run('incident', 'retract', id, '--update', 'zzz')).toMatchObject({
      code: 1,
      err: 'vigie incident retract: there is no update zzz: `vigie incident list --json` shows their ids\n',
    })
    expect(await run('incident', 'opne')).toMatchObject({
      code: 2,
      err: expect.stringContaining('incident open') as string,
    })
  })
})
