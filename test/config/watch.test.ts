// Noticing that the folder changed: the system notifies in its own time, what is made of that waits on a clock of ours.
import { once } from 'node:events'
import { cpSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { watchFolder } from '../../src/config/watch.ts'
import { MINUTE, SECOND } from '../../src/core/time/time.ts'
import { folderOf } from './folders.ts'

const SETTLE = 300
const POLL = 15 * SECOND

let stop = () => {}
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }))
afterEach(() => {
  stop()
  vi.useRealTimers()
})

/** Changes the folder, and resolves when whoever watched it before has been notified. */
async function change(dir: string, work: () => void): Promise<void> {
  const ear = watch(dir)
  const notified = once(ear, 'change')
  work()
  await notified
  ear.close()
}

it('calls once after a burst of changes, and again after the next', async () => {
  const dir = join(folderOf({ 'checks/site.yaml': 'a' }), 'checks')
  const heard = vi.fn()
  stop = watchFolder(dir, heard)
  for (let i = 0; i < 5; i++) {
    await change(dir, () => writeFileSync(join(dir, 'mail.yaml'), 'x'.repeat(i + 1)))
    vi.advanceTimersByTime(SETTLE - 1)
    expect(heard).not.toHaveBeenCalled()
  }
  vi.advanceTimersByTime(1)
  expect(heard).toHaveBeenCalledTimes(1)
  await change(dir, () => {
    writeFileSync(join(dir, 'new.yaml'), 'x')
    renameSync(join(dir, 'new.yaml'), join(dir, 'site.yaml'))
  })
  vi.advanceTimersByTime(SETTLE)
  expect(heard).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(MINUTE)
  expect(heard).toHaveBeenCalledTimes(2)
})

it('hears of a folder that goes away and comes back', async () => {
  const root = folderOf({ 'checks/site.yaml': 'a' })
  const dir = join(root, 'checks')
  const heard = vi.fn()
  stop = watchFolder(dir, heard)
  await change(dir, () => renameSync(dir, join(root, 'aside')))
  vi.advanceTimersByTime(SETTLE)
  expect(heard).toHaveBeenCalledTimes(1)
  // Another one of its name, of which nobody is notified.
  cpSync(join(root, 'aside'), dir, { recursive: true })
  vi.advanceTimersByTime(POLL)
  expect(heard).toHaveBeenCalledTimes(2)
  await change(dir, () => writeFileSync(join(dir, 'mail.yaml'), 'x'))
  vi.advanceTimersByTime(SETTLE)
  expect(heard).toHaveBeenCalledTimes(3)
})

it('says nothing when it was stopped, not even of a change that it had noticed', async () => {
  const dir = join(folderOf({ 'checks/site.yaml': 'a' }), 'checks')
  const heard = vi.fn()
  const end = watchFolder(dir, heard)
  await change(dir, () => writeFileSync(join(dir, 'mail.yaml'), 'x'))
  end()
  await change(dir, () => rmSync(join(dir, 'site.yaml')))
  vi.advanceTimersByTime(MINUTE)
  expect(heard).not.toHaveBeenCalled()
})
