// Copies of a folder: into another one, and by the real git and rsync.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kindOf } from '../../src/copies/index.ts'
import { type CopyState, tried } from '../../src/core/shown/copy.ts'
import { readCopies, startCopying } from '../../src/showing/copying.ts'
import { POLICY, siteOf } from '../core/policy.ts'
import { type Daemon, freePorts, startDaemon } from '../real/daemon.ts'
import { whenPresent } from '../real/present.ts'

let root: string
let from: string
const put = (to: string) => kindOf(to)!.put(from, to, 20_000)
const file = (path: string, text: string) => {
  mkdirSync(join(from, path, '..'), { recursive: true })
  writeFileSync(join(from, path), text)
}
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vigie-copies-'))
  from = join(root, 'public')
  file('index.html', 'one')
  file('fr/index.html', 'un')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('a folder', () => {
  it('holds what the page holds, and loses only what vigie put there', async () => {
    const to = join(root, 'copy')
    mkdirSync(to)
    writeFileSync(join(to, 'theirs.txt'), 'mine')
    await put(to)
    expect(readFileSync(join(to, 'fr/index.html'), 'utf8')).toBe('un')
    rmSync(join(from, 'fr'), { recursive: true })
    file('index.html', 'two')
    await put(to)
    expect(readFileSync(join(to, 'index.html'), 'utf8')).toBe('two')
    expect(existsSync(join(to, 'fr/index.html'))).toBe(false)
    expect(readFileSync(join(to, 'theirs.txt'), 'utf8')).toBe('mine')
    expect(readdirSync(to, { recursive: true }).filter((name) => String(name).endsWith('.new'))).toEqual([])
  })

  it('is no part of what it is a copy of: it would grow with every copy', async () => {
    for (const to of [from, join(from, 'copy'), join(from, '..', 'public', 'copy')])
      await expect(put(to)).rejects.toThrow('lies in the folder')
    expect(readdirSync(from).sort()).toEqual(['fr', 'index.html'])
    await put(`${from}-copy`)
  })

  it('is never led out of itself by a manifest', async () => {
    const to = join(root, 'copy')
    mkdirSync(to)
    writeFileSync(join(root, 'precious'), '')
    writeFileSync(join(to, '.vigie-copy.json'), '{"../precious":"x"}')
    await put(to)
    expect(existsSync(join(root, 'precious'))).toBe(true)
  })
})

/** Puts the page there again and again while it is written. */
const busy = async (to: string) => {
  let going = true
  const publisher = (async () => {
    for (let turn = 0; going; turn++) {
      const name = `fr/page-${turn % 50}.html`
      const unfinished = join(from, 'fr', `.page-${turn % 50}.html.tmp`)
      await writeFile(unfinished, 'half')
      await rename(unfinished, join(from, name))
      if (turn % 3 === 0) await rm(join(from, name))
    }
  })()
  try {
    for (let turn = 0; turn < 20; turn++) await put(to)
  } finally {
    going = false
    await publisher
  }
}

