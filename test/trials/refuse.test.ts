// When not to start: somebody else has the data folder, or the configuration is wrong.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { layOut, run, start } from './process.ts'
import { openStage, siteFile, webFile } from './stage.ts'

const stage = openStage()

it('a data folder that a vigie has is refused to a second one with the pid of the first, which notices nothing', async () => {
  const target = await stage.target()
  const folders = layOut(stage, { 'site.yaml': siteFile({}), 'web.yaml': webFile('Web', target) })
  const first = await run(stage, folders)
  await first.until('up', async () => (await first.status()).services[0]?.status === 'operational')
  const words = ['run', '--checks', folders.checks, '--data', folders.data, '--listen', '127.0.0.1:0']
  const second = start(stage, words)
  expect(await second.ended).toBe(1)
  expect(second.err()).toMatch(new RegExp(`pid ${first.pid}\\b`))
  expect(second.err()).not.toContain('a fault in vigie')
  const asked = target.asked.length
  await first.until('still looking', () => target.asked.length > asked + 2)
  expect(JSON.parse(readFileSync(join(folders.data, 'run.json'), 'utf8'))).toMatchObject({ pid: first.pid })

  first.kill('SIGKILL')
  await first.ended
  const third = await run(stage, folders)
  await third.until('looking', async () => (await third.status()).services[0]?.status === 'operational')
  third.kill('SIGTERM')
  expect(await third.ended).toBe(0)
  expect(third.err()).not.toContain('a fault in vigie')
})

it('a configuration with mistakes starts nothing: every mistake on stderr, exit 2, no data folder', async () => {
  const folders = layOut(stage, {
    'site.yaml': siteFile({ policy: { evry: '1s' } }),
    'web.yaml': 'service: Web\nchecks:\n  - htpp: http://127.0.0.1:1/\n  - tcp: nowhere\n',
  })
  const tried = start(stage, ['run', '--checks', folders.checks, '--data', folders.data, '--listen', '127.0.0.1:0'])
  expect(await tried.ended).toBe(2)
  expect(tried.err()).toMatch(/site\.yaml:3:\d+: .*evry.*every/s)
  expect(tried.err()).toMatch(/web\.yaml:3:5: /)
  expect(tried.err()).toMatch(/web\.yaml:4:\d+: /)
  expect(existsSync(folders.data)).toBe(false)
})
