// mailtrip: a mail that is handed in arrives where it should.
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Attention, Outcome } from '../core/observation.ts'
import type { HostPort, Keys, Settings } from '../core/settings.ts'
import { formatDuration, type Instant, MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import type { Dialect } from '../net/dialect.ts'
import { createImap, type Imap } from '../net/imap.ts'
import { openSession, type Session, takeLeave } from '../net/session.ts'
import { createSmtp, isMailbox } from '../net/smtp.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { createLoginMemory, discreet, type LoginMemory } from './login.ts'
import { type Door, logIn, readDoor, withFacts } from './mail-door.ts'
import { naming, patienceOf, readWithin, tripDefaults } from './trip.ts'

/** The pauses before it is looked for again: most mails are there at once, the last pause repeats. */
const PAUSES: readonly Millis[] = [0, 100, 200, 500, SECOND, 2 * SECOND, 3 * SECOND, 5 * SECOND]
/** Our mails are told by this header: whose trip it is, and which one. */
const MARK = 'X-Status-Probe'
/** No mail of a trip that is still under way is swept, be it of another site whose clock is off a bit. */
const YOUNG = 2 * MINUTE
const NOWHERE: HostPort = { host: 'door.invalid', port: 1 }

export const mailtrip: ProbeKind = {
  summary: 'a mail that is handed in arrives in a mailbox: the time it takes is the figure',
  example: 'probe@example.org',
  defaults: tripDefaults,
  idle: { connect: 'a trip has two servers: name them in submit and collect' },
  from: 'any',
  configure,
}

/** One end of the trip. */
interface End {
  readonly role: 'submit' | 'collect'
  readonly door: Door
  readonly memory: LoginMemory
}

interface Trip {
  readonly to: string
  readonly from: string
  readonly mailbox: string
  readonly submit: End
  readonly collect: End
  readonly within: Millis
  /** Told apart from the trips of other checks that share a mailbox; the same on every site. */
  readonly key: string
}

function configure(settings: Settings): Plan {
  const to = settings.target()
  if (!isMailbox(to)) settings.complain(null, 'this is no address: write probe@example.org')
  const within = readWithin(settings)
  const submit = settings.section('submit', (keys) => {
    const door = readEnd(keys, 'submit', 'smtp')
    const from = keys.text('from') ?? (isMailbox(door.login?.user ?? '') ? door.login!.user : to)
    if (!isMailbox(from)) keys.complain('from', 'an address: name@example.org')
    return { door, from }
  })
  const collect = settings.section('collect', (keys) => {
    const door = readEnd(keys, 'collect', 'imap')
    if (door.login === undefined) keys.complain(null, 'collect needs `login`: { user: …, password: … }')
    return { door, mailbox: keys.text('mailbox') ?? 'INBOX' }
  })
  if (submit === undefined)
    settings.complain('submit', 'a trip needs `submit`: { smtp: mail.example.org:587, login: … }')
  if (collect === undefined)
    settings.complain('collect', 'a trip needs `collect`: { imap: mail.example.org:993, login: … }')
  const nowhere: Door = { target: NOWHERE, use: 'starttls', login: undefined }
  const from = submit?.from ?? to
  const doors = [submit?.door ?? nowhere, collect?.door ?? nowhere] as const
  const places = doors.map(({ target }) => `${target.host}:${target.port}`)
  const trip: Trip = {
    to,
    from,
    mailbox: collect?.mailbox ?? 'INBOX',
    submit: { role: 'submit', door: doors[0], memory: createLoginMemory() },
    collect: { role: 'collect', door: doors[1], memory: createLoginMemory() },
    within,
    key: createHash('sha256')
      .update([to, from, ...places].join('\n').toLowerCase())
      .digest('hex')
      .slice(0, 16),
  }
  const probe = discreet(
    doors.map(({ login }) => login),
    (look) => withFacts(look, (noting) => travel(noting, trip)),
  )
  return { does: 'look', probe }
}

function readEnd(keys: Keys, role: End['role'], key: 'smtp' | 'imap'): Door {
  const target = keys.hostPort(key)
  if (target === undefined) {
    keys.complain(null, `${role} needs \`${key}\`: mail.example.org:${key === 'smtp' ? 587 : 993}`)
  }
  return readDoor(keys, target ?? NOWHERE)
}

/** The mailbox is opened first: a mail is only sent where it can be taken away again. */
async function travel(look: Look, trip: Trip): Promise<Outcome> {
  const { submit, collect } = trip
  const started = performance.now()
  const end = started + patienceOf(trip.within)
  if (!submit.memory.due() || !collect.memory.due()) return knock(look, trip)
  return visit(look, collect, createImap(), async (session) => {
    const { dialect, lines } = session
    const mailbox = await naming('collect', () => prepare(look, session, trip))
    const token = randomBytes(12).toString('hex')
    const sent = await visit(look, submit, createSmtp(), (door) => handIn(look, door, trip, token))
    if (typeof sent !== 'number') return sent
    return naming('collect', async () => {
      look.begin('delivery')
      const found = await find(look, session, mailbox, `OR HEADER ${MARK} "${token}" HEADER Message-ID "${token}"`, end)
      look.mark('delivery')
      if (found === null) {
        const full = await dialect.full(lines, mailbox.offers, trip.mailbox)
        return { ok: false, reason: 'late', note: lateNote(trip, mailbox, full) }
      }
      const delay = Math.round(performance.now() - sent)
      look.begin('remove')
      await dialect.remove(lines, mailbox.offers, found.uids)
      look.mark('remove')
      const attention: readonly Attention[] =
        found.box === trip.mailbox ? [] : [{ kind: 'finding', note: `a test mail was put into ${found.box}, as spam` }]
      const where = found.box === trip.mailbox ? '' : ` in ${found.box}`
      return { ok: true, note: `arrived${where} after ${delay} ms`, ...(attention.length > 0 ? { attention } : {}) }
    })
  })
}

/** Goes in at one end with its login, and takes leave whatever happens. A refused login ends the trip. */
async function visit<D extends Dialect, T>(
  look: Look,
  { role, door, memory }: End,
  dialect: D,
  work: (session: Session<D>) => Promise<T>,
): Promise<T | Outcome> {
  const session = await naming(role, () => openSession(look, door.target, door.use, dialect))
  try {
    const { login } = door
    const refusal = login === undefined ? null : await naming(role, () => logIn(look, session, login, memory))
    if (refusal !== null) return { ok: false, reason: 'auth', note: `${role}: ${refusal}` }
    return await work(session)
  } finally {
    takeLeave(session)
  }
}

/** For an hour after a refusal only whether both servers are well. */
async function knock(look: Look, { submit, collect }: Trip): Promise<Outcome> {
  for (const { role, door } of [collect, submit]) {
    const dialect = role === 'submit' ? createSmtp() : createImap()
    takeLeave(await naming(role, () => openSession<Dialect>(look, door.target, door.use, dialect)))
  }
  const attention = [submit, collect].flatMap(({ role, memory }) =>
    memory.attention().map((one) => ({ ...one, note: `${role}: ${one.note}` })),
  )
  return { ok: true, note: 'both servers answer, without the login', attention }
}

interface Mailbox {
  readonly offers: Session['offers']
  /** Where a mail may come in, the likely place first. */
  readonly boxes: readonly string[]
}

/** Learns where mails may come in, and sweeps what earlier trips left there. */
async function prepare(look: Look, { dialect, lines }: Session<Imap>, trip: Trip): Promise<Mailbox> {
  look.begin('select')
  // Some is only offered once somebody is known.
  const offers = await dialect.offers(lines, true)
  const junk = await dialect.junk(lines, offers)
  const boxes = junk === null || junk === trip.mailbox ? [trip.mailbox] : [trip.mailbox, junk]
  const tooYoung: Instant = look.now() - Math.max(2 * trip.within, YOUNG)
  for (const box of boxes) {
    await dialect.select(lines, box)
    const arrivals = await dialect.cameIn(lines, await dialect.search(lines, `HEADER ${MARK} "${trip.key}"`))
    const left = [...arrivals].flatMap(([uid, at]) => (at < tooYoung ? [uid] : []))
    await dialect.remove(lines, offers, left)
  }
  look.mark('select')
  return { offers, boxes }
}

/** Returns when the server had taken the mail, monotonic. */
async function handIn(
  look: Look,
  { dialect, lines, offers }: Session<ReturnType<typeof createSmtp>>,
  trip: Trip,
  token: string,
): Promise<Millis> {
  return naming('submit', async () => {
    look.begin('submit')
    await dialect.want(lines, `MAIL FROM:<${trip.from}>`, 250)
    // No bounces: they would pile up in the mailbox of `from` (RFC 3461, 4.1).
    await dialect.want(lines, `RCPT TO:<${trip.to}>${offers.words.includes('DSN') ? ' NOTIFY=NEVER' : ''}`, 250)
    await dialect.hand(lines, writeMail(trip, token, look.now()))
    look.mark('submit')
    return performance.now()
  })
}

interface Found {
  readonly box: string
  readonly uids: readonly number[]
}

/** Looks again and again, in every box, until `end` (monotonic); null: it didn't come. */
async function find(
  look: Look,
  { dialect, lines }: Session<Imap>,
  { boxes }: Mailbox,
  criteria: string,
  end: Millis,
): Promise<Found | null> {
  for (let round = 0; ; round++) {
    const pause = Math.min(PAUSES[Math.min(round, PAUSES.length - 1)]!, end - performance.now())
    await sleep(Math.max(pause, 0), undefined, { signal: look.signal() })
    for (const box of boxes) {
      await dialect.select(lines, box)
      const uids = await dialect.search(lines, criteria)
      if (uids.length > 0) return { box, uids }
    }
    if (performance.now() >= end) return null
  }
}

function lateNote({ within }: Trip, { boxes }: Mailbox, full: boolean): string {
  const where = boxes.length > 1 ? `neither in ${boxes.join(' nor in ')}` : `not in ${boxes[0]}`
  return `taken by the server, but ${where} within ${formatDuration(within)}${full ? ': the mailbox is full' : ''}`
}

/** RFC 5322; automatic (RFC 3834), so that nobody answers it. */
function writeMail({ from, to, key }: Trip, token: string, now: Instant): string {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const lines = [
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    `From: <${from}>`,
    `To: <${to}>`,
    'Subject: Test mail of vigie',
    `Message-ID: <${token}@${domain}>`,
    `${MARK}: ${key} ${token}`,
    'Auto-Submitted: auto-generated',
    'Precedence: bulk',
    'X-Auto-Response-Suppress: All',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'The status page sends this mail to itself, to see that mail arrives.',
    'It takes it away again. Nobody needs to read or answer it.',
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}
