import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { HOUR } from '../../src/core/time/time.ts'
import { proxmox } from '../../src/probes/proxmox.ts'
import { readLog, readTasks } from '../../src/probes/proxmox-backups.ts'
import { type Cluster, createCluster, serveCluster, TOKEN } from '../servers/proxmox.ts'
import { answering } from '../servers/web.ts'
import { world } from '../servers/world.ts'
import { configure, probeOf } from './settings.ts'

const URL_ = 'https://pve.test:8006'
const NOW = Date.UTC(2026, 10, 23, 12)
const hoursAgo = (hours: number) => NOW / 1_000 - hours * 3_600
const KEYS = { token: TOKEN, backups: '26h', storage: '90%' }

async function hoster(bend: (cluster: Cluster) => void = () => {}, keys: object = KEYS) {
  const cluster = createCluster(hoursAgo(10))
  bend(cluster)
  const { look, heard } = await world({ 'pve.test:8006': { serve: serveCluster(cluster) } })
  const probe = probeOf(proxmox, URL_, { ...keys })
  return { cluster, heard, look: async (options = {}) => (await look(probe, { now: () => NOW, ...options })).outcome }
}

const paths = (heard: readonly string[]) =>
  heard.map((line) => decodeURIComponent(line.replace(/^.* \/api2\/json/, '')))