describe('while the publisher writes', () => {
  it('a folder fails at nothing that comes and goes, and holds nothing unfinished', async () => {
    file('.index.html.tmp', 'left behind')
    const to = join(root, 'copy')
    await busy(to)
    expect(readdirSync(to, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual([])
    expect(readFileSync(join(to, 'index.html'), 'utf8')).toBe('one')
  }, 60_000)

  it('a page that is not there at all is a failure', async () => {
    rmSync(from, { recursive: true })
    await expect(put(join(root, 'copy'))).rejects.toThrow(/ENOENT/)
  })
})

it.each([
  '/.',
  '/proc/vigie',
  '/./proc/vigie',
  '//sys/status',
  '/',
  '/a/../b',
  'rsync://-e/x',
  'rsync://host/-x',
  'rsync+ssh://-oProxyCommand=x/y',
  'rsync+ssh://host',
  'git+ssh://-x/y.git',
  'git+ssh://host/y.git#-f',
  'git+ext://sh',
])('%s is no place', (to) => {
  expect(kindOf(to)?.fault(to)).not.toBeNull()
})

whenPresent(['git'])('git', () => {
  it('fails at nothing that comes and goes', async () => {
    file('.index.html.tmp', 'left behind')
    const bare = join(root, 'bare.git')
    execFileSync('git', ['init', '-q', '--bare', bare])
    await busy(`git+file://${bare}#page`)
    const words = ['--git-dir', bare, 'ls-tree', '-r', '--name-only', 'page']
    const files = execFileSync('git', words, { encoding: 'utf8' }).trim().split('\n')
    expect(files).toContain('index.html')
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([])
  }, 60_000)

  it('gets a branch of one commit, again and again', async () => {
    const bare = join(root, 'bare.git')
    execFileSync('git', ['init', '-q', '--bare', bare])
    await put(`git+file://${bare}#page`)
    file('index.html', 'two')
    await put(`git+file://${bare}#page`)
    const git = (...words: string[]) => execFileSync('git', ['--git-dir', bare, ...words], { encoding: 'utf8' }).trim()
    expect([git('show', 'page:index.html'), git('rev-list', '--count', 'page')]).toEqual(['two', '1'])
    await expect(put(`git+file://${root}/nowhere.git`)).rejects.toThrow(/./)
  }, 60_000)
})

whenPresent(['rsync', 'setpriv'])('rsync', () => {
  let daemon: Daemon | undefined
  afterEach(async () => daemon?.stop())

  it('brings new files to a module and takes old ones away', async () => {
    const { port } = await freePorts('port')
    const to = join(root, 'module')
    mkdirSync(to)
    const config = `use chroot = no\n[page]\npath = ${to}\nread only = no\nuid = root\ngid = root\n`
    writeFileSync(join(root, 'rsyncd.conf'), config)
    const words = ['--daemon', '--no-detach', '--address=127.0.0.1', `--port=${port}`, `--config=${root}/rsyncd.conf`]
    const ready = async () =>
      put(`rsync://127.0.0.1:${port}/page/`).then(
        () => true,
        () => false,
      )
    daemon = await startDaemon({ command: 'rsync', arguments: words, folder: root, ready })
    expect(readFileSync(join(to, 'fr/index.html'), 'utf8')).toBe('un')
    file('.index.html.tmp', 'unfinished')
    writeFileSync(join(to, '.index.html.tmp'), 'of an earlier copy')
    rmSync(join(from, 'fr'), { recursive: true })
    await put(`rsync://127.0.0.1:${port}/page/`)
    expect(existsSync(join(to, 'fr'))).toBe(false)
    expect(existsSync(join(to, '.index.html.tmp'))).toBe(false)
    await expect(put(`rsync://127.0.0.1:${port}/other/`)).rejects.toThrow(/Unknown module|error/)
  }, 90_000)
})

/** Copies by the clock, without a place to bring them to. */
function copyingByClock() {
  const at = {
    now: Date.UTC(2026, 10, 23),
    ticks: 0,
    publish: [{ to: '/a', every: 60_000, from: null as readonly string[] | null }],
    broken: true,
    shared: false,
    replica: false,
    sees: true,
    /** What of the sites is here, and which is heard. */
    site: 'home',
    heard: ['home', 'offsite', 'friend'],
    silentSince: 0,
    putting: () => {},
  }
  const sites = ['home', 'offsite', 'friend'].map(
    (id) => ({ ...siteOf(id), role: id === 'friend' ? 'observer' : 'full' }) as const,
  )
  const told: string[] = []
  const puts: string[] = []
  let next = () => {}
  const start = () =>
    startCopying({
      configuration: () => ({
        publish: at.publish,
        sites,
        site: sites.find(({ id }) => id === at.site)!,
        policy: POLICY,
        replica: at.replica,
      }),
      sees: () => at.sees,
      peers: () =>
        sites
          .filter(({ id }) => id !== at.site)
          .map(({ id }) => ({ site: id, heard: at.heard.includes(id), since: at.silentSince })),
      kindOf: () => ({
        shared: () => at.shared,
        put: async (_from, to) => {
          puts.push(to)
          at.putting()
          if (at.broken) throw new Error('no room')
        },
      }),
      from,
      data: root,
      troubles: {
        begin: (_what, cause, note) => void told.push(`${cause} ${note}`),
        end: (cause) => void told.push(`${cause} over`),
      },
      now: () => at.now,
      ticks: () => at.ticks,
      after: (delay, run) => {
        next = () => {
          at.now += delay
          at.ticks += delay
          run()
        }
        return () => {}
      },
    })
  const pass = async (length: number) => {
    for (const end = at.ticks + length; at.ticks < end; ) {
      next()
      await new Promise((done) => setImmediate(done))
    }
  }
  return { at, told, puts, start, pass }
}

it('Each copy has its pace, a failure is told once, and what became of it is written down.', async () => {
  const { at, told, puts, start, pass } = copyingByClock()
  const { stop } = start()
  await pass(30_000)
  expect(puts).toEqual(['/a'])
  expect(readCopies(root).get('/a')).toMatchObject({ fault: 'no room', good: null })
  at.broken = false
  await pass(60_000)
  expect(puts).toHaveLength(2)
  expect(told).toEqual(['copy:/a the copy at /a: no room', 'copy:/a over'])
  expect(readCopies(root).get('/a')).toMatchObject({ fault: null })
  // Of one that is no longer asked for nothing is said any more, whether another is or not.
  at.publish = []
  await pass(10_000)
  expect(readCopies(root).size).toBe(0)
  stop()
})

it('A restart makes no copy sooner, and a clock that was set back hinders none.', async () => {
  const { at, puts, start, pass } = copyingByClock()
  start().stop()
  await pass(10_000)
  expect(puts).toHaveLength(1)
  start()
  await pass(50_000)
  expect(puts).toHaveLength(1)
  await pass(20_000)
  expect(puts).toHaveLength(2)
  at.now -= 3_600_000
  start()
  await pass(10_000)
  expect(puts).toHaveLength(3)
})

it('The log of a copy holds spells of tries that ended alike, the latest first, and no more than thirty.', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 0, minute)).toISOString()
  const good = { to: '/a', fault: null, took_ms: 5 }
  const bad = { ...good, fault: 'no room' }
  let state: CopyState | undefined
  for (const [minute, one] of [good, { ...good, took_ms: 9 }, good, bad].entries()) {
    state = tried(state, { ...one, at: at(minute) })
  }
  expect(state).toEqual({
    to: '/a',
    at: at(3),
    fault: 'no room',
    good: at(2),
    log: [
      { from: at(3), until: at(3), tries: 1, longest_ms: 5, fault: 'no room' },
      { from: at(0), until: at(2), tries: 3, longest_ms: 9, fault: null },
    ],
  })
  for (let minute = 4; minute < 99; minute++) state = tried(state, { ...(minute % 2 ? bad : good), at: at(minute) })
  expect(state?.log).toHaveLength(30)
  expect(state?.log[0]?.from).toBe(at(98))
})

