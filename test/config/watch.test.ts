// Noticing that the folder changed.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { watchFolder } from '../../src/config/watch.ts'
import { folderOf } from './folders.ts'

let stop = () => {}
afterEach(() => stop())

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

it('calls once after a burst of changes, and again after the next', async () => {
  const dir = join(folderOf({ 'checks/site.yaml': 'a' }), 'checks')
  const heard = vi.fn()
  stop = watchFolder(dir, heard)
  for (let i = 0; i < 5; i++) {
    writeFileSync(join(dir, 'mail.yaml'), 'x'.repeat(i + 1))
    await pause(20)
  }
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), 3000)
  writeFileSync(join(dir, 'new.yaml'), 'x')
  renameSync(join(dir, 'new.yaml'), join(dir, 'site.yaml'))
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), 3000)
  await pause(400)
  expect(heard).toHaveBeenCalledTimes(2)
})

it('hears of a folder that goes away and comes back', async () => {
  const root = folderOf({ 'checks/site.yaml': 'a' })
  const dir = join(root, 'checks')
  const heard = vi.fn()
  stop = watchFolder(dir, heard, 100)
  renameSync(dir, join(root, 'aside'))
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1), 3000)
  renameSync(join(root, 'aside'), dir)
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), 3000)
  writeFileSync(join(dir, 'mail.yaml'), 'x')
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(3), 3000)
})

it('says nothing when it was stopped', async () => {
  const dir = join(folderOf({ 'checks/site.yaml': 'a' }), 'checks')
  const heard = vi.fn()
  watchFolder(dir, heard, 50)()
  rmSync(join(dir, 'site.yaml'))
  await pause(500)
  expect(heard).not.toHaveBeenCalled()
})
