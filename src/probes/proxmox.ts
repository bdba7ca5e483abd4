// proxmox: the nodes of a Proxmox VE are online, its storages have room, and each guest was backed up in time.
import type { Attention, FailReason, Outcome } from '../core/observation.ts'
import type { Settings } from '../core/settings.ts'
import { DAY, formatDuration, type Millis, SECOND } from '../core/time/time.ts'
import { factsNote } from '../net/certificate.ts'
import { failed, outcomeOf } from '../net/failure.ts'
import { exchange, type WebAnswer } from '../net/web.ts'
import { isObject, type JsonObject, listAt, numberAt, readObject, textAt } from './json.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { createLoginMemory, type LoginMemory } from './login.ts'
import { backupStateOf, lastBackups, readLog, readTasks } from './proxmox-backups.ts'
import { fitsHeader } from './request.ts'
import { soonest, stage } from './stage.ts'

const MAX_BYTES = 4 * 1024 * 1024
const MOST_NODES = 32
const MOST_TASKS = 500
/** So many are read in one look; what one told stays so, and is not read again. */
const MOST_LOGS = 16
const MOST_LINES = 20_000
const FULL = 0.9

export const proxmox: ProbeKind = {
  summary: 'nodes online, room on every storage and, when asked, each guest backed up in time',
  example: 'https://pve.example.org:8006',
  configure,
}

interface Rules {
  readonly url: URL
  /** How old the last backup of a guest may be; null: backups are not looked at. */
  readonly backups: Millis | null
  /** The share of a storage that may be used, 0 to 1. */
  readonly storage: number
}

function configure(settings: Settings): Plan {
  const url = settings.targetUrl()
  const rules = { url, backups: settings.duration('backups') ?? null, storage: readShare(settings) }
  const token = settings.text('token')
  if (token === undefined) {
    if (rules.backups !== null && !settings.has('token')) settings.complain('backups', 'only a `token` shows backups')
    return { does: 'look', probe: (look) => knock(look, url, null) }
  }
  if (url.protocol === 'http:') settings.complain('token', 'a token is only sent over https')
  if (!/^[^\s@!=]+@[^\s@!=]+![^\s@!=]+=\S+$/.test(token) || !fitsHeader(token)) {
    settings.complain('token', 'a token is USER@REALM!NAME=SECRET, as Proxmox shows it once')
  }
  const memory = createLoginMemory()
  const logs: Logs = new Map()
  return {
    does: 'look',
    probe: (look) => (memory.due() ? visit(look, rules, token, memory, logs) : knock(look, url, memory)),
  }
}

function readShare(settings: Settings): number {
  const written = settings.text('storage')
  if (written === undefined) return FULL
  const percent = /^\d{1,3}%$/.test(written) ? Number(written.slice(0, -1)) : 0
  if (percent < 1 || percent > 100) settings.complain('storage', `"${written}" is no share: write 90%`)
  return percent / 100
}

/** Without a token its interface answers, and wants to know who asks. */
async function knock(look: Look, url: URL, memory: LoginMemory | null): Promise<Outcome> {
  const answer = await exchange(stage(look, 'version', url.host), {
    url: new URL('/api2/json/version', url),
    method: 'GET',
    headers: {},
    body: null,
    maxBytes: MAX_BYTES,
  })
  if (answer.status !== 401) return { ok: false, reason: 'status', note: String(answer.status), ...soonest([answer]) }
  const well = { ok: true, note: `asks for a login (401)${certificate(look, [answer])}`, ...soonest([answer]) } as const
  const attention = memory?.attention() ?? []
  return attention.length === 0 ? well : { ...well, attention }
}

/** The interface as the token sees it. */
interface Api {
  get(phase: string, path: string): Promise<JsonObject>
  readonly answers: WebAnswer[]
}

function openApi(look: Look, url: URL, token: string): Api {
  const answers: WebAnswer[] = []
  return {
    answers,
    async get(phase, path) {
      const answer = await exchange(stage(look, phase, url.host), {
        url: new URL(`/api2/json${path}`, url),
        method: 'GET',
        headers: { authorization: `PVEAPIToken=${token}` },
        body: null,
        maxBytes: MAX_BYTES,
      })
      answers.push(answer)
      const { status } = answer
      if (status === 200) return readObject(answer, phase)
      const refused = status === 401 || status === 403
      const note = refused ? `${phase}: token refused (${status})` : `${phase}: ${status}`
      throw failed({ ok: false, reason: refused ? 'auth' : 'status', note })
    },
  }
}

