// `mail` and `alerts`: through whom admins are told, and who they are.
import { ALERT_EVENTS, type Configuration, type Recipient, type Relay, USUAL_EVENTS } from '../core/check.ts'
import { formatHostPort, isExample, isUnder, parseHost, parseMailbox } from './address.ts'
import { asFields, type Fields, isEmptyList } from './fields.ts'
import type { Convert } from './reader.ts'
import { asFilled, asOneOf, asText } from './scalars.ts'
import { asList } from './texts.ts'

/** What mails are judged by: the domain that is watched, and whether the replica stands in for the world. */
export interface MailAround {
  readonly domain: string | null
  readonly replica: boolean
}

/** A relay that can't be used, and why. */
interface LeftOut {
  readonly leftOut: string
}

/** Reads `mail`; null when it isn't there. A relay whose secret is missing is left out. */
export function readMail(fields: Fields, around: MailAround): Configuration['mail'] {
  const { source } = fields.reader
  const mail = fields.read('mail', asFields)
  const from = mail?.need('from', asMailbox('whole'))
  const said = mail?.entry('relays')
  const relays = mail?.read('relays', asList(asRelay(around), true))
  mail?.close()
  if (!fields.keys.includes('mail') || (mail && (!said || isEmptyList(said)))) {
    source.warn(
      fields.placeOf('mail'),
      'no relay to send mail through: nobody will be told',
      'mail: { from: …, relays: […] }',
    )
  }
  if (from === undefined) return null
  const usable = relays?.flatMap((relay) => ('leftOut' in relay ? [] : [relay])) ?? []
  const leftOut = relays?.flatMap((relay) => ('leftOut' in relay ? [relay.leftOut] : [])) ?? []
  return { from, relays: usable, leftOut }
}

/** Reads `alerts`. */
export function readAlerts(fields: Fields, around: MailAround): readonly Recipient[] {
  const { source } = fields.reader
  const said = fields.entry('alerts')
  const alerts = fields.read('alerts', asList(asRecipient(around)))
  if (!said || alerts?.length === 0) {
    source.warn(said?.at ?? fields.at, 'no alerts: nobody will be told', 'alerts: [{ email: … }]')
  }
  return alerts ?? []
}

function asRecipient({ domain, replica }: MailAround): Convert<Recipient> {
  return (reader, entry) => {
    const fields = asFields(reader, { ...entry, name: 'an alert' })
    if (!fields) return undefined
    const email = fields.need('email', asMailbox('address'))
    const on = fields.read('on', asList(asOneOf(ALERT_EVENTS), true)) ?? USUAL_EVENTS
    const said = fields.entry('on')
    if (said && isEmptyList(said)) {
      reader.source.complain(said.at, 'on names no event', `leave it out for ${USUAL_EVENTS.join(', ')}`)
    }
    fields.close()
    const host = email?.split('@').at(-1)
    if (domain !== null && host !== undefined && isUnder(host, domain)) {
      const place = fields.entry('email')!.at
      reader.source.warn(
        place,
        `this mailbox is under ${domain}: it fails with what it should report`,
        'an address elsewhere',
      )
    }
    if (!replica && host !== undefined && isExample(host)) {
      const place = fields.entry('email')!.at
      reader.source.warn(place, `${email} is an example that nobody reads: nobody will be told`, 'your own address')
    }
    return email === undefined ? undefined : { email, on: ALERT_EVENTS.filter((event) => on.includes(event)) }
  }
}

function asMailbox(form: 'whole' | 'address'): Convert<string> {
  return (reader, entry) => {
    const text = asText(reader, entry)
    if (text === undefined) return undefined
    const address = parseMailbox(text)
    if (address !== undefined) return form === 'whole' ? text : address
    reader.source.complain(entry.at, `${entry.name} must be a mail address`)
    return undefined
  }
}

function asRelay({ domain, replica }: MailAround): Convert<Relay | LeftOut> {
  return (reader, entry) => {
    const filled = asFilled(reader, entry)
    if (!filled) return undefined
    if (filled.missing.length > 0) {
      const named = filled.missing.map((secret) => `"${secret}" (data/secrets/${secret})`).join(' and ')
      return { leftOut: `${filled.shown} is left out: without the secret ${named} it can't be used` }
    }
    const complain = (message: string, hint: string | null = null) => {
      reader.source.complain(entry.at, `${entry.name} ${message}`, hint)
      return undefined
    }
    if (!/^smtps?:\/\//.test(filled.url)) return complain('must begin with smtp:// or smtps://')
    const parts = /^(smtps?):\/\/(?:([^@/]*)@)?(\[[^\]]*\]|[^:/?#@]*)(?::(\d+))?\/?$/.exec(filled.url)
    if (!parts) return complain('is no relay', 'smtps://user:${secret:NAME}@host:port')
    const [, scheme, userinfo, name, digits] = parts
    const host = parseHost(name!)
    if (host === undefined) return complain('names no possible host')
    const login = userinfo === undefined ? null : loginFrom(userinfo)
    if (login === undefined) return complain('has half a login', 'user:password, each percent-encoded')
    const secure = scheme === 'smtps'
    const port = digits === undefined ? (secure ? 465 : login ? 587 : 25) : Number(digits)
    if (port < 1 || port > 65_535) return complain('has no such port', 'ports are from 1 to 65535')
    if (domain !== null && isUnder(host, domain)) {
      reader.source.warn(
        entry.at,
        `this relay is under ${domain}: it fails with what it should report`,
        'a relay elsewhere',
      )
    }
    if (!replica && isExample(host)) {
      reader.source.warn(entry.at, `${host} is an example: no mail leaves through it`, 'a relay that takes your mail')
    }
    return { name: `${scheme}://${formatHostPort({ host, port })}`, host, port, secure, login }
  }
}

/** Undefined when it is no `user:password`. */
function loginFrom(userinfo: string): Relay['login'] | undefined {
  const [user, ...rest] = userinfo.split(':')
  const password = rest.join(':')
  if (!user || password === '') return undefined
  try {
    return { user: decodeURIComponent(user), password: decodeURIComponent(password) }
  } catch {
    return undefined
  }
}
