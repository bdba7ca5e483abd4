// What the service manager hears of us, by sd_notify(3): ready, reloading, stopping, and at half of its patience that we
// move. When something stands still it hears nothing, and starts us anew.
import { execFile } from 'node:child_process'
import { type Millis, SECOND } from '../core/time/time.ts'
import type { Health } from '../http/health.ts'

/** Who started us and listens. */
export interface Supervisor {
  /** Its datagram socket: `$NOTIFY_SOCKET`. */
  readonly socket: string
  /** Hearing nothing for so long it ends us: `$WATCHDOG_USEC`. Null: it waits for ever. */
  readonly patience: Millis | null
}

/** From the environment of the process. Null: nobody listens. */
export function supervisorFrom(environment: Readonly<Record<string, string | undefined>>): Supervisor | null {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: patience } = environment
  if (!socket) return null
  return { socket, patience: /^[1-9]\d*$/.test(patience ?? '') ? Number(patience) / 1000 : null }
}

export interface WatchdogDeps {
  /** Null: nothing is ever said to anybody. */
  readonly supervisor: Supervisor | null
  /** What must move for us to live on. */
  moving(): Health
  after(delay: Millis, run: () => void): () => void
  log(message: string): void
}

export interface Watchdog {
  /** All is up, or the configuration was read again. From the first time on the watchdog is fed. */
  ready(): void
  reloading(): void
  /** Ends the feeding; resolves when the manager knows, or can't be told. */
  stopping(): Promise<void>
}

/** One word to the manager takes some 30 ms; more than this and the word is given up. */
const TIMEOUT: Millis = 10 * SECOND

/** Nothing is running and nothing is said until `ready`. */
export function createWatchdog({ supervisor, moving, after, log }: WatchdogDeps): Watchdog {
  const half = supervisor?.patience == null ? null : supervisor.patience / 2
  let cancel: (() => void) | null = null
  let standing = ''
  let said: Promise<void> = Promise.resolve()
  let deaf = false
  let ended = false
  return { ready, reloading: () => void tell('RELOADING=1', 'STATUS=Reading the configuration.'), stopping }

  function ready() {
    if (ended) return
    void tell('READY=1', statusOf(moving()))
    if (half !== null) cancel ??= after(half, feed)
  }

  /** What stands still may move again before the manager's patience ends: then it is looked for every second. */
  function feed() {
    if (half === null) return
    const health = moving()
    const still = namesOf(health)
    if (health.ok) void tell('WATCHDOG=1', statusOf(health))
    else if (still !== standing) {
      log(`the watchdog goes hungry: ${statusOf(health).slice('STATUS='.length)}`)
      void tell(statusOf(health))
    }
    standing = still
    cancel = after(health.ok ? half : Math.min(half, SECOND), feed)
  }

  function stopping(): Promise<void> {
    ended = true
    cancel?.()
    return tell('STOPPING=1', 'STATUS=Stopping.')
  }

  /** One word after the other, as the order has a meaning. Never rejects. */
  function tell(...words: readonly string[]): Promise<void> {
    if (supervisor === null) return said
    const { socket } = supervisor
    said = said.then(() => notify(socket, words)).then(heard)
    return said
  }

  function heard(fault: string | null) {
    if (fault !== null && !deaf) log(`the service manager can't be told: ${fault}`)
    deaf = fault !== null
  }
}

function namesOf({ parts }: Health): string {
  const still = Object.entries(parts).filter(([, part]) => !part.ok)
  return still.map(([name]) => name).join(', ')
}

/** One line for `systemctl status`. */
function statusOf(health: Health): string {
  const notes = Object.entries(health.parts).map(([name, { note }]) => `${name}: ${note}`)
  return `STATUS=${health.ok ? '' : `Standing still: ${namesOf(health)}. `}${notes.join('; ')}`.replace(/\s+/g, ' ')
}

/**
 * Node has no datagram sockets of the Unix kind, so systemd's own command says it. That one also waits until the word
 * was read, which it must: the manager asks who said it, and nobody may be gone by then. Resolves with what went wrong.
 */
function notify(socket: string, words: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', NOTIFY_SOCKET: socket }
    execFile('systemd-notify', words, { env, timeout: TIMEOUT }, (error, _stdout, stderr) => {
      resolve(error === null ? null : stderr.trim() || error.message)
    })
  })
}