async function visit(look: Look, rules: Rules, token: string, memory: LoginMemory, logs: Logs): Promise<Outcome> {
  const api = openApi(look, rules.url, token)
  try {
    const found = await survey(look, api, rules, logs)
    memory.accepted()
    const shown = soonest(api.answers)
    const [worst] = found.faults
    if (worst !== undefined) {
      return { ok: false, reason: worst.reason, note: found.faults.map(({ note }) => note).join('; '), ...shown }
    }
    // Nothing that was not read may end an outage.
    if (!found.whole) return { ok: null, reason: 'overload', note: `still reading the logs of backups: ${found.good}` }
    const well = { ok: true, note: `${found.good}${certificate(look, api.answers)}`, ...shown } as const
    return found.findings.length === 0 ? well : { ...well, attention: found.findings }
  } catch (error) {
    const failure = outcomeOf(error)
    if (failure.reason === 'auth') memory.refused(failure.note)
    return failure.ok === false ? { ...soonest(api.answers), ...failure } : failure
  }
}

interface Survey {
  /** The worst first. */
  readonly faults: readonly { readonly reason: FailReason; readonly note: string }[]
  readonly findings: readonly Attention[]
  readonly good: string
  /** False: there is more to be read before all is known to be well. */
  readonly whole: boolean
}

async function survey(look: Look, api: Api, rules: Rules, logs: Logs): Promise<Survey> {
  const resources = listAt(await api.get('resources', '/cluster/resources'), 'data').filter(isObject)
  const of = (...types: readonly string[]) => resources.filter((one) => types.includes(textAt(one, 'type') ?? ''))
  const nodes = of('node')
  // Without the right to see them the list is empty, and no error.
  if (nodes.length === 0) {
    throw failed({ ok: false, reason: 'auth', note: 'the token sees no node: it wants the role PVEAuditor on /' })
  }
  const offline = nodes.filter((node) => textAt(node, 'status') !== 'online').map(nodeOf)
  const fullest = storagesOf(of('storage'))
  const backups =
    rules.backups === null
      ? NO_BACKUPS
      : await surveyBackups(look, api, { nodes, guests: of('qemu', 'lxc') }, rules.backups, logs)
  const most = fullest[0]
  return {
    faults: [
      ...(offline.length === 0 ? [] : [{ reason: 'content', note: `offline: ${listed(offline)}` } as const]),
      ...backups.faults,
    ],
    findings: [...storageFindings(fullest, rules.storage), ...backups.findings],
    good: [
      `${nodes.length} ${nodes.length === 1 ? 'node' : 'nodes'} online`,
      ...(most === undefined ? [] : [`fullest storage ${most.name} ${Math.round(most.share * 100)}%`]),
      backups.good,
    ]
      .filter((part) => part !== '')
      .join(', '),
    whole: backups.whole,
  }
}

interface Storage {
  readonly name: string
  /** Used, 0 to 1. */
  readonly share: number
  readonly available: boolean
}

/** Each once, the fullest first: one that all nodes share is listed for each of them. */
function storagesOf(listing: readonly JsonObject[]): readonly Storage[] {
  const storages = new Map<string, Storage>()
  for (const one of listing) {
    const id = textAt(one, 'storage') ?? '?'
    const name = numberAt(one, 'shared') === 1 ? id : `${id} on ${nodeOf(one)}`
    const [used, whole] = [numberAt(one, 'disk') ?? 0, numberAt(one, 'maxdisk') ?? 0]
    const available = (textAt(one, 'status') ?? 'available') === 'available'
    const known = storages.get(name)
    storages.set(name, {
      name,
      share: Math.max(known?.share ?? 0, whole > 0 ? used / whole : 0),
      available: available && (known?.available ?? true),
    })
  }
  return [...storages.values()].sort((a, b) => b.share - a.share)
}

