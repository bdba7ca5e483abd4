// What a site says outside of the ledger: nobody else can say it, nor say it for something else.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { openKey } from '../../src/twin/key.ts'
import { isVouched, vouch } from '../../src/twin/voucher.ts'

const folders = ['home', 'offsite'].map((name) => mkdtempSync(join(tmpdir(), `vigie-${name}-`)))
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

it('a voucher is good for its site, its purpose and its text, in one spelling', () => {
  const [home, offsite] = folders.map(openKey) as [ReturnType<typeof openKey>, ReturnType<typeof openKey>]
  const said = vouch(home, 'acknowledge', 'web-1')
  expect(said).toMatch(/^[\w-]{86}$/)
  expect(isVouched(home.publicKey, 'acknowledge', 'web-1', said)).toBe(true)
  expect(isVouched(offsite.publicKey, 'acknowledge', 'web-1', said)).toBe(false)
  expect(isVouched(home.publicKey, 'other', 'web-1', said)).toBe(false)
  expect(isVouched(home.publicKey, 'acknowledge', 'web-2', said)).toBe(false)
  // The last letter holds four bits that mean nothing.
  const spelt = said.slice(0, -1) + String.fromCharCode(said.charCodeAt(85) + 1)
  for (const other of [spelt, `${said}A`, said.slice(1), '', '\u0000'.repeat(86)])
    expect(isVouched(home.publicKey, 'acknowledge', 'web-1', other), other).toBe(false)
  expect(isVouched('', 'acknowledge', 'web-1', said)).toBe(false)
})
