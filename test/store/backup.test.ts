// A backup is whole, and what is not whole is refused before anything is touched.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUp } from '../../src/store/backup.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { unpack } from '../../src/store/restore.ts'
import { openResults } from '../../src/store/results.ts'
import { TAR_END, tarHeader, tarPadding } from '../../src/store/tar.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'

const NOW = Date.UTC(2026, 10, 27, 21)
let root: string
let data: string
let file: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vigie-backup-'))
  data = join(root, 'data')
  file = join(root, 'vigie.tar.gz')
  mkdirSync(data)
})
afterEach(() => rmSync(root, { recursive: true }))

function open(dir = data) {
  mkdirSync(dir, { recursive: true })
  return openLedger(dir, { site: 'home', sealer: sealer(openKey(dir)), now: () => NOW })
}

function fill(dir = data) {
  const ledger = open(dir)
  for (let one = 0; one < 50; one++) ledger.say('incident.open', { id: `incident${one}`, by: 'cli', text: `n° ${one}` })
  ledger.heartbeatToken('backups.nightly')
  openResults(dir, { now: () => NOW }).close()
  return ledger
}

const make = () => backUp(data, file, { version: '1', now: NOW })

describe('a backup', () => {
  it('is a tar that others read, for its owner alone, taken while the site writes', async () => {
    const ledger = fill()
    const { files } = await make()
    ledger.close()
    expect(Object.keys(files).sort()).toEqual(['keys/site.key', 'ledger.db', 'results.db'])
    const listed = execFileSync('tar', ['tvzf', file], { encoding: 'utf8' })
    expect(listed.match(/^-rw-------/gm)).toHaveLength(4)
    expect(listed).toContain(' keys/site.key')
    expect(readdirSync(root)).toEqual(['data', 'vigie.tar.gz'])
  })

  it('comes back with all that was said, the same key and the same tokens', async () => {
    const ledger = fill()
    await make()
    const token = ledger.heartbeatToken('backups.nightly')
    ledger.close()
    const elsewhere = join(root, 'elsewhere')
    const unpacked = await unpack(file, elsewhere)
    expect([...unpacked.entries()]).toHaveLength(50)
    expect(unpacked.put(NOW)).toBeNull()
    expect(openKey(elsewhere).publicKey).toBe(openKey(data).publicKey)
    const restored = open(elsewhere)
    expect(restored.restored).toBeNull()
    expect(restored.statements('incident').map(({ payload }) => (payload as { id: string }).id)).toHaveLength(50)
    expect(restored.heartbeatToken('backups.nightly')).toBe(token)
    restored.close()
    expect(readdirSync(elsewhere).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('sets aside what was there, and deletes nothing', async () => {
    fill().close()
    await make()
    const other = join(root, 'other')
    fill(other).close()
    const aside = (await unpack(file, other)).put(NOW)!
    expect(existsSync(join(aside, 'ledger.db'))).toBe(true)
    expect(existsSync(join(aside, 'keys/site.key'))).toBe(true)
  })

  it('of a folder without a ledger is none', async () => {
    await expect(make()).rejects.toThrow('holds no ledger.db')
    expect(readdirSync(root)).toEqual(['data'])
  })
})

describe('what is refused, with nothing touched', () => {
  const touched = () => readdirSync(join(root, 'target'))
  const attempt = async (bytes: Buffer) => {
    writeFileSync(file, bytes)
    try {
      const unpacked = await unpack(file, join(root, 'target'))
      unpacked.discard()
      return 'taken'
    } catch (error) {
      return (error as Error).message
    }
  }

  it('a byte altered anywhere, and any end before the end', async () => {
    fill().close()
    await make()
    const good = readFileSync(file)
    expect(await attempt(good)).toBe('taken')
    const plain = gunzipSync(good)
    for (let step = 0; step < 60; step++) {
      const at = Math.floor((plain.length * (step + 0.5)) / 60)
      const bad = Buffer.from(plain)
      bad[at]! ^= 0x55
      // What fills up a block says nothing.
      if (plain.subarray(at - (at % 512), at - (at % 512) + 512).every((byte) => byte === 0)) continue
      const said = await attempt(gzipSync(bad, { level: 1 }))
      const padding = said === 'taken' && plain[at] === 0
      expect(said !== 'taken' || padding, `byte ${at}`).toBe(true)
    }
    for (const length of [0, 1, 100, good.length >> 1, good.length - 9]) {
      expect(await attempt(good.subarray(0, length)), `cut to ${length}`).not.toBe('taken')
    }
    expect(touched()).toEqual([])
  })

  const tar = (...files: readonly (readonly [string, string])[]) =>
    gzipSync(
      Buffer.concat([
        ...files.flatMap(([name, text]) => {
          const body = Buffer.from(text)
          const header = tarHeader({ name: name.replace(/[^a-z0-9./-]/g, 'x'), size: body.length }, 0)
          return [header, body, tarPadding(body.length)]
        }),
        TAR_END,
      ]),
    )

  it.each([
    ['../../etc/passwd', 'no part of a backup'],
    ['/etc/passwd', 'no part of a backup'],
    ['secrets/relay', 'no part of a backup'],
    ['constructor', 'no part of a backup'],
  ])('a file called %s', async (name, why) => {
    expect(await attempt(tar(['manifest.json', '{}'], [name, 'x']))).toContain(why)
    expect(touched()).toEqual([])
  })

  it('one that comes twice, links, devices, giants, bombs, garbage', async () => {
    expect(await attempt(tar(['manifest.json', '{}'], ['manifest.json', '{}']))).toContain('no part of a backup')
    const link = tarHeader({ name: 'ledger.db', size: 0 }, 0)
    link.write('2', 156)
    link.write('        ', 148)
    link.write(
      `${link
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    )
    expect(await attempt(gzipSync(Buffer.concat([link, TAR_END])))).toContain('no plain file')
    const giant = tarHeader({ name: 'manifest.json', size: 8 ** 11 - 1 }, 0)
    expect(await attempt(gzipSync(giant))).toContain('too large')
    expect(await attempt(Buffer.from('not a gzip'))).toContain('no gzipped file')
    expect(await attempt(gzipSync(Buffer.alloc(1_000_000, 7)))).toContain('damaged')
    expect(await attempt(tar(['manifest.json', '{"format": 2}']))).toContain('newer vigie')
    expect(await attempt(tar(['manifest.json', 'null']))).toContain('newer vigie')
    expect(await attempt(tar(['manifest.json', '{"format": 1, "files": {}}']))).toContain('ledger.db is missing')
    expect(touched()).toEqual([])
  })
})
