// deploy/ says nothing that isn't so: the unit is sound and closed, and what it names is there or made by what is shipped.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OPTIONS } from '../../src/cli/options.ts'
import { whenPresent } from '../real/present.ts'

const UNIT = 'deploy/vigie.service'
const unit = readFileSync(UNIT, 'utf8')
const guide = readFileSync('deploy/README.md', 'utf8')

/** All values of a setting; of `Environment` and the like there are several. */
function valuesOf(setting: string): readonly string[] {
  return [...unit.matchAll(new RegExp(`^${setting}=(.*)$`, 'gm'))].map(([, value]) => value!)
}

const environment = new Map(
  valuesOf('Environment')
    .flatMap((line) => line.split(' '))
    .map((pair) => pair.split('=') as [string, string]),
)

describe('the unit', () => {
  it('starts the program that is built, under a Node that the oldest allowed one is like', () => {
    const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: { vigie: string } }
    expect(valuesOf('ExecStart')).toEqual([expect.stringMatching(/^\/usr\/bin\/node( --\S+)* \S+ run$/)])
    const [, ...words] = valuesOf('ExecStart')[0]!.split(' ')
    expect(words.at(-2)).toBe(`/opt/vigie/${bin.vigie}`)
    const flags = words.filter((word) => word.startsWith('--'))
    expect(execFileSync(process.execPath, [...flags, '--print', '1 + 1'], { encoding: 'utf8' })).toBe('2\n')
  })

  it('names no path of ours that is not in the repository, made by systemd, or made by a line of the guide', () => {
    const paths = new Set(
      [...unit.matchAll(/(?<![\w/.])\/(?:opt|etc|var|usr|run)\/[\w./-]*[\w/]/g)].map(([path]) => path),
    )
    const provided = new Map([
      ['/usr/bin/node', 'the guide installs nodejs'],
      ['/usr/bin/kill', 'procps, on every Debian'],
      ['/usr/bin/ping', 'iputils-ping, on every Debian'],
      ['/etc/default/vigie', 'may be missing'],
      ['/etc/credstore/vigie.NAME', 'may be missing'],
    ])
    const unknown = [...paths].filter((path) => {
      if (provided.has(path)) return false
      if (path.startsWith('/opt/vigie/')) return !existsSync(path.slice('/opt/vigie/'.length))
      if (path === '/var/lib/vigie') return !valuesOf('StateDirectory').includes('vigie')
      return !guide.includes(` ${path}`)
    })
    expect(unknown).toEqual([])
    expect(paths.size).toBeGreaterThan(5)
    expect(valuesOf('EnvironmentFile')).toEqual(['-/etc/default/vigie'])
    for (const made of ['adduser --system --group', 'install -y nodejs', '/etc/vigie/checks\n'])
      expect(guide).toContain(made)
  })

  it('sets variables that there are, to the folders the guide speaks of', () => {
    const known = [
      ...Object.values(OPTIONS).map((kind) => ('variable' in kind ? kind.variable : '')),
      'TZ',
      'UV_THREADPOOL_SIZE',
      'MALLOC_ARENA_MAX',
    ]
    expect([...environment.keys()].filter((name) => !known.includes(name))).toEqual([])
    expect(Object.fromEntries(environment)).toMatchObject({
      VIGIE_CHECKS: '/etc/vigie/checks',
      VIGIE_DATA: '/var/lib/vigie',
      TZ: 'UTC',
    })
  })

  it('leaves ping what it cannot do without, and nothing of it to vigie itself', () => {
    expect(valuesOf('CapabilityBoundingSet')).toEqual(['CAP_NET_RAW'])
    expect(valuesOf('AmbientCapabilities')).toEqual([])
    expect(valuesOf('SystemCallFilter').at(-1)?.split(' ').sort()).toEqual(['capset', 'setuid'])
    expect(readFileSync('deploy/sysctl.conf', 'utf8')).toMatch(/^net\.ipv4\.ping_group_range = 0 2147483647$/m)
  })

  it('loads every secret that the shipped checks name, even in a comment, from a file that may be missing', () => {
    const shipped = readdirSync('checks', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.yaml'),
    )
    const named = shipped.flatMap((file) =>
      [...readFileSync(join('checks', file), 'utf8').matchAll(/\$\{secret:([\w-]+)\}/g)].map(([, name]) => name!),
    )
    const loaded = valuesOf('LoadCredential').map((value) => value.split(':') as [string, string])
    expect(loaded.map(([name]) => name)).toEqual(expect.arrayContaining([...new Set(named)]))
    // A file's absolute path would keep vigie from starting without it.
    for (const [name, source] of loaded) expect(source).toBe(`vigie.${name}`)
  })
})

