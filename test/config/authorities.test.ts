import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rootsOf } from '../../src/config/authorities.ts'
import { createAuthority } from '../../src/demo/certificates.ts'

describe('NODE_EXTRA_CA_CERTS', () => {
  it('adds the roots it names, and none when it names nothing readable', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-ca-'))
    const file = join(folder, 'extra.pem')
    writeFileSync(file, createAuthority().certificate + createAuthority().certificate)
    expect(rootsOf({ NODE_EXTRA_CA_CERTS: file })).toHaveLength(2)
    expect(rootsOf({ NODE_EXTRA_CA_CERTS: join(folder, 'not-there.pem') })).toEqual([])
    expect(rootsOf({})).toEqual([])
    rmSync(folder, { recursive: true })
  })
})
