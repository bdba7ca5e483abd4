// Whatever lies in the folder: a reading comes back, soon, and never throws.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Mistake } from '../../src/config/mistake.ts'
import type { Reading } from '../../src/config/read.ts'
import { kinds } from '../../src/probes/index.ts'
import { EVERY } from './every-key.ts'
import { folderOf, readFiles, readFrom, SERVICE, SITE } from './folders.ts'

const KEYS =
  'name domain languages timezone about contact groups sites witnesses path policy mail alerts listen proxy metrics security deadman admin drafts replica publish from relays email on token url key where role every timeout retry fall slow expires_in flap digest service group depends checks http tcp tls dns heartbeat id login user password headers status family connect ca fr en home x'.split(
    ' ',
  )
const WORDS = [
  '',
  'a',
  'fr',
  'home',
  'web',
  'web.http',
  '5m',
  '20%',
  'https://a.example/',
  'a.example:25',
  '127.0.0.1:53',
  '${domain}',
  '${secret:x}',
  '${',
  '$${x}',
  '*a',
  '&a x',
  '\u0000',
  '😀',
  '__proto__',
  'constructor',
]

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...WORDS),
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e300, Number.NaN),
    fc.string(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS, ...WORDS), fc.string()), tie('any'), { maxKeys: 6 }),
  ),
})).any

const yamlish = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...KEYS,
        ...WORDS,
        ': ',
        ':',
        '- ',
        '\n',
        '\n  ',
        '\t',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '"',
        "'",
        '|',
        '>',
        '#',
        '? ',
        '---\n',
        '...',
        '%',
        '!',
        '!!',
        '<<: ',
        '&',
        '*',
      ),
      fc.string(),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''))

// One folder, written over: what is tried here is the reading, not the disk.
const kept = folderOf({})
afterAll(() => rmSync(kept, { recursive: true }))

function readOver(site: string | Buffer, web: string | Buffer, more: Parameters<typeof readFrom>[1] = {}): Reading {
  writeFileSync(join(kept, 'checks/site.yaml'), site)
  writeFileSync(join(kept, 'checks/web.yaml'), web)
  return readFrom(kept, more)
}

function placed(mistakes: readonly Mistake[]): void {
  for (const { file, line, column, message } of mistakes) {
    expect(file).toMatch(/checks/)
    expect(line).toBeGreaterThan(0)
    expect(column).toBeGreaterThan(0)
    expect(message).not.toMatch(/[\0-\x1f]/)
  }
}

describe('any content of the folder', () => {
  it('any text as site.yaml and as a service is read without throwing', () => {
    fc.assert(
      fc.property(yamlish, yamlish, (site, web) => {
        const { configuration, mistakes } = readOver(site, web)
        placed(mistakes)
        expect(configuration === null).toBe(mistakes.length > 0)
      }),
      { numRuns: 150 },
    )
  })

  it('any values as site.yaml and as a service are read without throwing', () => {
    fc.assert(
      fc.property(value, value, (site, web) => {
        const { configuration, mistakes } = readOver(stringify(site), stringify(web))
        placed(mistakes)
        expect(configuration === null).toBe(mistakes.length > 0)
      }),
      { numRuns: 150 },
    )
  })

  it('any values for any key of a real kind are read without throwing', () => {
    const given = EVERY.map((check) => parse(check) as Record<string, unknown>)
    const own = [...new Set(given.flatMap((check) => Object.keys(check)))]
    const stranger = fc
      .tuple(fc.constantFrom(...Object.keys(kinds)), value, fc.dictionary(fc.constantFrom(...own), value))
      .map(([kind, target, rest]) => ({ [kind]: target, ...rest }))
    // A right one, spoilt in a few places: as far into the kind as can be.
    const spoilt = fc
      .tuple(fc.constantFrom(...given), fc.dictionary(fc.nat(30).map(String), value, { minKeys: 1, maxKeys: 3 }))
      .map(([check, blows]) => {
        const keys = Object.keys(check)
        return {
          ...check,
          ...Object.fromEntries(Object.entries(blows).map(([at, bad]) => [keys[+at % keys.length], bad])),
        }
      })
    const several = fc.array(fc.oneof(stranger, spoilt), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(several, (checks) => {
        placed(readOver(SITE, stringify({ service: 'Web', checks }), { kinds }).mistakes)
      }),
      { numRuns: 50 },
    )
  })

  it('any bytes are read without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => placed(readOver(SITE, Buffer.from(bytes)).mistakes)),
    )
  })
})

