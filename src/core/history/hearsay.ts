// Whether what another site says it wrote down has the form of what is written down: it may lie, but break nothing.

import { isReason } from '../observation.ts'
import { isRecord } from '../untrusted.ts'
import type { Change } from './change.ts'

const STATES: Readonly<Record<Change['subject'], readonly string[]>> = {
  opinion: ['up', 'degraded', 'down', 'unknown'],
  agreement: ['up', 'degraded', 'partial', 'down', 'unknown'],
  status: ['operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance', 'unknown'],
  line: ['good', 'bad'],
  outage: ['partial', 'down', 'ended'],
  flapping: ['unstable', 'calm'],
}

const NOTES: readonly unknown[] = ['confirmed', 'one_site', 'disagree', 'verifying', 'road', 'frozen', 'none']

/** True for a change that could have been written down here; `sites` is as deep as readers go into it. */
export function isSound({ subject, id, state, sites }: Change): boolean {
  if (!STATES[subject].includes(state)) return false
  if (subject === 'line') return isRecord(sites) && isTexts(sites.layers)
  if (subject === 'agreement') return isRecord(sites) && Object.entries(sites).every(isVoice)
  if (subject === 'flapping')
    return isRecord(sites) && (state === 'calm' || STATES.status.includes(sites.worst as string))
  return subject !== 'outage' || isOutage(sites, id)
}

function isVoice([site, said]: readonly [string, unknown]): boolean {
  if (site === 'confidence') return said === null || isConfidence(said)
  if (!isRecord(said)) return false
  return typeof said.state === 'string' && typeof said.fails === 'number' && isCause(said.reason ?? null)
}

function isOutage(value: unknown, service: string): boolean {
  if (!isRecord(value) || value.service !== service || typeof value.id !== 'string') return false
  const { formerly, audience, since, opened, ended, confirmed, confidence, rule, lastGood, checks } = value
  return (
    (formerly === undefined || typeof formerly === 'string') &&
    (audience === 'members' || audience === 'admins') &&
    [since, opened].every(Number.isSafeInteger) &&
    [ended, lastGood].every((at) => at === null || Number.isSafeInteger(at)) &&
    typeof confirmed === 'boolean' &&
    typeof rule === 'string' &&
    [value.planned, value.outlasted].every((flag) => flag === undefined || flag === true) &&
    isConfidence(confidence) &&
    Array.isArray(checks) &&
    checks.every(isCheck)
  )
}

function isCheck(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { id, kind, reason, note } = value
  return [id, kind, note].every((text) => typeof text === 'string') && isCause(reason)
}

function isConfidence(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { confirmed, of, sites, note } = value
  return [confirmed, of].every(Number.isSafeInteger) && isTexts(sites) && NOTES.includes(note)
}

function isCause(value: unknown): boolean {
  return value === null || (typeof value === 'string' && isReason(value))
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