describe('proxmox', () => {
  it('asks for all there is and names what matters', async () => {
    const { look, heard } = await hoster()
    const outcome = await look()
    expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3' } })
    expect(outcome.note).toMatch(
      /^2 nodes online, fullest storage backup 71%, 3 guests backed up within 26h, TLSv1\.3, \d+ days left$/,
    )
    expect(outcome).not.toHaveProperty('attention')
    const since = NOW / 1_000 - 50 * 3_600
    expect(paths(heard)).toEqual([
      '/cluster/resources',
      '/cluster/backup-info/not-backed-up',
      `/nodes/pve1/tasks?typefilter=vzdump&since=${since}&limit=500`,
      `/nodes/pve2/tasks?typefilter=vzdump&since=${since}&limit=500`,
      '/nodes/pve1/tasks/UPID:pve1:0:vzdump::root@pam:/log?limit=20000',
      '/nodes/pve2/tasks/UPID:pve2:1:vzdump::root@pam:/log?limit=20000',
    ])
  })

  it('leaves backups alone when not asked', async () => {
    const { look, heard } = await hoster(undefined, { token: TOKEN })
    expect((await look()).note).toMatch(/^2 nodes online, fullest storage backup 71%, TLS/)
    expect(heard).toHaveLength(1)
  })

  it('calls nobody late for logs that it has not read, and reads each once', async () => {
    const busy = (c: Cluster) => {
      const [nightly, other] = c.tasks
      const log = ['INFO: Finished Backup of VM 103 (00:00:15)', 'INFO: Finished Backup of VM 900 (00:00:15)']
      const hourly = Array.from({ length: 20 }, (_, ago) => ({ ...other!, ended: hoursAgo(ago / 4), log }))
      c.tasks = [nightly!, ...hourly]
    }
    const { look, heard, cluster } = await hoster(busy)
    const logs = () => paths(heard).filter((path) => path.includes('/log')).length
    expect(await look()).toMatchObject({
      ok: null,
      note: expect.stringContaining('1 of 3 guests backed up within 26h'),
    })
    expect(logs()).toBe(16)
    expect(await look()).toMatchObject({ ok: true, note: expect.stringContaining(', 3 guests backed up within 26h') })
    expect(logs()).toBe(21)
    cluster.tasks.shift()
    expect(await look()).toMatchObject({ ok: false, reason: 'late', note: 'no backup within 26h: 101 mail, 102 web' })
  })

  it('without a token is content with being asked for one', async () => {
    const { look, cluster } = await hoster(undefined, {})
    expect(await look()).toMatchObject({ ok: true, note: expect.stringMatching(/^asks for a login \(401\), TLSv1\.3/) })
    cluster.instead.set('/version', answering(502))
    expect(await look()).toMatchObject({ ok: false, reason: 'status', note: '502' })
  })

  it.each<[string, (cluster: Cluster) => void, string, string]>([
    [
      'a node is offline',
      (c) => {
        c.nodes.pve2 = 'offline'
      },
      'content',
      'offline: pve2',
    ],
    [
      'a node is not heard of',
      (c) => {
        c.nodes.pve2 = 'unknown'
      },
      'content',
      'offline: pve2',
    ],
    [
      'a guest is not backed up',
      (c) => {
        c.tasks.pop()
      },
      'late',
      'no backup within 26h: 103 matrix',
    ],
    [
      'a guest was backed up too long ago',
      (c) => {
        c.tasks[1] = { ...c.tasks[1]!, ended: hoursAgo(27) }
      },
      'late',
      'no backup within 26h: 103 matrix',
    ],
    [
      'none is',
      (c) => {
        c.tasks = []
      },
      'late',
      'no backup within 26h: 101 mail, 102 web, 103 matrix',
    ],
    [
      'a guest is left out of a job that says OK',
      (c) => {
        c.tasks[0] = { ...c.tasks[0]!, log: c.tasks[0]!.log!.filter((line) => !line.includes('VM 102')) }
      },
      'late',
      'no backup within 26h: 102 web',
    ],
    [
      'a guest of a job failed',
      (c) => {
        c.tasks[0] = {
          ...c.tasks[0]!,
          status: 'job errors',
          log: ['INFO: Finished Backup of VM 101 (00:01:00)', "ERROR: Backup of VM 102 failed - command 'tar' failed"],
        }
      },
      'content',
      'last backup failed: 102 web',
    ],
    [
      'the newest backup failed',
      (c) => {
        c.tasks.push({
          node: 'pve1',
          id: '101',
          ended: hoursAgo(1),
          status: 'unable to open file - No space left on device',
        })
      },
      'content',
      'last backup failed: 101 mail',
    ],
    [
      'a backup still runs and the last is old',
      (c) => {
        c.tasks[1] = { ...c.tasks[1]!, ended: null }
      },
      'late',
      'no backup within 26h: 103 matrix',
    ],
    [
      'several things are wrong',
      (c) => {
        c.nodes.pve2 = 'offline'
        c.tasks = [{ node: 'pve1', id: '101', ended: hoursAgo(1), status: 'failed' }]
      },
      'content',
      'offline: pve2; last backup failed: 101 mail; no backup within 26h: 102 web',
    ],
    [
      'many guests are',
      (c) => {
        c.guests.push(...[1, 2, 3].map((vmid) => ({ vmid, name: '', node: 'pve1' })))
        c.tasks = []
      },
      'late',
      'no backup within 26h: 101 mail, 102 web, 103 matrix and 3 more',
    ],
  ])('fails when %s', async (_, bend, reason, note) => {
    const { look } = await hoster(bend)
    expect(await look()).toMatchObject({ ok: false, reason, note })
  })

  it.each<[string, (cluster: Cluster) => void, readonly string[]]>([
    [
      'a full storage, once for all nodes',
      (c) => {
        for (const one of c.storages) one.disk = one.storage === 'backup' ? 93 : 30
      },
      ['storage backup is more than 90% full'],
    ],
    [
      'each full storage of its own',
      (c) => {
        c.storages[0]!.disk = 90
        c.storages[1]!.disk = 91
      },
      ['storage local on pve2 is more than 90% full', 'storage local on pve1 is more than 90% full'],
    ],
    [
      'a storage that is away',
      (c) => {
        c.storages[2]!.status = 'unknown'
      },
      ['storage backup is not available'],
    ],
    [
      'warnings',
      (c) => {
        c.tasks[1] = { node: 'pve2', id: '103', ended: hoursAgo(3), status: 'WARNINGS: 2' }
      },
      ['backup with warnings: 103 matrix'],
    ],
    [
      'a guest in no job',
      (c) => {
        c.tasks.pop()
        c.unplanned = [103, 900]
      },
      ['in no backup job: 103 matrix'],
    ],
  ])('remarks %s', async (_, bend, notes) => {
    const { look } = await hoster(bend)
    expect(await look()).toMatchObject({ ok: true, attention: notes.map((note) => ({ kind: 'finding', note })) })
  })

  it('is fine with a later success, single guests, templates and guests that moved', async () => {
    const { look } = await hoster((c) => {
      c.tasks.push({ node: 'pve1', id: '103', ended: hoursAgo(30), status: 'failed' })
      c.tasks[1] = { node: 'pve1', id: '103', ended: hoursAgo(2), status: 'OK' }
    })
    const outcome = await look()
    expect(outcome.ok).toBe(true)
    expect(outcome).not.toHaveProperty('attention')
  })

  it('does without what an older one can not say', async () => {
    const { look } = await hoster((c) => c.instead.set('/cluster/backup-info/not-backed-up', answering(501)))
    expect((await look()).ok).toBe(true)
  })

  it.each<[string, (cluster: Cluster) => void, object]>([
    [
      'a broken gateway',
      (c) => c.instead.set('/cluster/resources', answering(595)),
      { reason: 'status', note: 'resources: 595' },
    ],
    [
      'HTML',
      (c) => c.instead.set('/cluster/resources', answering(200, '<html>')),
      { reason: 'content', note: 'resources: the answer is not JSON' },
    ],
    [
      'deep JSON',
      (c) => c.instead.set('/cluster/resources', answering(200, '{"data":'.repeat(100_000))),
      { reason: 'content', note: 'resources: the answer is not JSON' },
    ],
    [
      'endless JSON',
      (c) => c.instead.set('/cluster/resources', answering(200, `{"data":["${'x'.repeat(5_000_000)}"]}`)),
      { reason: 'content', note: 'resources: the answer is too long' },
    ],
    [
      'a redirect',
      (c) => c.instead.set('/cluster/resources', answering(302, '', { location: 'https://evil.test/' })),
      { reason: 'status', note: 'resources: 302' },
    ],
    [
      'a node that does not answer for its tasks',
      (c) => c.instead.set('/nodes/pve1/tasks', answering(596)),
      { reason: 'status', note: 'tasks: 596' },
    ],
    [
      'tasks it may not see',
      (c) => c.instead.set('/nodes/pve1/tasks', answering(403)),
      { reason: 'auth', note: 'tasks: token refused (403)' },
    ],
    [
      'a token without rights',
      (c) => c.instead.set('/cluster/resources', answering(200, '{"data":[]}')),
      { reason: 'auth', note: 'the token sees no node: it wants the role PVEAuditor on /' },
    ],
    ['a hang-up', (c) => c.instead.set('/nodes/pve1/tasks', (q) => q.socket.destroy()), { reason: 'closed' }],
    [
      'silence',
      (c) => c.instead.set('/cluster/resources', () => {}),
      { reason: 'timeout', note: 'no answer (pve.test:8006) within 800ms' },
    ],
  ])('meets %s', async (_, bend, expected) => {
    const { look } = await hoster(bend)
    const outcome = await look({ timeout: 'reason' in expected && expected.reason === 'timeout' ? 800 : 10_000 })
    expect(outcome).toMatchObject({ ok: false, ...expected })
    expect(JSON.stringify(outcome)).not.toContain('secret')
  })
})

