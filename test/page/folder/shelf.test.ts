import { execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openShelf } from '../../../src/page/folder/shelf.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shelf-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const filesOf = (texts: Readonly<Record<string, string>>) => new Map(Object.entries(texts))

/** A text worth compressing. */
const long = (word: string) => `${word} `.repeat(1_000)

const inode = (path: string) => statSync(join(folder, path)).ino
const everything = () => (readdirSync(folder, { recursive: true }) as string[]).sort()

describe('the shelf', () => {
  test('keeps each file with its compressed copy beside it', async () => {
    const files = filesOf({ 'index.html': long('home'), 'fr/index.html': long('accueil') })
    expect(await openShelf(folder).keep(files)).toEqual([])
    expect(readFileSync(join(folder, 'fr/index.html'), 'utf8')).toBe(long('accueil'))
    expect(gunzipSync(readFileSync(join(folder, 'index.html.gz'))).toString()).toBe(long('home'))
  })

  test('keeps no copy of what fits into a block, nor one of a longer text that was there before', async () => {
    const shelf = openShelf(folder)
    for (const keeper of [shelf, shelf, openShelf(folder)]) {
      await keeper.keep(filesOf({ 'index.html': long('home') }))
      expect(everything()).toEqual(['index.html', 'index.html.gz'])
      await keeper.keep(filesOf({ 'index.html': 'home' }))
      expect(everything()).toEqual(['index.html'])
    }
    await shelf.keep(filesOf({ 'index.html': long('again') }))
    await openShelf(folder).keep(filesOf({ 'index.html': 'home' }))
    expect(everything()).toEqual(['index.html'])
  })

  test('writes only where bytes differ, also after a restart', async () => {
    await openShelf(folder).keep(filesOf({ 'index.html': 'home', 'fr/index.html': long('accueil') }))
    const before = [inode('index.html'), inode('fr/index.html'), inode('fr/index.html.gz')]
    const again = openShelf(folder)
    await again.keep(filesOf({ 'index.html': 'home', 'fr/index.html': long('accueil') }))
    expect([inode('index.html'), inode('fr/index.html'), inode('fr/index.html.gz')]).toEqual(before)
    await again.keep(filesOf({ 'index.html': 'home', 'fr/index.html': 'nouveau' }))
    expect(inode('index.html')).toBe(before[0])
    expect(inode('fr/index.html')).not.toBe(before[1])
    expect(readFileSync(join(folder, 'fr/index.html'), 'utf8')).toBe('nouveau')
  })

  test('puts back a compressed copy that somebody took away', async () => {
    await openShelf(folder).keep(filesOf({ 'index.html': long('home') }))
    rmSync(join(folder, 'index.html.gz'))
    await openShelf(folder).keep(filesOf({ 'index.html': long('home') }))
    expect(gunzipSync(readFileSync(join(folder, 'index.html.gz'))).toString()).toBe(long('home'))
  })

  test('takes away the .br that an earlier vigie kept, also of a text that stays', async () => {
    await openShelf(folder).keep(filesOf({ 'index.html': long('home'), 'calendar.ics': 'short' }))
    for (const path of ['index.html.br', 'calendar.ics.br']) writeFileSync(join(folder, path), 'of another text')
    const before = inode('index.html')
    await openShelf(folder).keep(filesOf({ 'index.html': long('home'), 'calendar.ics': 'shorter' }))
    expect(everything()).toEqual(['calendar.ics', 'index.html', 'index.html.gz'])
    expect(inode('index.html')).toBe(before)
  })

  test('clears away what a crash left and pages that are no more, and lets strangers be', async () => {
    mkdirSync(join(folder, 'en'))
    mkdirSync(join(folder, '.well-known'))
    for (const path of [
      'en/index.html',
      'en/index.html.br',
      '.index.html.tmp',
      'en/.index.html.gz.tmp',
      'robots.txt',
      '.well-known/x',
    ]) {
      writeFileSync(join(folder, path), 'old')
    }
    expect(await openShelf(folder).keep(filesOf({ 'index.html': long('home') }))).toEqual([])
    expect(everything()).toEqual(['.well-known', '.well-known/x', 'en', 'index.html', 'index.html.gz', 'robots.txt'])
  })

  test('says what the disk refused, does the rest, and succeeds when it is tried again', async () => {
    symlinkSync('/dev/full', join(folder, '.index.html.tmp'))
    const shelf = openShelf(folder)
    const files = filesOf({ 'index.html': 'home', 'fr/index.html': 'accueil' })
    const mistakes = await shelf.keep(files)
    expect(mistakes).toEqual([expect.stringContaining('ENOSPC')])
    expect(existsSync(join(folder, 'index.html'))).toBe(false)
    expect(readFileSync(join(folder, 'fr/index.html'), 'utf8')).toBe('accueil')
    expect(await shelf.keep(files)).toEqual([])
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toBe('home')
  })

  test('leaves each file whole when it is killed at any moment', async () => {
    const built = join(folder, 'built')
    const options = [
      '--ignoreConfig',
      '--outDir',
      built,
      '--rootDir',
      'src',
      '--module',
      'nodenext',
      '--target',
      'es2023',
    ]
    const flags = ['--rewriteRelativeImportExtensions', '--skipLibCheck', '--types', 'node', '--strict']
    execFileSync(process.execPath, [
      'node_modules/typescript/bin/tsc',
      ...options,
      ...flags,
      'src/page/folder/shelf.ts',
    ])
    writeFileSync(join(built, 'package.json'), '{"type":"module"}')
    writeFileSync(join(built, 'writer.js'), WRITER)
    const target = join(folder, 'public')
    for (let round = 0; round < 8; round++) {
      const writer = spawn(process.execPath, [join(built, 'writer.js'), target, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await new Promise((started) => writer.stdout.once('data', started))
      await pause(5 + round * 7)
      writer.kill('SIGKILL')
      await new Promise((ended) => writer.once('exit', ended))
      const bytes = (suffix = '') => readFileSync(join(target, `fr/index.html${suffix}`))
      for (const whole of [bytes(), gunzipSync(bytes('.gz'))]) {
        expect(whole.length).toBe(300_000)
        expect(new Set(whole).size).toBe(1)
      }
    }
    await openShelf(resolve(target)).keep(filesOf({ 'fr/index.html': long('after') }))
    expect(readdirSync(join(target, 'fr')).sort()).toEqual(['index.html', 'index.html.gz'])
  })
})

/** Writes one file over and over, each time all of another letter. */
const WRITER = `
import { openShelf } from './page/folder/shelf.js'
const [, , folder, round] = process.argv
const shelf = openShelf(folder)
for (let turn = 0; ; turn++) {
  const letter = String.fromCharCode(97 + ((turn + Number(round)) % 26))
  await shelf.keep(new Map([['fr/index.html', letter.repeat(300000)]]))
  if (turn === 0) process.stdout.write('started')
}
`
