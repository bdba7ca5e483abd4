// What one call of the API is: the server's routes, their scopes and the OpenAPI document are all made from such.
import type { Scope } from '../../core/said/account.ts'
import type { Incident } from '../../core/said/incident.ts'
import type { Maintenance, Occurrence } from '../../core/said/maintenance.ts'
import type { Override } from '../../core/said/override.ts'
import type { Answer, Post, Sender } from '../../core/said/post.ts'
import type { Instant } from '../../core/time/time.ts'

/** What was said, to be read, as `Board` has it. */
export interface Said {
  incidents(): readonly Incident[]
  incident(id: string): Incident | undefined
  maintenances(): readonly Maintenance[]
  maintenance(id: string): Maintenance | undefined
  occurrences(from: Instant, to: Instant): readonly Occurrence[]
  override(service: string, now: Instant): Override | null
}

export interface Ground {
  readonly post: Post
  readonly said: Said
  /** Ids of all services. */
  readonly services: () => readonly string[]
  readonly now: () => Instant
}

export interface Call {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly from: Sender
}

export interface Operation {
  /** OpenAPI's operationId. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** After `/admin/api/v1`, parameters in braces. */
  readonly path: string
  readonly scope: Scope
  readonly summary: string
  /** Names of schemas (openapi.ts); null: no body. */
  readonly takes: string | null
  readonly gives: string
  /** Of a new thing: 201. */
  readonly makes?: true
  /** Parameters of the query and what they mean. */
  readonly query?: Readonly<Record<string, string>>
  run(call: Call, ground: Ground): Answer<object>
}

/** One thing by its id, or that there is none. */
export function found<T>(what: string, one: T | undefined, show: (one: T) => object): Answer<object> {
  if (one !== undefined) return { done: show(one) }
  return { refused: 'unknown', mistakes: [{ field: what, message: `there is no such ${what}` }] }
}

/** The most that a list holds. */
export const MOST = 500

/** How many a list is asked for; 50 when not said. */
export function limitOf({ limit }: Call['query']): number {
  const wanted = Number(limit ?? 50)
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, MOST) : 50
}
