// What the demonstrated site thinks, as anybody may ask it: its status.json.

import { LANGUAGES, type Text } from '../core/text.ts'
import { type Millis, SECOND } from '../core/time/time.ts'
import type { Status } from '../core/verdict/service.ts'

export interface Outlook {
  readonly status: Status
  readonly sentence: Text
  /** What it thinks of each service on the page, by id. */
  readonly services: ReadonlyMap<string, Opinion>
}

export interface Opinion {
  readonly status: Status
  readonly condition: Condition
}

/** The status, or what the page says instead of it so as not to say too much. */
export type Condition = Status | 'unstable' | 'disputed' | 'unreached'

const PATIENCE: Millis = SECOND

const STATUSES: readonly unknown[] = [
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
  'under_maintenance',
  'unknown',
] satisfies readonly Status[]

/** Null when it doesn't answer in a second, or not with what it should. */
export async function outlookOf(site: string): Promise<Outlook | null> {
  try {
    const response = await fetch(`${site}/api/vigie/status.json`, { signal: AbortSignal.timeout(PATIENCE) })
    return parse(await response.json())
  } catch {
    return null
  }
}

function parse(document: unknown): Outlook | null {
  const { status, sentence, services } = fieldsOf(document)
  if (!isStatus(status) || !Array.isArray(services)) return null
  const spoken = fieldsOf(sentence)
  return {
    status,
    sentence: Object.fromEntries(LANGUAGES.map((language) => [language, textOf(spoken[language])])),
    services: new Map(services.map(fieldsOf).flatMap((service) => opinionOf(service))),
  }
}

function opinionOf(service: Fields): readonly (readonly [string, Opinion])[] {
  const { id, status } = service
  return isStatus(status) ? [[textOf(id), { status, condition: conditionOf(status, service) }]] : []
}

function conditionOf(status: Status, { state, unstable, confidence }: Fields): Condition {
  if (unstable === true) return 'unstable'
  if (status !== 'partial_outage' || state !== 'partial') return status
  const { note } = fieldsOf(confidence)
  if (note === 'road') return 'unreached'
  return note === 'disagree' ? 'disputed' : status
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function isStatus(value: unknown): value is Status {
  return STATUSES.includes(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
