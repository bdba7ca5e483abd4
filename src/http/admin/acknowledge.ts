// `/admin/ack/…`: the link of an alert mail. Opening it shows a page with one button and does nothing else, so that what
// scans mails takes nothing on; the button does.
import type { Acknowledgement } from '../../core/said/acknowledgement.ts'
import { type Language, say, type Text } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import { type Desk, momentsFor } from './desk.ts'
import type { Answer, Door, Visit } from './door.ts'

/** What alert mails' links are about (acknowledging.ts). */
export interface Acknowledging {
  /** The outages that are still open; null: nobody was sent that token. */
  about(token: string):
    | readonly {
        readonly name: Text
        readonly since: Instant
        readonly acknowledgement: Acknowledgement | null
      }[]
    | null
  /** False: nobody was sent that token. */
  accept(token: string): boolean
}

/** The token is the right to do it: nobody has to log in at 3 am for that. */
export function putUpAcknowledge(
  door: Door,
  desk: Pick<Desk, 'configuration' | 'now'>,
  acknowledging: Acknowledging,
): void {
  door.open.get('/ack/:token', (visit) => show(visit))
  door.open.post('/ack/:token', (visit) => {
    const { token = '' } = visit.params
    return acknowledging.accept(token) ? { to: `/admin/ack/${token}` } : show(visit)
  })

  function show({ language, params }: Visit): Answer {
    const text = WORDS[language]
    const outages = acknowledging.about(params.token ?? '')
    if (outages === null)
      return { page: 'ack', model: { text, outages: [], open: false, note: text.unknown }, status: 404 }
    const moments = momentsFor(desk, language)
    const model = {
      text,
      note: outages.length === 0 ? text.over : null,
      open: outages.some(({ acknowledgement }) => acknowledgement === null),
      outages: outages.map(({ name, since, acknowledgement: seen }) => ({
        name: say(name, language),
        since: text.since(moments.since(since)),
        seen: seen === null ? null : text.seen(seen.by.replace(/^(?:mail|token):/, ''), moments.when(seen.at)),
      })),
    }
    return { page: 'ack', model }
  }
}

interface Words {
  readonly title: string
  readonly since: (since: string) => string
  readonly seen: (who: string, when: string) => string
  readonly button: string
  readonly explanation: string
  readonly over: string
  readonly unknown: string
  readonly more: string
}

const WORDS: Readonly<Record<Language, Words>> = {
  fr: {
    title: 'Qui l’a vu ?',
    since: (since) => `en panne depuis ${since}`,
    seen: (who, when) => `Vu par ${who} ${when}.`,
    button: 'J’ai vu',
    explanation: 'La page dira aux membres que l’équipe l’a vu, et les autres admins le sauront par un message.',
    over: 'Rien de ce dont parlait ce message n’est ouvert ici : c’est fini, ou ce site ne le sait pas encore. Rechargez dans une minute.',
    unknown: 'Ce lien n’est pas celui d’un message de vigie. Est-il entier ?',
    more: 'Écrire aux membres',
  },
  en: {
    title: 'Who has seen it?',
    since: (since) => `down since ${since}`,
    seen: (who, when) => `Seen by ${who} ${when}.`,
    button: 'I have seen it',
    explanation: 'The page will tell members that the team has seen it, and the other admins get one mail.',
    over: 'Nothing that this mail was about is open here: it is over, or this site does not know of it yet. Reload in a minute.',
    unknown: 'This link is not from a mail of vigie. Is it whole?',
    more: 'Write to members',
  },
}
