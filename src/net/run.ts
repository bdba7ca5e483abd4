// Runs a probe under one absolute deadline, and makes an outcome of whatever happens.
import { cleanNote, type Outcome, type Phases, type Via } from '../core/observation.ts'
import { formatDuration, type Millis } from '../core/time/time.ts'
import { type Aim, createDialler } from './dial.ts'
import { createEnding } from './ending.ts'
import { type Failure, outcomeOf } from './failure.ts'
import type { Look, Probe } from './look.ts'

export interface LookOptions extends Aim {
  /** From the start of the look to its end, whatever the peer does. */
  readonly timeout: Millis
}

/** What a look brought back; `observation.ts` has the rest of it. */
export interface Looked {
  readonly outcome: Outcome
  /** Monotonic. */
  readonly took: Millis
  readonly phases: Phases
  readonly via: Via
}

/** A deadline noticed so late is no fault of the target: this machine was too busy, or slept. */
const LATE = 500
/** How long a probe that was cut short may still say why. */
const LAST_WORD = 20

/** Made once: an error with its stack is a tenth of what a look costs. */
const OVER = new DOMException('the look is over', 'AbortError')

const SILENCE: Readonly<Record<string, string>> = {
  resolve: 'no answer from our resolver',
  connect: 'no connection',
  tls: 'no answer to the TLS handshake',
  greeting: 'no greeting',
  starttls: 'no answer to STARTTLS',
  offers: 'no word on what is offered',
  auth: 'no answer to the login',
  select: 'no answer about the mailbox',
  noop: 'no answer to NOOP',
  relay: 'no answer about relaying',
  recipient: 'no answer about the recipient',
  submit: 'the mail was not taken',
  remove: 'no answer to the removal of the mail',
  processing: 'no answer to the request',
  transfer: 'answer not complete',
  stream: 'no stream is opened',
  websocket: 'no answer to the WebSocket handshake',
  login: 'no answer to the login',
  bind: 'no session after the login',
  ping: 'no answer to the ping',
  delivery: 'nothing arrived',
}

/**
 * Looks once. Ends by `timeout`, also with a probe that ignores its signal, and leaves no socket, timer or listener
 * behind. Failures of the network become outcomes; anything else a probe throws is a bug and is thrown on.
 */
export async function runLook(probe: Probe, options: LookOptions): Promise<Looked> {
  const { ending, signal, end } = createEnding()
  const { look, waiting, finish } = createDialler(options, ending, signal)
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  let cut: Failure | null = null
  const deadline = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      const late = performance.now() - started - options.timeout
      cut = late > LATE ? overload(late) : silence(waiting(), options.timeout)
      end(OVER)
      timer = setTimeout(resolve, LAST_WORD, null)
    }, options.timeout)
  })
  try {
    const said = await Promise.race([attempt(probe, look), deadline])
    const outcome = cut === null ? said : lastWord(said, cut)
    return { outcome: { ...outcome!, note: cleanNote(outcome!.note) }, ...finish() }
  } catch (error) {
    finish()
    throw error
  } finally {
    clearTimeout(timer)
    // Whatever the probe left running: a question to another server, a command.
    end(OVER)
  }
}

async function attempt(probe: Probe, look: Look): Promise<Outcome> {
  try {
    return await probe(look)
  } catch (error) {
    return outcomeOf(error)
  }
}

/**
 * Cut short while resolving, the resolver may still know whose silence it was: ours or that of the zone. A probe that asks
 * others about its target knows that their silence isn't the target's.
 */
function lastWord(said: Outcome | null, cut: Failure): Outcome {
  if (cut.ok === false && said?.ok === null) return said
  return cut.reason === 'resolver' && said?.ok === false && said.reason === 'dns' ? said : cut
}

function silence(waiting: { readonly phase: string; readonly of: string | null }, timeout: Millis): Failure {
  const what = SILENCE[waiting.phase] ?? 'no answer'
  const note = `${what}${waiting.of === null ? '' : ` (${waiting.of})`} within ${formatDuration(timeout)}`
  return waiting.phase === 'resolve' ? { ok: null, reason: 'resolver', note } : { ok: false, reason: 'timeout', note }
}

function overload(late: Millis): Failure {
  return { ok: null, reason: 'overload', note: `this machine was ${Math.round(late)} ms late: too busy, or asleep` }
}