/** Worded so that they stay the same while they last: each is mailed once. */
function storageFindings(storages: readonly Storage[], most: number): readonly Attention[] {
  return storages.flatMap(({ name, share, available }) => {
    if (!available) return [{ kind: 'finding', note: `storage ${name} is not available` }]
    return share >= most
      ? [{ kind: 'finding', note: `storage ${name} is more than ${Math.round(most * 100)}% full` }]
      : []
  })
}

/** What the logs of ended tasks told of each guest, by task. */
type Logs = Map<string, ReadonlyMap<string, 'fine' | 'failed'>>

type Backups = Survey

const NO_BACKUPS: Backups = { faults: [], findings: [], good: '', whole: true }

async function surveyBackups(
  look: Look,
  api: Api,
  there: { readonly nodes: readonly JsonObject[]; readonly guests: readonly JsonObject[] },
  within: Millis,
  logs: Logs,
): Promise<Backups> {
  const online = there.nodes.filter((node) => textAt(node, 'status') === 'online').map(nodeOf)
  // Of an offline node nothing is heard; that it is offline is said already.
  const names = new Map(
    there.guests
      .filter((guest) => numberAt(guest, 'template') !== 1 && online.includes(nodeOf(guest)))
      .map((guest) => [idOf(guest), textAt(guest, 'name') ?? '']),
  )
  const unplanned = (await unplannedGuests(api)).filter((guest) => names.has(guest))
  const guests = [...names.keys()].filter((guest) => !unplanned.includes(guest))
  const since = Math.floor((look.now() - within - DAY) / SECOND)
  const tasks = []
  for (const node of online.slice(0, MOST_NODES)) {
    const query = `typefilter=vzdump&since=${since}&limit=${MOST_TASKS}`
    tasks.push(...readTasks(await api.get('tasks', `/nodes/${encodeURIComponent(node)}/tasks?${query}`), node))
  }
  const known = new Set(tasks.map(({ upid }) => upid))
  for (const upid of logs.keys()) if (!known.has(upid)) logs.delete(upid)
  let read = 0
  const found = await lastBackups(guests, tasks, async ({ node, upid }) => {
    const told = logs.get(upid)
    if (told !== undefined) return told
    if (++read > MOST_LOGS) return null
    const path = `/nodes/${encodeURIComponent(node)}/tasks/${encodeURIComponent(upid)}/log?limit=${MOST_LINES}`
    const log = readLog(await api.get('log', path))
    logs.set(upid, log)
    return log
  })
  const backups = backupStateOf(guests, found, within, look.now())
  const called = (list: readonly string[]) => listed(list.map((guest) => `${guest} ${names.get(guest)}`.trim()))
  const finding = (list: readonly string[], what: string): readonly Attention[] =>
    list.length === 0 ? [] : [{ kind: 'finding', note: `${what}: ${called(list)}` }]
  const fault = (list: readonly string[], reason: FailReason, what: string) =>
    list.length === 0 ? [] : [{ reason, note: `${what}: ${called(list)}` }]
  const span = formatDuration(within)
  return {
    faults: [
      ...fault(backups.failed, 'content', 'last backup failed'),
      ...fault(backups.late, 'late', `no backup within ${span}`),
    ],
    findings: [...finding(backups.warned, 'backup with warnings'), ...finding(unplanned, 'in no backup job')],
    good: `${found.whole ? '' : `${found.last.size} of `}${guests.length} ${guests.length === 1 ? 'guest' : 'guests'} backed up within ${span}`,
    whole: found.whole,
  }
}

/** Guests that no job is meant to back up; none where this Proxmox, or this token, can't say. */
async function unplannedGuests(api: Api): Promise<readonly string[]> {
  try {
    const said = await api.get('jobs', '/cluster/backup-info/not-backed-up')
    return listAt(said, 'data').map(idOf)
  } catch (error) {
    const { reason } = outcomeOf(error)
    if (reason === 'status' || reason === 'auth') return []
    throw error
  }
}

function idOf(guest: unknown): string {
  return textAt(guest, 'vmid') ?? String(numberAt(guest, 'vmid') ?? '?')
}

function nodeOf(resource: JsonObject): string {
  return textAt(resource, 'node') ?? '?'
}

/** `a, b, c and 4 more` */
function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')
}

function certificate(look: Look, answers: readonly WebAnswer[]): string {
  const { tls } = soonest(answers)
  return tls === undefined ? '' : `, ${factsNote(tls, look.now())}`
}
