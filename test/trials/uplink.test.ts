// A busy uplink: everything is slow, the witnesses too, and that says nothing about any service.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { openStage, siteFile, stands, webFile } from './stage.ts'

const stage = openStage()

/** Witnesses with good certificates, all of them as late as the line makes them. */
async function startWitnesses(count: number) {
  const authority = createAuthority()
  const root = mkdtempSync(join(tmpdir(), 'vigie-trial-'))
  stage.ends(() => rmSync(root, { recursive: true, force: true }))
  const file = join(root, 'ca.pem')
  writeFileSync(file, authority.certificate)
  const issued = authority.issue({ names: ['localhost'] })
  let late = 0
  const answered = { fast: 0, slow: 0 }
  const servers = Array.from({ length: count }, () =>
    createServer({ key: issued.key, cert: issued.certificate }, (_request, response) => {
      answered[late === 0 ? 'fast' : 'slow']++
      setTimeout(() => response.end(), late)
    }),
  )
  const urls: string[] = []
  for (const server of servers) {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    stage.ends(() => {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    })
    urls.push(`https://localhost:${(server.address() as AddressInfo).port}/`)
  }
  return {
    file,
    urls,
    answered,
    slow: (by: number) => {
      late = by
    },
  }
}

it('makes nothing slow on a busy uplink; a service that alone is slow is degraded', async () => {
  const witnesses = await startWitnesses(2)
  const target = await stage.target()
  const relay = await stage.relay()
  const policy = { every: '300ms', timeout: '2s', slow: '100ms', witness_every: '500ms', ca: witnesses.file }
  const site = await stage.site({
    'site.yaml': siteFile({ relays: [relay], witnesses: witnesses.urls, policy }),
    'web.yaml': webFile('Web', target),
  })
  await site.until('up', stands(site, 'web', 'operational'))
  await site.until('the usual speed is known', () => witnesses.answered.fast >= 16)
  witnesses.slow(400)
  target.slow(400)
  const before = target.asked.length
  await site.until('slow for long', async () => {
    expect((await site.status()).get('web')?.status).toBe('operational')
    return target.asked.length >= before + 9
  })

  witnesses.slow(0)
  await site.until('degraded', stands(site, 'web', 'degraded_performance'))
  expect(relay.received).toHaveLength(0)
})
