// What the task lists of Proxmox VE tell of backups: which guest's last one is how old, and went how.
import type { Instant, Millis } from '../core/time/time.ts'
import { SECOND } from '../core/time/time.ts'
import { listAt, numberAt, textAt } from './json.ts'

/** One run of vzdump that has ended: for one guest, or for many of which only its log tells. */
export interface BackupTask {
  readonly node: string
  readonly upid: string
  readonly ended: Instant
  /** Null: several guests. */
  readonly guest: string | null
  readonly result: BackupResult
}

export type BackupResult = 'fine' | 'warned' | 'failed'

export interface Backup {
  readonly ended: Instant
  readonly result: BackupResult
}

/** How the last backup of each guest stands. */
export interface BackupState {
  readonly failed: readonly string[]
  readonly late: readonly string[]
  readonly warned: readonly string[]
}

/** The ended tasks in an answer to `/nodes/NODE/tasks`; those that still run are left out. */
export function readTasks(document: unknown, node: string): readonly BackupTask[] {
  return listAt(document, 'data').flatMap((task) => {
    const [upid, ended, status] = [textAt(task, 'upid'), numberAt(task, 'endtime'), textAt(task, 'status')]
    if (upid === undefined || ended === undefined || status === undefined || status === 'RUNNING') return []
    return [{ node, upid, ended: ended * SECOND, guest: textAt(task, 'id') ?? null, result: resultOf(status) }]
  })
}

function resultOf(status: string): BackupResult {
  if (status === 'OK') return 'fine'
  return /^WARNINGS: \d+$/.test(status) ? 'warned' : 'failed'
}

/** Guests and how each went, in the log of a task for several: `/nodes/NODE/tasks/UPID/log`. */
export function readLog(document: unknown): ReadonlyMap<string, 'fine' | 'failed'> {
  const guests = new Map<string, 'fine' | 'failed'>()
  for (const line of listAt(document, 'data')) {
    const text = textAt(line, 't') ?? ''
    const [, finished] = /^INFO: Finished Backup of VM (\d+)\b/.exec(text) ?? []
    const [, failed] = /^ERROR: Backup of VM (\d+) failed\b/.exec(text) ?? []
    if (finished !== undefined && guests.get(finished) !== 'failed') guests.set(finished, 'fine')
    if (failed !== undefined) guests.set(failed, 'failed')
  }
  return guests
}

/** The last backup of each guest that was found; `whole`: nothing was left unread that could tell of the others. */
export interface Found {
  readonly last: ReadonlyMap<string, Backup>
  readonly whole: boolean
}

/**
 * The last backup of each of the guests. `log` reads that of a task for several, null: not now; tasks are gone through from
 * the newest on, until every guest was found or one can't be read.
 */
export async function lastBackups(
  guests: readonly string[],
  tasks: readonly BackupTask[],
  log: (task: BackupTask) => Promise<ReadonlyMap<string, 'fine' | 'failed'> | null>,
): Promise<Found> {
  const wanted = new Set(guests)
  const last = new Map<string, Backup>()
  const keep = (guest: string, backup: Backup) => {
    if (wanted.has(guest) && !last.has(guest)) last.set(guest, backup)
  }
  for (const task of tasks.toSorted((a, b) => b.ended - a.ended)) {
    if (last.size === wanted.size) break
    const { ended, guest, result } = task
    if (guest !== null) keep(guest, { ended, result })
    else {
      const told = await log(task)
      if (told === null) return { last, whole: false }
      for (const [one, how] of told) keep(one, { ended, result: how })
    }
  }
  return { last, whole: true }
}

/** Judges each guest by its last backup, in the order of the guests. One that was not found in time is late only then. */
export function backupStateOf(
  guests: readonly string[],
  { last, whole }: Found,
  within: Millis,
  now: Instant,
): BackupState {
  const where = (holds: (backup: Backup | undefined) => boolean) => guests.filter((guest) => holds(last.get(guest)))
  return {
    failed: where((backup) => backup?.result === 'failed'),
    late: where((backup) => (backup === undefined ? whole : backup.result !== 'failed' && now - backup.ended > within)),
    warned: where((backup) => backup?.result === 'warned'),
  }
}
