// That senders must use TLS, and to which hosts (MTA-STS, RFC 8461).
import { claims, parseTags } from './tags.ts'

export interface StsPolicy {
  readonly mode: 'enforce' | 'testing' | 'none'
  /** Names of hosts; `*.` stands for one label. */
  readonly mx: readonly string[]
}

const LONGEST_AGE = 31_557_600

/** Null: no policy is announced. `wrong`: one is, and wrongly. */
export function announcementIn(texts: readonly string[]): 'announced' | { readonly wrong: string } | null {
  const records = texts.filter((text) => claims(text, 'STSv1'))
  if (texts.length === 0) return null
  if (records.length === 0) return { wrong: 'the record is not understood' }
  if (records.length > 1) return { wrong: `there are ${records.length} records: senders take that for none` }
  const id = parseTags(records[0]!)?.get('id')
  return id !== undefined && /^[A-Za-z0-9]{1,32}$/.test(id) ? 'announced' : { wrong: 'the record has no usable id' }
}

/** RFC 8461, 3.2. */
export function parsePolicy(text: string): StsPolicy | { readonly wrong: string } {
  const fields = new Map<string, string>()
  const mx: string[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const at = line.indexOf(':')
    const [field, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    if (at < 0 || !/^[a-z0-9][\w.-]{0,31}$/i.test(field)) return { wrong: 'the policy is not understood' }
    if (field === 'mx') mx.push(value.toLowerCase())
    // Of what is said twice the first counts.
    else if (!fields.has(field)) fields.set(field, value)
  }
  if (fields.get('version') !== 'STSv1') return { wrong: 'the policy does not say version: STSv1' }
  const mode = fields.get('mode')
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return { wrong: 'the policy says no mode' }
  const age = fields.get('max_age') ?? ''
  if (!/^\d{1,10}$/.test(age) || Number(age) > LONGEST_AGE) return { wrong: 'the policy says no usable max_age' }
  if (mode !== 'none' && mx.length === 0) return { wrong: 'the policy names no mx' }
  return { mode, mx }
}

/** The hosts that a policy leaves out (RFC 8461, 4.1). */
export function unnamed(policy: StsPolicy, hosts: readonly string[]): readonly string[] {
  if (policy.mode === 'none') return []
  return hosts.filter((host) => !policy.mx.some((pattern) => covers(pattern, host)))
}

function covers(pattern: string, host: string): boolean {
  const bare = pattern.replace(/\.$/, '')
  if (!bare.startsWith('*.')) return bare === host
  const dot = host.indexOf('.')
  return dot > 0 && host.slice(dot + 1) === bare.slice(2)
}
