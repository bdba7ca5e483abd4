// Where mail programs and mail servers knock: what smtp, imap, pop3 and sieve have in common.
import type { Attention, Outcome, TlsFacts } from '../core/observation.ts'
import type { HostPort, Keys, Login } from '../core/settings.ts'
import { factsNote } from '../net/certificate.ts'
import type { Dialect } from '../net/dialect.ts'
import { outcomeOf } from '../net/failure.ts'
import { openSession, type Session, TLS_USES, type TlsUse, takeLeave } from '../net/session.ts'
import type { Look, Probe } from './kind.ts'
import { createLoginMemory, discreet, type LoginMemory } from './login.ts'

/** How to come in at a door. */
export interface Door {
  readonly target: HostPort
  readonly use: TlsUse
  readonly login: Login | undefined
}

/** What a visit found, beside that the door is open. */
export interface Found {
  /** For the note, in order. */
  readonly words: readonly string[]
  readonly attention?: readonly Attention[]
}

export interface Visit<D extends Dialect> {
  readonly door: Door
  /** A dialect for one look: some count what they say. */
  speak(): D
  /** Looks around before anybody logs in. */
  before?(session: Session<D>, look: Look): Promise<Found>
  /** Looks around after the login, or without one; `inside` says which. */
  after?(session: Session<D>, look: Look, inside: boolean): Promise<Found>
}

/** Ports where TLS comes first (RFC 8314, 7.3). */
const DIRECT: readonly number[] = [465, 993, 995]

/** Reads `tls` and `login` of a door. */
export function readDoor(keys: Keys, target: HostPort): Door {
  const use = keys.oneOf('tls', TLS_USES) ?? (DIRECT.includes(target.port) ? 'direct' : 'starttls')
  const login = keys.login('login')
  if (login !== undefined && use !== 'starttls' && use !== 'direct') {
    keys.complain('login', 'a login is only sent in TLS: say tls: starttls or direct')
  }
  if (login !== undefined && /[\r\n\0]/.test(login.user + login.password)) {
    keys.complain('login', 'user and password are one line each')
  }
  return { target, use, login }
}

/** A probe that goes in by a door, looks around, and takes its leave whatever it found. */
export function visiting<D extends Dialect>(visit: Visit<D>): Probe {
  const { door, speak } = visit
  const memory = createLoginMemory()
  return discreet([door.login], (look) =>
    withFacts(look, async (noting) => {
      const session = await openSession(noting, door.target, door.use, speak())
      try {
        return await lookAround(noting, session, visit, memory)
      } finally {
        takeLeave(session)
      }
    }),
  )
}

async function lookAround<D extends Dialect>(
  look: Look,
  session: Session<D>,
  { door, before, after }: Visit<D>,
  memory: LoginMemory,
): Promise<Outcome> {
  const first = (await before?.(session, look)) ?? { words: [] }
  const refusal = door.login === undefined ? null : await logIn(look, session, door.login, memory)
  if (refusal !== null && refusal !== 'resting') return { ok: false, reason: 'auth', note: refusal }
  const inside = door.login !== undefined && refusal === null
  const then = (await after?.(session, look, inside)) ?? { words: [] }
  const { good, upgrade } = session.dialect
  const words = [
    session.upgraded ? `${good} ${upgrade}` : good,
    ...(inside ? ['logged in'] : door.login === undefined ? [] : ['without the login']),
    ...first.words,
    ...then.words,
  ]
  const attention = [...(inside ? [] : memory.attention()), ...(first.attention ?? []), ...(then.attention ?? [])]
  return { ok: true, note: words.join(', '), ...(attention.length > 0 ? { attention } : {}) }
}

/** Null: let in. `resting`: it was refused within the hour and not tried. Else the refusal, as a note. Marks `auth`. */
export async function logIn(
  look: Look,
  { dialect, lines, offers }: Session,
  login: Login,
  memory: LoginMemory,
): Promise<string | 'resting' | null> {
  if (!memory.due()) return 'resting'
  look.begin('auth')
  const code = await dialect.authenticate(lines, offers, login)
  look.mark('auth')
  if (code === null) {
    memory.accepted()
    return null
  }
  const note = `login refused (${code})`
  memory.refused(note)
  return note
}

/** Adds to an outcome what the handshakes showed: of several certificates the one that expires first. */
export async function withFacts(look: Look, work: (look: Look) => Promise<Outcome>): Promise<Outcome> {
  let tls: TlsFacts | undefined
  const noting: Look = {
    ...look,
    async secure(...handshake) {
      const secured = await look.secure(...handshake)
      if (tls === undefined || secured.facts.expires < tls.expires) tls = secured.facts
      return secured
    },
  }
  const outcome = await work(noting).catch(outcomeOf)
  if (tls === undefined || outcome.ok === null) return outcome
  if (outcome.ok === false) return { tls, ...outcome }
  return { ...outcome, note: `${outcome.note}, ${factsNote(tls, look.now())}`, tls }
}
