// Who is let in, and what lies on an admin's desk.
import type { Access } from '../access/accounts.ts'
import { createSessions } from '../access/sessions.ts'
import type { Acknowledging } from '../board/acknowledging.ts'
import type { Board } from '../board/board.ts'
import { MUTE } from '../core/said/mute.ts'
import type { Post } from '../core/said/post.ts'
import { type Instant, MINUTE } from '../core/time/time.ts'
import { blindness } from '../core/verdict/blindness.ts'
import type { Peer } from '../core/verdict/word.ts'
import type { Heartbeats } from '../heartbeats.ts'
import type { ErrandDeps } from '../http/admin/errands.ts'
import type { AdminDeps } from '../http/admin/serve.ts'
import type { Memory } from '../memory.ts'
import { freeShare } from '../process/beat.ts'
import type { Rounds } from '../rounds.ts'
import { readCopies } from '../showing/copying.ts'
import type { Display } from '../showing/display.ts'
import type { Metrics } from '../showing/metrics.ts'
import type { Ledger } from '../store/ledger.ts'

/** What the page of who did what is made of. */
const SAID = ['incident', 'maintenance', 'ack', 'override', 'mute', 'account'] as const

export interface AdmittingDeps {
  readonly memory: Memory
  readonly ledger: Ledger
  readonly board: Board
  readonly post: Post
  readonly access: Access
  readonly api: Pick<ErrandDeps, 'bearer' | 'site'>
  readonly acknowledging: Acknowledging
  readonly display: Pick<Display, 'told'>
  readonly metrics: Pick<Metrics, 'lastLooks'>
  readonly heartbeats: Pick<Heartbeats, 'last'>
  readonly views: AdminDeps['views']
  readonly rounds: Pick<Rounds, 'hurry'>
  /** The data folder, whose disk is watched. */
  readonly data: string
  peers(): readonly Peer[]
  now(): Instant
  warn(message: string): void
}

/**
 * Reads the sessions of the ledger now, and throws what it throws; all else on the desk is looked up when a page asks.
 * Its letters are `late` a minute after they were decided, and a disk that can't be asked has `null` free.
 */
export function createAdmitting(deps: AdmittingDeps): {
  readonly admin: AdminDeps
  readonly errands: ErrandDeps
} {
  const { memory, ledger, board, access, now, warn } = deps
  const configuration = () => memory.configuration
  const clockTrusted = () => memory.line.clock
  const sessions = createSessions({
    store: ledger,
    account: (name) => access.known().accounts.get(name),
    now,
    warn,
  })
  const desk: AdminDeps['desk'] = {
    now,
    configuration,
    clockTrusted,
    notes: board,
    post: deps.post,
    drafts: () => deps.post.drafts().map((one) => ({ ...one, status: 'investigating' })),
    dismissDraft: deps.post.dismiss,
    templates: (services) =>
      deps.post.templates(services).map(({ status, ...one }) => ({
        ...one,
        // An end has a button of its own in every form.
        status: status === 'resolved' ? 'investigating' : status,
        started: null,
      })),
    service: (id) => memory.services.get(id),
    check: (id) => memory.checks.get(id),
    lastLooks: deps.metrics.lastLooks,
    lastPing: deps.heartbeats.last,
    look: deps.rounds.hurry,
    mute: (service, muted, by) => {
      const at = Math.floor(now())
      board.say('mute', { service, muted, until: at + MUTE, by, at })
    },
    mutedUntil: (service) => board.mutedUntil(service, now()),
    told: deps.display.told,
    attempts: ledger.attempts,
    unsent: ledger.unsent,
    late: () => ledger.due(Number.MAX_SAFE_INTEGER).filter(({ letter }) => letter.at < now() - MINUTE).length,
    blind: () => blindness(memory.line),
    silent: () => deps.peers().filter(({ heard, met, since }) => !heard && (met || now() - since >= MINUTE)),
    diskFree: () => freeOf(deps.data),
    copies: () => [...readCopies(deps.data).values()],
    journal: (limit) => ledger.latestStatements(limit, ...SAID),
    spentTwice: (code) => access.known().reuses.some((reuse) => reuse.code === code),
  }
  return {
    admin: { access, sessions, desk, acknowledging: deps.acknowledging, views: deps.views },
    errands: { access, bearer: deps.api.bearer, now, site: deps.api.site },
  }
}

function freeOf(folder: string): number | null {
  try {
    return freeShare(folder)
  } catch {
    return null
  }
}
