// What is neither a look that fails nor a page that changes colour: what admins should mind, and jobs that must report.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import { DAY } from '../../src/core/time/time.ts'
import { unprovenLine } from '../../src/core/verdict/blindness.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import { createDaily } from '../../src/daily.ts'
import { createAuthority, type Issued } from '../../src/demo/certificates.ts'
import { recall } from '../../src/memory.ts'
import { kinds } from '../../src/probes/index.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { openStage, quiet, siteFile, stands, subjects } from './stage.ts'

const stage = openStage()

/** A web server with a certificate, that asks everybody for a login and takes none. */
async function startDoor(issued: Issued) {
  let tried = 0
  const server = createServer({ key: issued.key, cert: issued.certificate }, (request, response) => {
    if (request.headers.authorization !== undefined) tried++
    response.statusCode = 401
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  stage.ends(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  return { port: (server.address() as AddressInfo).port, tried: () => tried }
}

describe('what admins should mind', () => {
  it('a refused login mails at once and only once though it is tried again, a certificate with the daily letter', async () => {
    const relay = await stage.relay()
    const authority = createAuthority()
    const root = mkdtempSync(join(tmpdir(), 'vigie-trial-'))
    stage.ends(() => rmSync(root, { recursive: true, force: true }))
    writeFileSync(join(root, 'ca.pem'), authority.certificate)
    const door = await startDoor(
      authority.issue({ names: ['127.0.0.1'], from: Date.now() - 88 * DAY, until: Date.now() + 2.5 * DAY }),
    )
    const web = (more = '') => `service: Web
checks:
  - http: https://127.0.0.1:${door.port}/
    allow_private: true
    ca: ${join(root, 'ca.pem')}
    login: { user: probe, password: wrong }
${more}`
    const data = join(root, 'data')
    const site = await stage.site({ 'site.yaml': siteFile({ relays: [relay] }), 'web.yaml': web() }, { data })
    await site.until('told', () => relay.received.length > 0)
    await site.until('well without the login', stands(site, 'web', 'operational'))
    await quiet()
    expect(door.tried()).toBe(1)
    site.write('web.yaml', web('    every: 500ms\n'))
    await site.until('tried again', () => door.tried() === 2)
    await quiet()
    expect(door.tried()).toBe(2)
    expect(subjects(relay)).toHaveLength(1)
    expect(relay.received[0]?.body).toMatch(/login refused/)
    expect(relay.received[0]?.body).not.toMatch(/certificate expires/)
    expect((await site.status()).get('web')?.status).toBe('operational')
    await site.stop()

    const { morning, letters } = dayAfter(data, { 'site.yaml': siteFile({ relays: [relay] }), 'web.yaml': web() })
    morning('2026-11-23', false)
    morning('2026-11-23', false)
    morning('2026-11-24', false)
    expect(letters).toHaveLength(1)
    expect(letters[0]).toMatchObject({
      event: 'attention',
      news: { items: [{ check: 'web.http', kind: 'expiring', note: 'the certificate expires in 2 days' }] },
    })
  })
})

/** What the letters of 08:00 would be for a site that was left in this folder. */
function dayAfter(data: string, files: Readonly<Record<string, string>>) {
  const dir = mkdtempSync(join(tmpdir(), 'vigie-trial-'))
  stage.ends(() => rmSync(dir, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  const { configuration } = readConfiguration({ dir, environment: {}, data, kinds, listen: '127.0.0.1:0' })
  const now = Date.now
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now })
  stage.ends(ledger.close)
  const memory = recall({
    configuration: configuration!,
    living: ledger.living(),
    line: unprovenLine(new Map(), now()),
    measuredUntil: now(),
    clock: now(),
  })
  const letters: Letter[] = []
  const { morning } = createDaily({ memory, write: (letter) => letters.push(letter), now })
  return { morning, letters }
}

describe('a heartbeat', () => {
  const job = (period: string, grace: string) =>
    `service: Job\nchecks:\n  - heartbeat: ${period}\n    grace: ${grace}\n    token: abcdefghijklmnop\n`
  const start = async (file: string) => {
    const relay = await stage.relay()
    const patient = 'service: Patient\nchecks: [ { heartbeat: 1s, grace: 1h, token: ponmlkjihgfedcba } ]\n'
    const files = { 'site.yaml': siteFile({ relays: [relay] }), 'job.yaml': file, 'patient.yaml': patient }
    const site = await stage.site(files)
    const push = async (how = '', body?: string, token = 'abcdefghijklmnop') => {
      const answer = await fetch(`${site.url}/push/${token}${how}`, body === undefined ? {} : { method: 'POST', body })
      expect(answer.status).toBe(200)
    }
    return { relay, site, push }
  }

  it('that never came is unknown and no mail; one that stops coming is late, then missing, told once; and its return', async () => {
    const { relay, site, push } = await start(job('1s', '2s'))
    await quiet()
    expect((await site.status()).get('job')?.status).toBe('unknown')
    await push('', undefined, 'ponmlkjihgfedcba')
    await push()
    await site.until('up', stands(site, 'job', 'operational'))
    await site.until('missing', stands(site, 'job', 'major_outage'))
    expect((await site.status()).get('patient')?.status, 'late within its grace').toBe('operational')
    await site.until('told', () => relay.received.length > 0)
    await quiet()
    expect(relay.received).toHaveLength(1)
    expect(relay.received[0]?.body).toMatch(/did not come/)
    await push()
    await site.until('back', stands(site, 'job', 'operational'))
    await site.until('told of its return', () => relay.received.length === 2)
  })

  it('that says it failed, or ends with an exit code, is down at once, and says which', async () => {
    const { relay, site, push } = await start(job('24h', '1h'))
    await push('/start')
    await push('/0')
    await site.until('up', stands(site, 'job', 'operational'))
    await push('/fail', 'no space left')
    await site.until('down', stands(site, 'job', 'major_outage'))
    await site.until('told', () => relay.received.length === 1)
    await push()
    await site.until('up again', stands(site, 'job', 'operational'))
    await site.until('told of it', () => relay.received.length === 2)
    await push('/start')
    await push('/23')
    await site.until('down again', stands(site, 'job', 'major_outage'))
    await site.until('told of the exit code', () => relay.received.some(({ body }) => body.includes('exit code 23')))
  })
})