describe('the guide', () => {
  it('lists every file beside it, and where each goes', () => {
    const listed = [...guide.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|/gm)].map(([, file, target]) => ({
      file: file!,
      target: target!,
    }))
    expect(listed.map(({ file }) => file).sort()).toEqual(
      readdirSync('deploy')
        .filter((file) => file !== 'README.md')
        .sort(),
    )
    for (const { file, target } of listed) expect(guide).toMatch(new RegExp(`install -m \\d+ ${file} ${target}\\n`))
  })

  it('has commands that a shell can read', () => {
    const blocks = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!)
    expect(blocks.length).toBeGreaterThan(5)
    for (const block of blocks) execFileSync('sh', ['-n'], { input: block })
  })

  it('gives admins a command that works on the same folders as the service', () => {
    const command = readFileSync('deploy/vigie', 'utf8')
    execFileSync('sh', ['-n'], { input: command })
    for (const name of ['VIGIE_CHECKS', 'VIGIE_DATA']) expect(command).toContain(`\n${name}=${environment.get(name)}\n`)
    expect(command).toContain(`--user=${valuesOf('User')[0]}`)
    expect(command).toContain(`CREDENTIALS_DIRECTORY=/run/credentials/${UNIT.split('/')[1]}\n`)
    expect(command).toContain(valuesOf('ExecStart')[0]!.split(' ').at(-2))
  })
})

/** Exit code and everything said of `systemd-analyze`, on a unit with these lines replaced. */
function analyze(verb: readonly string[], replace: (text: string) => string = (text) => text) {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-unit-'))
  try {
    const file = join(folder, 'vigie.service')
    writeFileSync(file, replace(unit))
    const said = execFileSync('sh', ['-c', 'systemd-analyze "$@" 2>&1; echo "exit $?"', 'sh', ...verb, file], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', SYSTEMD_COLORS: '0' },
    })
    const [, words, code] = /^([\s\S]*)exit (\d+)\n$/.exec(said)!
    return { words: words!, code: Number(code) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const exposureOf = ({ words }: { words: string }) =>
  Number(/Overall exposure level for vigie.service: ([\d.]+)/.exec(words)?.[1])

/** Node may live elsewhere where the tests run. */
const here = (text: string) => text.replaceAll('/usr/bin/node', process.execPath)

whenPresent(['systemd-analyze', 'kill'])('systemd', () => {
  it('finds nothing to say against the unit', () => {
    expect(analyze(['verify', '--man=no'], here)).toEqual({ words: '', code: 0 })
  })

  it('would say so', () => {
    expect(
      analyze(['verify', '--man=no'], (text) => here(text).replace('Restart=always', 'Restart=sometimes')).words,
    ).toContain('sometimes')
    expect(analyze(['verify', '--man=no'], (text) => here(text).replace('ExecStart=', 'ExecStart=/not')).code).not.toBe(
      0,
    )
  })

  it('counts an exposure of 1.6 at most, which less hardening would exceed', () => {
    const exposure = exposureOf(analyze(['security', '--offline=true', '--no-pager']))
    expect(exposure).toBeGreaterThan(0)
    expect(exposure).toBeLessThanOrEqual(1.6)
    const open = (text: string) => text.replace(/^(SystemCallFilter|CapabilityBoundingSet|PrivateUsers)=.*\n/gm, '')
    expect(exposureOf(analyze(['security', '--offline=true', '--no-pager'], open))).toBeGreaterThan(1.6)
  })
})
