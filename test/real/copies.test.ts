// Copies of the page over ssh, to a real sshd: by rsync and as a branch of a git repository; and what `vigie status` and
// admins are shown of them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { layOut, run, start } from '../trials/process.ts'
import { openStage } from '../trials/stage.ts'
import { type Daemon, freePorts, startDaemon } from './daemon.ts'
import { whenPresent } from './present.ts'

const stage = openStage()
const sshd = '/usr/sbin/sshd'

/** ssh asks the password database for its home, not `$HOME`: this one stands there for the process alone. */
const withHome = (home: string) => [
  'unshare',
  '--mount',
  '--',
  'sh',
  '-c',
  `mount --bind ${home} /root && exec "$@"`,
  'sh',
]

whenPresent(['root', sshd, 'ssh-keygen', 'unshare', 'rsync', 'git', 'setpriv'])('over ssh', () => {
  let daemon: Daemon | undefined
  let root: string
  afterEach(async () => {
    await daemon?.stop()
    rmSync(root, { recursive: true, force: true })
  })

  it('copies go by rsync and by git, with the keys of whoever vigie runs as; one that fails says why', async () => {
    root = mkdtempSync(join(tmpdir(), 'vigie-ssh-'))
    const { port, closed } = await freePorts('port', 'closed')
    const home = join(root, 'home')
    mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 })
    const keyAt = (file: string) => execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
    keyAt(join(home, '.ssh/id_ed25519'))
    keyAt(join(root, 'host_key'))
    const hostKey = readFileSync(join(root, 'host_key.pub'), 'utf8')
    writeFileSync(join(home, '.ssh/known_hosts'), `[127.0.0.1]:${port} ${hostKey}`)
    const authorized = join(home, '.ssh/id_ed25519.pub')
    const words = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${root}/host_key`, 'PidFile none', 'UsePAM no']
    const access = [`AuthorizedKeysFile ${authorized}`, 'StrictModes no', 'PasswordAuthentication no']
    writeFileSync(join(root, 'sshd_config'), `${[...words, ...access].join('\n')}\n`)
    mkdirSync('/run/sshd', { recursive: true })
    daemon = await startDaemon({
      command: sshd,
      arguments: ['-D', '-e', '-f', join(root, 'sshd_config')],
      folder: root,
      ready: (log) => log.includes('Server listening'),
    })
    const bare = join(root, 'status.git')
    execFileSync('git', ['init', '-q', '--bare', bare])
    const to = [
      `rsync+ssh://root@127.0.0.1:${port}${root}/page`,
      `git+ssh://root@127.0.0.1:${port}${bare}#pages`,
      `rsync+ssh://root@127.0.0.1:${closed}${root}/nowhere`,
    ]
    const laid = layOut(stage, {
      'site.yaml': `name: Essai\nsites: { home: {} }\npublish: [ ${to.map((one) => `{ to: "${one}", every: 1m }`).join(', ')} ]\n`,
      'web.yaml': 'service: Web\nchecks:\n  - http: http://127.0.0.1:9/\n    allow_private: true\n',
    })
    const site = await run(stage, laid, withHome(home))
    const noted = join(laid.data, 'copies.json')
    const states = () =>
      existsSync(noted)
        ? (JSON.parse(readFileSync(noted, 'utf8')) as { to: string; fault: string | null; good: string | null }[])
        : []
    await site.until('copied', () => states().length === 3, 60_000)
    const of = (address: string) => states().find((one) => one.to === address)!
    expect(to.slice(0, 2).map((one) => of(one).fault)).toEqual([null, null])
    expect(of(to[2]!)).toMatchObject({ fault: expect.stringMatching(/refused/i), good: null })
    const page = readFileSync(join(laid.data, 'public/fr/index.html'), 'utf8')
    expect(readFileSync(join(root, 'page/fr/index.html'), 'utf8')).toBe(page)
    const show = ['--git-dir', bare, 'show', 'pages:fr/index.html']
    expect(execFileSync('git', show, { encoding: 'utf8' })).toBe(page)

    const asked = start(stage, ['status', '--data', laid.data])
    await asked.ended
    expect(asked.out()).toContain('Copies of the page:')
    expect(asked.out().replace(/\s+/g, ' ')).toMatch(new RegExp(`${bare}#pages: made \\d+ s ago`))
    expect(asked.out().replace(/\s+/g, ' ')).toMatch(/nowhere: never made; the last try: .*refused/i)
  }, 120_000)
})
