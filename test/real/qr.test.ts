// A reader of QR codes reads what we draw.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type QrCode, qrCode } from '../../src/access/qr.ts'
import { folderWith } from '../cli/folders.ts'
import { whenPresent } from './present.ts'

/** As a grey map (PGM), eight pixels a module, with the quiet zone around. */
function draw({ size, path }: QrCode): string {
  const dark = new Set([...path.matchAll(/M(\d+) (\d+)/g)].map(([, x, y]) => `${x} ${y}`))
  const side = (size + 8) * 8
  const rows = Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, column) =>
      dark.has(`${Math.floor(column / 8) - 4} ${Math.floor(row / 8) - 4}`) ? 0 : 255,
    ).join(' '),
  )
  return `P2\n${side} ${side}\n255\n${rows.join('\n')}\n`
}

whenPresent(['zbarimg'])('a QR code', () => {
  const uri = (name: string) =>
    `otpauth://totp/${name}?issuer=${name}&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1`
  const lengths = [1, 17, 18, 32, 53, 78, 106, 134, 154, 192, 230, 231, 271, 321, 367]
  it.each([
    ...lengths.map((length) => 'otpauth://x/'.padEnd(length, 'A').slice(0, length)),
    uri('Nomagic'),
    uri('H%C3%A9bergeur'),
  ])('says %s', (text) => {
    const file = join(folderWith(), 'code.pgm')
    writeFileSync(file, draw(qrCode(text)!))
    const said = execFileSync('zbarimg', ['--quiet', '--raw', '--oneshot', '-Sdisable', '-Sqrcode.enable', file], {
      // It looks for a bus that no server has, and says so.
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(said.toString().replace(/\n$/, '')).toBe(text)
  })
})

it('a text that is too long has none', () => {
  expect(qrCode('x'.repeat(367))).not.toBeNull()
  expect(qrCode('x'.repeat(368))).toBeNull()
})
