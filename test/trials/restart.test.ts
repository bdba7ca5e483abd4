// A restart and a reload are nobody's business: what is known stays known until a look says otherwise.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { TestSite } from '../servers/site.ts'
import { startSwallowing } from '../servers/swallow.ts'
import { openStage, siteFile, stands, wait, webFile } from './stage.ts'

const stage = openStage()

/** All that one service was seen to be until it is so, each word once. */
async function seenUntil(site: TestSite, ids: readonly string[], so: () => boolean | Promise<boolean>) {
  const seen = new Set<string>()
  for (const end = performance.now() + 15_000; performance.now() < end; await wait(10)) {
    const status = await site.status()
    for (const id of ids) seen.add(`${id} ${status.get(id)?.status}`)
    if (await so()) return [...seen].sort()
  }
  throw new Error(`never so: ${[...seen]}`)
}

it('with witnesses, a restart and a reload keep what was up up and what was down down, and mail nothing', async () => {
  const root = mkdtempSync(join(tmpdir(), 'vigie-trial-'))
  stage.ends(() => rmSync(root, { recursive: true, force: true }))
  const [relay, fine, broken, ...witnesses] = await Promise.all([
    stage.relay(),
    stage.target(),
    stage.target(),
    stage.witness(),
    stage.witness(),
    stage.witness(),
  ])
  // One that is silent for all the patience there is: a port that the line doesn't let out.
  const swallowing = await startSwallowing('127.0.0.1')
  stage.ends(swallowing.stop)
  const named = [...witnesses, swallowing].map(({ port }) => `127.0.0.1:${port}`)
  const policy = { every: '800ms', retry: '400ms', timeout: '400ms', witness_every: '800ms' }
  const files = {
    'site.yaml': siteFile({ relays: [relay], witnesses: named, policy }),
    'fine.yaml': webFile('Fine', fine),
    'broken.yaml': webFile('Broken', broken),
  }
  const first = await stage.site(files, { data: join(root, 'data') })
  await first.until('up', stands(first, 'broken', 'operational'))
  await first.until('up', stands(first, 'fine', 'operational'))
  broken.break()
  await first.until('told', () => relay.received.length === 1)
  const AS_IT_IS = ['broken major_outage', 'fine operational']

  const reads = () => first.log.filter((line) => line.includes('configuration read')).length
  first.write('fine.yaml', webFile('Fine', fine, '    slow: 2s\n'))
  const before = fine.asked.length
  expect(await seenUntil(first, ['fine', 'broken'], () => reads() > 0 && fine.asked.length > before + 2)).toEqual(
    AS_IT_IS,
  )
  first.write('site.yaml', files['site.yaml'].replace(named[0]!, `127.0.0.1:${(await stage.witness()).port}`))
  const asked = fine.asked.length
  expect(await seenUntil(first, ['fine', 'broken'], () => reads() > 1 && fine.asked.length > asked + 2)).toEqual(
    AS_IT_IS,
  )
  await first.stop()

  const second = await stage.site(files, { data: join(root, 'data') })
  const again = fine.asked.length
  expect(await seenUntil(second, ['fine', 'broken'], () => fine.asked.length > again + 2)).toEqual(AS_IT_IS)
  expect(relay.received).toHaveLength(1)
})