describe('the token', () => {
  afterEach(() => vi.useRealTimers())

  it('when refused is no outage and is left alone for an hour', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { look, heard } = await hoster(undefined, { ...KEYS, token: 'vigie@pve!status=wrong-donkey' })
    const refused = { ok: false, reason: 'auth', note: 'resources: token refused (401)' }
    expect(await look()).toMatchObject(refused)
    const again = await look()
    expect(again).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^asks for a login \(401\)/),
      attention: [{ kind: 'auth', note: 'resources: token refused (401)' }],
    })
    expect(JSON.stringify(again)).not.toContain('donkey')
    vi.advanceTimersByTime(HOUR)
    expect(await look()).toMatchObject(refused)
    expect(paths(heard)).toEqual(['/cluster/resources', '/version', '/cluster/resources'])
  })

  it('is not sent to a bad certificate', async () => {
    const { look, heard } = await world({ 'pve.test:8006': { serve: answering(200), names: ['elsewhere.test'] } })
    const { outcome } = await look(probeOf(proxmox, URL_, KEYS))
    expect(outcome).toMatchObject({ ok: false, reason: 'certificate' })
    expect(heard).toEqual([])
  })

  it.each([
    [URL_, { backups: '26h' }, ['backups: only a `token` shows backups']],
    [URL_, { token: 'root@pam' }, ['token: a token is USER@REALM!NAME=SECRET, as Proxmox shows it once']],
    ['http://pve.test/', { token: TOKEN }, ['token: a token is only sent over https']],
    [URL_, { token: TOKEN, storage: '0%' }, ['storage: "0%" is no share: write 90%']],
    [URL_, { token: TOKEN, storage: '0.9' }, ['storage: "0.9" is no share: write 90%']],
  ])('%s with %j is a mistake', (target, keys, complaints) => {
    expect(configure(proxmox, target, keys).complaints).toEqual(complaints)
  })
})

describe('whatever it says', () => {
  it('tasks and logs are read as far as they are some', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        expect(Array.isArray(readTasks({ data }, 'pve1'))).toBe(true)
        expect(readLog({ data }).size).toBe(0)
      }),
    )
  })

  it('there is an outcome', async () => {
    let said: unknown = null
    const { look } = await hoster((c) =>
      c.instead.set('/cluster/resources', (_, r) => r.end(JSON.stringify({ data: said }))),
    )
    const resource = fc.record(
      {
        type: fc.constantFrom('node', 'storage', 'qemu'),
        status: fc.jsonValue(),
        node: fc.jsonValue(),
        vmid: fc.jsonValue(),
        disk: fc.jsonValue(),
        maxdisk: fc.jsonValue(),
        storage: fc.jsonValue(),
      },
      { requiredKeys: ['type'] },
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.array(resource, { maxLength: 6 })), async (data) => {
        said = data
        expect((await look()).note).not.toBe('')
      }),
      { numRuns: 40 },
    )
  }, 30_000)
})
