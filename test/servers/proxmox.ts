// A Proxmox VE cluster as its API describes itself (pve-manager: PVE/API2/Cluster.pm, Tasks.pm, Cluster/BackupInfo.pm).
import type { Serve } from './web.ts'

export const TOKEN = 'vigie@pve!status=0a1b2c3d-secret'

export interface Task {
  readonly node: string
  /** Empty: several guests, told in its log. */
  readonly id: string
  /** Seconds; null while it runs. */
  readonly ended: number | null
  readonly status: string
  readonly log?: readonly string[]
}

/** The cluster; a test bends it. */
export interface Cluster {
  nodes: Record<string, string>
  guests: { vmid: number; name: string; node: string; type?: string; template?: number }[]
  storages: { storage: string; node: string; disk: number; maxdisk: number; shared?: number; status?: string }[]
  tasks: Task[]
  unplanned: number[]
  /** Answers a path (without `/api2/json`) by something else. */
  readonly instead: Map<string, Serve>
}

/** Two nodes, three guests and a template, backed up last night by a job each. */
export function createCluster(lastNight: number): Cluster {
  const job = (node: string, ...guests: readonly number[]): Task => ({
    node,
    id: '',
    ended: lastNight,
    status: 'OK',
    log: [
      `INFO: starting new backup job: vzdump ${guests.join(' ')} --mode snapshot`,
      ...guests.flatMap((guest) => [
        `INFO: Starting Backup of VM ${guest} (qemu)`,
        `INFO: status = 50%`,
        `INFO: Finished Backup of VM ${guest} (00:02:15)`,
      ]),
      'INFO: Backup job finished successfully',
    ],
  })
  return {
    nodes: { pve1: 'online', pve2: 'online' },
    guests: [
      { vmid: 101, name: 'mail', node: 'pve1' },
      { vmid: 102, name: 'web', node: 'pve1', type: 'lxc' },
      { vmid: 103, name: 'matrix', node: 'pve2' },
      { vmid: 900, name: 'debian-template', node: 'pve1', template: 1 },
    ],
    storages: [
      { storage: 'local', node: 'pve1', disk: 30, maxdisk: 100 },
      { storage: 'local', node: 'pve2', disk: 55, maxdisk: 100 },
      { storage: 'backup', node: 'pve1', disk: 71, maxdisk: 100, shared: 1 },
      { storage: 'backup', node: 'pve2', disk: 71, maxdisk: 100, shared: 1 },
    ],
    tasks: [job('pve1', 101, 102), job('pve2', 103)],
    unplanned: [],
    instead: new Map(),
  }
}

export function serveCluster(cluster: Cluster): Serve {
  return (request, response) => {
    const url = new URL(request.url!, 'https://any')
    const path = url.pathname.replace(/^\/api2\/json/, '')
    const say = (data: unknown, total?: number) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data, total }))
    const instead = cluster.instead.get(path)
    if (instead) return instead(request, response)
    if (request.headers.authorization !== `PVEAPIToken=${TOKEN}`) {
      return response.writeHead(401).end(`no such token: ${request.headers.authorization}`)
    }
    if (path === '/cluster/resources') return say(resources(cluster))
    if (path === '/cluster/backup-info/not-backed-up') {
      return say(cluster.guests.filter(({ vmid }) => cluster.unplanned.includes(vmid)))
    }
    const [, node, upid] = /^\/nodes\/([^/]+)\/tasks(?:\/([^/]+)\/log)?$/.exec(path) ?? []
    if (node === undefined) return response.writeHead(501).end()
    const all = cluster.tasks.map((task, at) => ({ ...task, upid: `UPID:${task.node}:${at}:vzdump::root@pam:` }))
    if (upid === undefined) {
      const since = Number(url.searchParams.get('since'))
      const listed = all.filter((task) => task.node === node && (task.ended ?? since) >= since)
      return say(listed.map(shown))
    }
    const log = all.find((task) => task.upid === decodeURIComponent(upid))?.log ?? ['no content']
    const limit = Number(url.searchParams.get('limit') ?? 50)
    return say(
      log.slice(0, limit).map((t, at) => ({ n: at + 1, t })),
      log.length,
    )
  }
}

function shown({ upid, node, id, ended, status }: Task & { upid: string }) {
  const task = { upid, node, id, type: 'vzdump', user: 'root@pam', starttime: (ended ?? 0) - 600 }
  return ended === null ? { ...task, status: 'RUNNING' } : { ...task, endtime: ended, status }
}

function resources({ nodes, guests, storages }: Cluster): object[] {
  return [
    ...Object.entries(nodes).map(([node, status]) => ({
      id: `node/${node}`,
      type: 'node',
      node,
      status,
      disk: 1,
      maxdisk: 2,
    })),
    ...guests.map((guest) => ({ type: 'qemu', status: 'running', template: 0, ...guest })),
    ...storages.map((storage) => ({ type: 'storage', status: 'available', plugintype: 'dir', ...storage })),
    { type: 'sdn', sdn: 'localnetwork', node: 'pve1', status: 'ok' },
  ]
}
