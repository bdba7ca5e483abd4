// What Linux says about a process: CPU, memory, bytes written, how often it woke. Linux only; no dependency.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const TICKS = ticksPerSecond()

/**
 * @typedef {object} Sample
 * @property {number} at monotonic milliseconds
 * @property {number} cpu seconds, of all threads
 * @property {number} rss MiB
 * @property {number} written bytes that went to the disk's queue
 * @property {number} wchar bytes handed to write calls, sockets included
 * @property {number} wakeups how often the main thread went to sleep of its own accord, and so was woken
 */

/** @param {number} pid @returns {Sample} */
export function sample(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const io = readFileSync(`/proc/${pid}/io`, 'utf8')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const main = readFileSync(`/proc/${pid}/task/${pid}/status`, 'utf8')
  return {
    at: performance.now(),
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
    rss: figure(status, 'VmRSS') / 1024,
    written: figure(io, 'write_bytes') - figure(io, 'cancelled_write_bytes'),
    wchar: figure(io, 'wchar'),
    wakeups: figure(main, 'voluntary_ctxt_switches'),
  }
}

/** What grew between two samples of one process. */
export function growth(/** @type {Sample} */ before, /** @type {Sample} */ after) {
  return {
    seconds: (after.at - before.at) / 1000,
    cpu: after.cpu - before.cpu,
    written: after.written - before.written,
    wchar: after.wchar - before.wchar,
    wakeups: after.wakeups - before.wakeups,
  }
}

/** A process and all it started. @param {number} pid @returns {readonly number[]} */
export function familyOf(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(familyOf)]
}

/** Nearest rank. @param {readonly number[]} values @param {number} share 0 to 1 */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/** @param {string} text @param {string} name */
function figure(text, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1])
}

function ticksPerSecond() {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100
  } catch {
    return 100
  }
}
