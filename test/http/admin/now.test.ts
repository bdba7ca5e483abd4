// `/admin/` on how the copies of the page stand.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import type { CopyState } from '../../../src/core/shown/copy.ts'
import { becomeAdmin } from './caller.ts'
import { type House, openHouse } from './house.ts'

let house: House
afterEach(() => house.close())

it('shows when each copy was last made, and why the last try failed', async () => {
  house = await openHouse()
  const ana = await becomeAdmin(house, 'ana')
  expect((await ana.get('/admin/')).body).not.toContain('Copies de la page')
  const at = new Date().toISOString()
  const good: CopyState = { to: '/srv/status', at, fault: null, took_ms: 12, good: at }
  const bad: CopyState = {
    ...good,
    to: 'rsync+ssh://page@b.test/srv/<status>',
    fault: 'Permission denied (publickey).',
  }
  writeFileSync(join(house.data, 'copies.json'), JSON.stringify([good, bad, { ...bad, to: '/mnt/usb', good: null }]))
  const { body } = await ana.get('/admin/')
  expect(body).toMatch(/\/srv\/status : faite à \d\d:\d\d/)
  expect(body).toMatch(
    /srv\/&lt;status&gt; : faite pour la dernière fois à \d\d:\d\d\. Dernier essai : Permission denied/,
  )
  expect(body).toContain('/mnt/usb : jamais faite. Dernier essai : Permission denied (publickey).')
})
