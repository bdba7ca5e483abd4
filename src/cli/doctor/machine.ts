// What doctor asks of this machine and of the data folder.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { bytes, type Finding, fail, judgeCopy, judgeDisk, judgeWear, ok, warn } from '../../core/shown/diagnosis.ts'
import { type Instant, type Millis, SECOND } from '../../core/time/time.ts'
import { soundnessOf } from '../../store/soundness.ts'

/** Reading through more than this takes too long on a Pi; a start does it. */
const LARGEST = 100_000_000

/** `pid`: of the vigie that runs there; null: none does. */
export function examineMachine(data: string, pid: number | null, now: Instant): readonly Finding[] {
  return [
    ok('node', `${process.version}, ${process.platform} ${process.arch}`),
    ...folder(data),
    ...wear(pid),
    ...exposed(data),
    ...databases(data),
    ...copy(data, now),
  ]
}

function folder(data: string): readonly Finding[] {
  const { bavail, bsize, blocks } = statfsSync(nearest(resolve(data)))
  const disk = judgeDisk(bavail * bsize, blocks * bsize, data)
  if (!existsSync(data)) return [warn('data', `${data} is not there yet`, '`vigie run` makes it.'), disk]
  try {
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK)
    return [ok('data', `${data}, ${bytes(sizeOf(data))}, can be written`), disk]
  } catch {
    const remedy = `Ask as the user that runs vigie, or give ${data} to it: \`chown -R\`.`
    return [fail('data', `${data} can’t be written by this user`, remedy), disk]
  }
}

/** The folder itself, or the one that it will be made in. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder))
}

function sizeOf(dir: string): number {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { name }) => sum + (statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0), 0)
}

/** What the kernel counted for the process (proc(5)); others than its user may not read it. */
function wear(pid: number | null): readonly Finding[] {
  if (pid === null) return []
  try {
    const written = Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1])
    const begun = Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19])
    const up = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])
    const lived: Millis = (up - begun / TICKS) * SECOND
    return Number.isFinite(written) && Number.isFinite(lived) ? [judgeWear(written, lived)] : []
  } catch {
    return []
  }
}

/** Of the clock that counts in /proc, a second; the same on every Linux that Node runs on. */
const TICKS = 100

/** Keys, secrets and databases that others on this machine can read. */
function exposed(data: string): readonly Finding[] {
  const files = [
    ...['keys', 'secrets'].flatMap((dir) => filesIn(join(data, dir))),
    ...['ledger.db', 'results.db', 'ledger.db.copy'].map((name) => join(data, name)),
  ]
  const open = files.filter((file) => ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o007) !== 0)
  if (files.every((file) => !existsSync(file))) return []
  return open.length === 0
    ? [ok('secrets', 'keys, secrets and databases are readable by their owner alone')]
    : [fail('secrets', `everybody here can read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)]
}

function filesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir).map((name) => join(dir, name))
  } catch {
    return []
  }
}

function databases(data: string): readonly Finding[] {
  return ['ledger.db', 'results.db'].flatMap((name): readonly Finding[] => {
    const file = join(data, name)
    const found = soundnessOf(file, LARGEST)
    if (found.kind === 'missing') return []
    if (found.kind === 'sound') return [ok(name, 'sound')]
    if (found.kind === 'large') return [ok(name, `${bytes(found.bytes)}: too much to read through here; a start does`)]
    if (found.kind === 'unreadable')
      return [warn(name, `can’t be read: ${found.note}`, 'Ask as the user that runs vigie.')]
    const remedy = `Start vigie again: it sets a broken one aside${name === 'ledger.db' ? ' and takes its last copy' : ''}. Then look at the disk.`
    return [fail(name, `damaged: ${found.note}`, remedy)]
  })
}

function copy(data: string, now: Instant): readonly Finding[] {
  const made = statSync(join(data, 'ledger.db'), { throwIfNoEntry: false })
  if (made === undefined) return []
  const copied = statSync(join(data, 'ledger.db.copy'), { throwIfNoEntry: false })
  return [judgeCopy(copied === undefined ? null : now - copied.mtimeMs, now - made.birthtimeMs)]
}
