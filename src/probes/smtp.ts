// smtp: a mail server takes mail: from other servers (25), or from members (465, 587).
import type { Settings } from '../core/settings.ts'
import { MINUTE, SECOND } from '../core/time/time.ts'
import { failed } from '../net/failure.ts'
import type { Session } from '../net/session.ts'
import { createSmtp, isMailbox, refused, type Smtp, type SmtpReply, sayReply } from '../net/smtp.ts'
import type { Plan, ProbeKind } from './kind.ts'
import { type Found, readDoor, visiting } from './mail-door.ts'
import { disagreement } from './reverse-name.ts'

/** Between servers (RFC 5321, 4.5.4.2). */
const EXCHANGE = 25
/** For members, who log in there (RFC 6409, RFC 8314). */
const SUBMISSION: readonly number[] = [465, 587]
/** Somebody whom no server but his own should take mail for; no mail is ever sent (RFC 2606). */
const STRANGER = 'nobody@example.com'

export const smtp: ProbeKind = {
  summary: 'a mail server takes mail: greeting, TLS with a good certificate, login, recipient and relaying as given',
  example: 'mx.example.org:25',
  defaults: (settings) =>
    // Seldom and patiently: postscreen lets a stranger wait for 6 s before it greets.
    settings.targetHostPort().port === EXCHANGE ? { every: 5 * MINUTE, slow: 10 * SECOND, timeout: 20 * SECOND } : {},
  configure,
}

function configure(settings: Settings): Plan {
  const target = settings.targetHostPort()
  const door = readDoor(settings, target)
  const ehlo = settings.text('ehlo')
  if (ehlo !== undefined && !/^[\w.:[\]-]{1,255}$/.test(ehlo)) settings.complain('ehlo', 'a host name or [address]')
  const recipient = settings.text('recipient')
  if (recipient !== undefined && !isMailbox(recipient)) settings.complain('recipient', 'an address: name@example.org')
  const relay = settings.oneOf('relay', ['refuse'])
  return {
    does: 'look',
    probe: visiting({
      door,
      speak: () => createSmtp(ehlo),
      async before(session, look) {
        if (relay === undefined) return { words: [] }
        look.begin('relay')
        const found = await tryRelaying(session)
        look.mark('relay')
        return found
      },
      async after(session, look, inside) {
        const { mechanisms } = session.offers
        const words = inside || mechanisms.length === 0 ? [] : [`AUTH ${mechanisms.slice(0, 8).join(' ')}`]
        if (SUBMISSION.includes(target.port) && mechanisms.length === 0) {
          throw failed({ ok: false, reason: 'protocol', note: 'no login is offered: members can hand in nothing' })
        }
        if (recipient !== undefined) look.begin('recipient')
        const taken = recipient === undefined ? null : await tryRecipient(session, recipient)
        if (recipient !== undefined) look.mark('recipient')
        const doubt = target.port === EXCHANGE ? await disagreement(look, session) : null
        return {
          words: [...words, ...(taken?.words ?? []), ...(doubt === null ? [] : [doubt])],
          ...(taken?.attention ? { attention: taken.attention } : {}),
        }
      },
    }),
  }
}

/** Offers mail of nobody for a stranger. Nothing is sent: a server that would take it is an open relay. */
async function tryRelaying({ dialect, lines }: Session<Smtp>): Promise<Found> {
  const from = await dialect.ask(lines, 'MAIL FROM:<>')
  const to = from.code === 250 ? await dialect.ask(lines, `RCPT TO:<${STRANGER}>`) : from
  if (from.code === 250 && to.code < 400) {
    const note = `open relay: takes mail of anybody for anybody (${to.code} to ${STRANGER})`
    throw failed({ ok: false, reason: 'content', note })
  }
  if (to.code === 421) throw refused(to)
  await dialect.want(lines, 'RSET', 250)
  return { words: ['refuses to relay'] }
}

/** Asks up to the point where a mail would be said (RFC 5321, 3.3), as a server with a bounce would. */
async function tryRecipient({ dialect, lines }: Session<Smtp>, recipient: string): Promise<Found> {
  const from = await dialect.ask(lines, 'MAIL FROM:<>')
  const to = from.code === 250 ? await dialect.ask(lines, `RCPT TO:<${recipient}>`) : from
  if (from.code === 250 && to.code < 400) {
    await dialect.want(lines, 'RSET', 250)
    return { words: ['recipient accepted'] }
  }
  if (!isGreylisting(to)) throw refused(to)
  const note = 'greylisting keeps us from asking for the recipient: let our address pass'
  return { words: [`${to.code} greylisted`], attention: [{ kind: 'finding', note }] }
}

/** A server that puts strangers off for some minutes is well, and does what it was told to. */
function isGreylisting(reply: SmtpReply): boolean {
  return reply.code >= 450 && reply.code < 460 && /gr[ae]y-?list/i.test(sayReply(reply))
}
