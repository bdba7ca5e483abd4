// Data folders that can't be used: what the system says of them is told with a remedy, by every command.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { whenPresent } from '../../real/present.ts'
import { folderWith, SITE } from '../folders.ts'
import { vigie } from '../host.ts'

test.each(['run', 'incident list', 'admin list', 'twin key'])('%s: a file is no folder.', async (command) => {
  const root = folderWith({ 'checks/site.yaml': SITE, data: '' })
  const words = [...command.split(' '), '--checks', join(root, 'checks'), '--listen', '127.0.0.1:0']
  for (const data of [join(root, 'data'), join(root, 'data/below')]) {
    const { code, out, err } = await vigie([...words, '--data', data])
    expect([code, out]).toEqual([1, ''])
    const said = `vigie ${command}: ${root}/data is a file, not a folder: --data DIR names another`
    expect(err.trim().split('\n').at(-1)).toBe(said)
  }
})

test.each(['run', 'twin key', 'restore x.vigie'])(
  '%s: where no folder can be made it says so, and ends.',
  async (command) => {
    const root = folderWith({ 'checks/site.yaml': SITE, 'x.vigie': '' })
    const words = command.replace('x.vigie', join(root, 'x.vigie')).split(' ')
    const options = ['--checks', join(root, 'checks'), '--listen', '127.0.0.1:0', '--data', '/proc/vigie/data']
    const { code, err } = await vigie([...words, ...options])
    expect(code).toBe(1)
    expect(err.trim().split('\n').at(-1)).toMatch(
      /^vigie \w+( key)?: no folder can be made in \/proc: --data DIR names another$/,
    )
  },
)

whenPresent(['root', 'mount', 'unshare'])('on a disk that can’t be written', () => {
  test('a folder still to be made is told with what to do.', () => {
    const root = folderWith({ 'checks/site.yaml': SITE, 'disk/x': '' })
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
    const disk = join(root, 'disk')
    const vigie = `${process.execPath} dist/main.js run --checks ${root}/checks --data ${disk}/new/data`
    const { status, stderr } = spawnSync(
      'unshare',
      ['-m', 'sh', '-c', `mount -t tmpfs -o ro none ${disk} && ${vigie}`],
      {
        encoding: 'utf8',
      },
    )
    expect(stderr.trim().split('\n').at(-1)).toBe(
      `vigie run: ${disk} is on a disk that can’t be written: \`dmesg\` tells why, \`mount -o remount,rw\` tries again`,
    )
    expect(status).toBe(1)
  })
})

whenPresent(['root', 'setpriv'])('as another user', () => {
  // As `npm test` does first; whoever runs one file alone gets no old build either.
  beforeAll(() => {
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
  })

  /** As nobody, who is in every system. */
  function complaintOf(words: readonly string[]): string {
    const who = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, 'dist/main.js']
    try {
      execFileSync('setpriv', [...who, ...words], { encoding: 'utf8', stdio: 'pipe' })
      return 'none'
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string }
      return `${status} ${stderr.trim().split('\n').at(-1)}`
    }
  }

  test.each(['run', 'twin key'])('%s names the owner and what to type.', (command) => {
    const root = folderWith({ 'checks/site.yaml': SITE })
    const data = join(root, 'data')
    chmodSync(root, 0o755)
    const words = [...command.split(' '), '--checks', join(root, 'checks'), '--data', data]
    const name = `1 vigie ${command}:`
    expect(complaintOf(words)).toBe(
      `${name} nobody may not read and write ${root}, which belongs to root: \`sudo install -d -o nobody ${data}\` makes ${data}`,
    )
    mkdirSync(data)
    expect(complaintOf(words)).toBe(
      `${name} nobody may not read and write ${data}, which belongs to root: run this as root (\`sudo -u root …\`), or \`sudo chown -R nobody ${data}\``,
    )
    if (command === 'twin key') return
    chownSync(data, 65534, 65534)
    writeFileSync(join(data, 'pid'), '1\n')
    expect(complaintOf(words)).toBe(
      `${name} nobody may not read and write ${data}/pid, which belongs to root: \`sudo chown -R nobody ${data}\``,
    )
  })

  test.each(['status', 'incident list', 'admin list', 'explain web', 'doctor'])(
    '%s of a vigie that runs says whose it is, not that none runs.',
    async (command) => {
      const web = 'service: Web\nchecks: [{ heartbeat: 1h }]\n'
      const root = folderWith({ 'checks/site.yaml': SITE, 'checks/web.yaml': web, 'data/run.json': '{}' })
      const data = join(root, 'data')
      chmodSync(root, 0o755)
      chmodSync(join(data, 'run.json'), 0o600)
      const words = [...command.split(' '), '--checks', join(root, 'checks'), '--data', data]
      expect(complaintOf(words)).toBe(
        `1 vigie ${command.replace(' web', '')}: nobody may not read and write ${data}, which belongs to root: run this as root (\`sudo -u root …\`), or \`sudo chown -R nobody ${data}\``,
      )
    },
  )

  test.each(['explain web', 'report'])('%s of a database that is closed to it says whose it is.', (command) => {
    const web = 'service: Web\nchecks: [{ heartbeat: 1h }]\n'
    const root = folderWith({ 'checks/site.yaml': SITE, 'checks/web.yaml': web, 'data/results.db': 'x' })
    chmodSync(root, 0o755)
    chmodSync(join(root, 'data/results.db'), 0o600)
    const words = [...command.split(' '), '--checks', join(root, 'checks'), '--data', join(root, 'data')]
    expect(complaintOf(words)).toMatch(/ nobody may not read and write .*: run this as root \(`sudo -u root …`\), or /)
  })
})
