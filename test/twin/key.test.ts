import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openKey, parsePublicKey } from '../../src/twin/key.ts'

let dir: string
const folders: string[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-key-'))
  folders.push(dir)
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

describe("a site's key", () => {
  it('is made at the first start and the same ever after', () => {
    const first = openKey(dir)
    expect(first.publicKey).toMatch(/^ed25519:[A-Za-z0-9+/]{43}=$/)
    expect(openKey(dir).publicKey).toBe(first.publicKey)
    expect(openKey(dir).sign(Buffer.from('x'))).toEqual(first.sign(Buffer.from('x')))
  })

  it('is readable by its owner alone, also after somebody loosened it', () => {
    const file = join(dir, 'keys', 'site.key')
    openKey(dir)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(dir, 'keys')).mode & 0o777).toBe(0o700)
    chmodSync(file, 0o644)
    openKey(dir)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('that cannot be read is not quietly replaced', () => {
    openKey(dir)
    const file = join(dir, 'keys', 'site.key')
    writeFileSync(file, 'noise')
    expect(() => openKey(dir)).toThrow(/site\.key holds no Ed25519 key/)
    expect(readFileSync(file, 'utf8')).toBe('noise')
  })

  it('has a public half that is read back only when it is exactly one', () => {
    const { publicKey } = openKey(dir)
    expect(parsePublicKey(publicKey)).toBeDefined()
    for (const wrong of [
      '',
      'ed25519:',
      publicKey.slice(8),
      `${publicKey} `,
      publicKey.slice(0, -1),
      `ed25519:${'A'.repeat(80)}`,
    ]) {
      expect(parsePublicKey(wrong), wrong).toBeUndefined()
    }
  })
})
