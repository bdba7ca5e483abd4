// `/metrics` as Prometheus' own linter reads it, and beside a real blackbox_exporter that looks at the same door.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { QUICK, startSite, type TestSite } from '../servers/site.ts'
import { type Daemon, type Folder, freePorts, listening, openFolder, startDaemon } from './daemon.ts'
import { whenPresent } from './present.ts'

const BLACKBOX = 'prometheus-blackbox-exporter'

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Prometheus' text format, as far as names, labels and values go. */
function samplesIn(text: string): readonly Sample[] {
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels = '', value]) => ({
    name: name!,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, said]) => [key, said])),
    value: Number(value),
  }))
}

whenPresent(['promtool', BLACKBOX])('/metrics', () => {
  let folder: Folder
  let door: Server
  let site: TestSite
  let blackbox: Daemon
  let ours: string
  let theirs: string

  beforeAll(async () => {
    folder = openFolder()
    const authority = createAuthority({ name: 'metrics' })
    const leaf = authority.issue({ names: ['127.0.0.1'] })
    door = createServer({ key: leaf.key, cert: leaf.certificate }, (_, response) => response.end('fine'))
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
    const target = `https://127.0.0.1:${(door.address() as AddressInfo).port}/`
    site = await startSite({
      'ca.pem': authority.certificate,
      'site.yaml': `name: Essai\nsites: { home: {} }\nwitnesses: []\n${QUICK}\n`,
      'web.yaml': `service: Web\nchecks:\n  - { http: "${target}", allow_private: true, ca: ca.pem, timeout: 5s, every: 5s }\n`,
      'odd.yaml': `service: 'Odd "name" \\ é'\nchecks:\n  - { tcp: "127.0.0.1:1", allow_private: true }\n`,
    })
    await site.until('judged', async () => {
      const seen = await site.status()
      return seen.get('web')?.status === 'operational' && seen.get('odd')?.status === 'major_outage'
    })
    ours = await site.get('/metrics')
    const ports = await freePorts('exporter')
    writeFileSync(join(folder.path, 'ca.pem'), authority.certificate)
    const module = {
      prober: 'http',
      http: { preferred_ip_protocol: 'ip4', tls_config: { ca_file: join(folder.path, 'ca.pem') } },
    }
    writeFileSync(join(folder.path, 'blackbox.yml'), JSON.stringify({ modules: { web: module } }))
    blackbox = await startDaemon({
      command: BLACKBOX,
      arguments: [
        `--config.file=${join(folder.path, 'blackbox.yml')}`,
        `--web.listen-address=127.0.0.1:${ports.exporter}`,
      ],
      folder: folder.path,
      ready: () => listening('127.0.0.1', ports),
    })
    const query = new URLSearchParams({ module: 'web', target })
    theirs = await (await fetch(`http://127.0.0.1:${ports.exporter}/probe?${query}`)).text()
  }, 90_000)

  afterAll(async () => {
    await blackbox?.stop()
    await site?.stop()
    door?.close()
    door?.closeAllConnections()
    await folder?.stop()
  }, 30_000)

  it('pleases Prometheus’ linter', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: ours, encoding: 'utf8' })
    expect(`${stdout}${stderr}`).toBe('')
    expect(status).toBe(0)
    expect(spawnSync('promtool', ['check', 'metrics'], { input: 'a{ 1\n', encoding: 'utf8' }).status).not.toBe(0)
  })

  it('means by blackbox_exporter’s names what blackbox_exporter means', () => {
    const mine = samplesIn(ours).filter(({ name, labels }) => name.startsWith('probe_') && labels.service === 'web')
    const its = samplesIn(theirs)
    const names = new Set(its.map(({ name }) => name))
    const shared = [...new Set(mine.map(({ name }) => name))].filter((name) => name !== 'probe_timeout_seconds')
    expect(shared.length).toBeGreaterThan(5)
    for (const name of shared) expect(names, name).toContain(name)
    const one = (samples: readonly Sample[], name: string) => samples.find((sample) => sample.name === name)
    for (const name of [
      'probe_success',
      'probe_http_status_code',
      'probe_ip_protocol',
      'probe_ssl_earliest_cert_expiry',
    ])
      expect(one(mine, name)?.value, name).toBe(one(its, name)?.value)
    expect(one(mine, 'probe_tls_version_info')?.labels.version).toBe(
      one(its, 'probe_tls_version_info')?.labels.version?.replace(/^TLS /, 'TLSv'),
    )
    const phases = (samples: readonly Sample[]) =>
      samples.flatMap(({ name, labels }) => (name === 'probe_http_duration_seconds' ? [labels.phase] : [])).sort()
    for (const phase of phases(mine)) expect(phases(its)).toContain(phase)
    for (const { name, value } of its.filter(({ name }) => name.endsWith('_seconds')))
      if (one(mine, name) !== undefined) expect(Math.abs(one(mine, name)!.value - value), name).toBeLessThan(1)
  })
})
