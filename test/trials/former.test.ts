// A site was replaced by another: what was posted there reaches the one that joined later, and nobody waits for it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openLedger } from '../../src/store/ledger.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { vigie } from '../cli/host.ts'
import { OPEN } from '../core/sayings.ts'
import { startPair } from './pair.ts'
import { openStage } from './stage.ts'

const stage = openStage()

it('keeps its word on every site, and is missed by none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-old-'))
  stage.ends(() => rmSync(folder, { recursive: true, force: true }))
  const key = openKey(folder)
  const target = await stage.target()
  const { home, offsite } = await startPair(stage, {
    services: { 'web.yaml': `service: Web\nchecks: [ { http: "${target.url}", allow_private: true } ]\n` },
    old: key.publicKey,
    before: (name, data) => {
      if (name !== 'home') return
      const old = openLedger(folder, { site: 'old', sealer: sealer(key), now: Date.now })
      old.say('incident.open', { ...OPEN, services: ['web'], title: { fr: 'Disque plein' } })
      const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: Date.now })
      ledger.keep(old.entries('old', 0, 10))
      old.close()
      ledger.close()
    },
  })
  const says = async (site: typeof home) => (await site.get('/api/v2/incidents.json')).includes('Disque plein')
  await home.until('has it', () => says(home))
  await offsite.until('is told', () => says(offsite), 20_000)
  const { sites } = JSON.parse(await offsite.get('/api/vigie/status.json')) as { sites: object }
  expect(Object.keys(sites).sort()).toEqual(['home', 'offsite'])
  const status = await vigie(['twin', 'status', '--data', offsite.data])
  expect(status.out).not.toContain('old')
  expect(status.out).not.toContain('refused')
  expect(status).toMatchObject({ code: 0 })
}, 60_000)
