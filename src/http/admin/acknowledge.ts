// `/admin/ack/…`: the link of an alert mail. Opening it shows a page with one button and does nothing else, so that what
// scans mails takes nothing on; the button does.
import { nameOfAuthor } from '../../core/author.ts'
import type { Acknowledgement } from '../../core/said/acknowledgement.ts'
import { say, type Text } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import { ACKNOWLEDGE_WORDS } from './acknowledge-words.ts'
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
    const text = ACKNOWLEDGE_WORDS[language]
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
        seen: seen === null ? null : text.seen(nameOfAuthor(seen.by, language), moments.when(seen.at)),
      })),
    }
    return { page: 'ack', model }
  }
}