it('One place that all sites share gets its copy from the first of them that is heard, no observer; a folder from each.', async () => {
  const { at, puts, start, pass } = copyingByClock()
  at.broken = false
  at.shared = true
  at.site = 'offsite'
  start()
  await pass(60_000)
  expect(puts).toEqual([])
  expect(readCopies(root).get('/a')).toMatchObject({ by: 'home', there: true, fault: null, log: [] })
  at.heard = ['friend']
  at.silentSince = at.now
  await pass(POLICY.takeover - 10_000)
  expect(puts).toEqual([])
  await pass(20_000)
  expect(puts).toEqual(['/a'])
  expect(readCopies(root).get('/a')).not.toHaveProperty('by')
  at.heard = ['home', 'friend']
  await pass(120_000)
  expect(puts).toHaveLength(1)
  expect(readCopies(root).get('/a')).toMatchObject({ by: 'home', there: true, log: [{ fault: null }] })

  // `from` has an order of its own.
  at.publish = [{ to: '/a', every: 60_000, from: ['offsite', 'home'] }]
  await pass(10_000)
  expect(puts).toHaveLength(2)
  at.publish = [{ to: '/a', every: 60_000, from: ['friend'] }]
  at.heard = ['home']
  at.silentSince = 0
  await pass(120_000)
  expect(puts).toHaveLength(2)
  expect(readCopies(root).get('/a')).toMatchObject({ by: 'friend', there: false })
  at.publish = [{ to: '/a', every: 60_000, from: null }]
  at.shared = false
  await pass(10_000)
  expect(puts).toHaveLength(3)
})

it('While our own line is bad a copy elsewhere is not tried, and what failed by it is not told.', async () => {
  const { at, told, puts, start, pass } = copyingByClock()
  at.shared = true
  at.sees = false
  start()
  await pass(60_000)
  expect(puts).toEqual([])
  at.sees = true
  at.putting = () => {
    at.sees = false
  }
  await pass(10_000)
  expect([puts, told]).toEqual([['/a'], []])
  expect(readCopies(root).get('/a')).toMatchObject({ fault: 'no room' })
  at.sees = true
  at.putting = () => {}
  await pass(60_000)
  expect(told).toEqual(['copy:/a the copy at /a: no room'])
})

it('Of a copy that another site makes by the time it is done nothing is told, and a replica makes none.', async () => {
  const { at, told, puts, start, pass } = copyingByClock()
  at.shared = true
  at.site = 'offsite'
  at.publish = [{ to: '/a', every: 60_000, from: ['offsite'] }]
  at.putting = () => {
    at.publish = [{ to: '/a', every: 60_000, from: ['home'] }]
  }
  start()
  await pass(20_000)
  expect([puts, told]).toEqual([['/a'], []])
  expect(readCopies(root).get('/a')).toMatchObject({ by: 'home', log: [] })
  at.publish = [{ to: '/b', every: 60_000, from: ['offsite'] }]
  at.replica = true
  await pass(120_000)
  expect(puts).toEqual(['/a'])
  expect(readCopies(root).size).toBe(0)
})