describe('what is made to hurt', () => {
  const bomb = `a: &a [${'x,'.repeat(9)}]\n${'bcdefgh'
    .split('')
    .map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(9)}]\n`)
    .join('')}`
  const cases: Record<string, string | Buffer> = {
    'deep lists': '['.repeat(100_000),
    'deep maps': '{a: '.repeat(50_000),
    'deep dashes': '- '.repeat(100_000),
    'many anchors': '&a '.repeat(100_000),
    'many closing brackets': ']'.repeat(100_000),
    'many keys': Array.from({ length: 20_000 }, (_, i) => `key${i}: 1\n`).join(''),
    'many aliases': `a: &a ${'x'.repeat(100)}\nb: [${'*a, '.repeat(5_000)}]\n`,
    'a bomb of aliases': bomb,
    'an alias of itself': 'service: &a { fr: *a }\nchecks: &c [*c]\n',
    'an alias of nothing': 'service: *nothing\n',
    'a merge': '<<: { service: x }\n',
    'a tag': 'service: !!binary aGVsbG8=\n',
    'two documents': `${SERVICE}---\n${SERVICE}`,
    'zero bytes': Buffer.alloc(1000),
    'no UTF-8': Buffer.from([0x73, 0xff, 0xfe, 0x0a]),
    'too large': `${SERVICE}#${'x'.repeat(1_000_000)}`,
    'unknown parents by the thousand': `service: A\nchecks:\n${Array.from({ length: 5_000 }, (_, i) => `  - {tcp: "a.b:1", id: x${i}, depends: a.y${i}}\n`).join('')}`,
  }
  it.each(Object.keys(cases))('%s: a mistake, soon', { timeout: 120_000 }, (name) => {
    const before = process.cpuUsage()
    const { configuration, mistakes } = readFiles({ 'web.yaml': cases[name]! })
    expect(configuration).toBeNull()
    placed(mistakes)
    // Of the processor; on the wall the slowest took seven seconds of a machine that others used, too.
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(15_000)
  })

  it('a folder that isn’t there, a file instead of it, and a folder without site.yaml are mistakes', () => {
    expect(readFrom('/nowhere/at/all').mistakes).toMatchObject([
      { file: '/nowhere/at/all/checks', line: 1, column: 1, message: 'the folder is not there' },
    ])
    const root = folderOf({ 'checks/web.yaml': SERVICE })
    expect(readFrom(root).mistakes).toMatchObject([
      { file: join(root, 'checks/site.yaml'), message: 'the file is not there' },
    ])
    expect(readFrom(root, { dir: join(root, 'checks/web.yaml') }).mistakes).toHaveLength(1)
  })

  it('a pipe or a folder with the name of a file is not waited for', () => {
    const root = folderOf({ 'checks/site.yaml': 'name: N\nsites: { home: {} }\n', 'checks/web.yaml': SERVICE })
    execFileSync('mkfifo', [join(root, 'checks/pipe.yaml')])
    mkdirSync(join(root, 'checks/folder.yaml'))
    expect(readFrom(root).mistakes.map(({ message }) => message)).toEqual([
      'the file is no plain file',
      'the file is no plain file',
    ])
  })

  it('a thousand files are read, more are refused', () => {
    const files = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`s${i}.yaml`, 'x']))
    expect(readFiles(files).mistakes).toMatchObject([{ message: 'the folder holds more than 1000 files' }])
  })
})

it('a byte order mark, Windows line ends and characters of two halves don’t move the column', () => {
  const { mistakes } = readFiles({
    'web.yaml': '\uFEFFservice: "😀"\r\nchecks:\r\n  - { http: "https://a.example/😀", evry: 5m }\r\n',
  })
  expect(mistakes).toMatchObject([
    { line: 3, column: 36, message: 'unknown key "evry"', hint: 'did you mean "every"?' },
  ])
})
