// What an administrator wrote for one check, without YAML around it.
import type { Keys, Settings } from '../../src/core/settings.ts'
import { parseDuration } from '../../src/core/time/time.ts'
import type { Look, Plan, Probe, ProbeKind } from '../../src/probes/kind.ts'

type Written = Readonly<Record<string, unknown>>

export interface Configured {
  readonly plan: Plan
  /** `key: message`, in order. */
  readonly complaints: readonly string[]
  /** Keys that the kind asked for. */
  readonly read: ReadonlySet<string>
}

/** Configures a kind with a target and its keys. */
export function configure(kind: Pick<ProbeKind, 'configure'>, target: string, keys: Written = {}): Configured {
  const complaints: string[] = []
  const read = new Set<string>()
  const settings: Settings = {
    ...keysOf(keys, read, complaints, ''),
    target: () => target,
    targetUrl: () => new URL(target),
    targetHostPort: () => place(target),
    targetHost: () => target,
    targetDuration: () => parseDuration(target) ?? 0,
  }
  return { plan: kind.configure(settings), complaints, read }
}

/** `within`: the section these keys are in, with a dot; nothing for a check's own. */
function keysOf(keys: Written, read: Set<string>, complaints: string[], within: string): Keys {
  const value = (key: string) => {
    read.add(within + key)
    return keys[key]
  }
  const as = <T>(key: string) => value(key) as T | undefined
  return {
    has: (key) => value(key) !== undefined,
    text: (key) => as(key),
    flag: (key) => as(key),
    integer: (key) => as(key),
    duration: (key) => parseDuration(String(value(key) ?? '')),
    oneOf: (key) => as(key),
    hostPort: (key) => (value(key) === undefined ? undefined : place(String(keys[key]))),
    url: (key) => (value(key) === undefined ? undefined : new URL(String(keys[key]))),
    login: (key) => as(key),
    texts: (key) => (typeof value(key) === 'string' ? [String(keys[key])] : as(key)),
    map: (key) => as(key),
    values: (key) => as(key),
    scalars: (key) => (Array.isArray(value(key)) || keys[key] === undefined ? as(key) : [keys[key] as string]),
    section: (key, parse) =>
      value(key) === undefined ? undefined : parse(keysOf(keys[key] as Written, read, complaints, `${within}${key}.`)),
    complain: (key, message) => complaints.push(`${within}${key ?? 'target'}: ${message}`),
  }
}

function place(text: string) {
  const at = text.lastIndexOf(':')
  return { host: text.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(at + 1)) }
}

/** The probe of a kind that looks. A mistake in what was written fails the test. */
export function probeOf(kind: Pick<ProbeKind, 'configure'>, target: string, keys: Written = {}): Probe {
  const { plan, complaints } = configure(kind, target, keys)
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
  if (plan.does !== 'look') throw new Error('this kind does not look')
  return plan.probe
}

/** A probe that only does what it is told with its look. */
export function doing(work: (look: Look) => Promise<unknown>): Probe {
  return async (look) => {
    await work(look)
    return { ok: true, note: 'done' }
  }
}
