// `/admin/`: what is down, what waits for a tap, and whether vigie itself is well. The page of 3 am.
import type { CopyState } from '../../core/shown/copy.ts'
import { say } from '../../core/text.ts'
import { iso } from '../../core/time/time.ts'
import { momentsOf } from '../../page/words/moments.ts'
import { CONDITIONS, layerNames } from '../../page/words/words.ts'
import { type Desk, type Prepared, servicesOf } from './desk.ts'
import type { Answer, Door, Known } from './door.ts'
import { faultOf, senderOf } from './fields.ts'
import { lineIn } from './form.ts'
import { INCIDENT_WORDS } from './incident-words.ts'

/** Less of the disk free than this is worth a thought. */
const LITTLE = 0.15

export function putUpNow(door: Door, desk: Desk): void {
  door.get('/', (visit) => nowPage(visit))

  door.post('/drafts/publish', (visit, form) => {
    const opened = desk.post.incident.open({ draft: lineIn(form, 'draft') }, senderOf(visit, form))
    if ('done' in opened) return { to: `/admin/incidents/${opened.done.id}?done=published` }
    return nowPage(visit, faultOf(opened, visit.language))
  })
  door.post('/seen', (visit, form) => {
    const seen = desk.post.acknowledge(lineIn(form, 'outage'), senderOf(visit, form))
    return 'done' in seen ? { to: '/admin/?done=seen' } : nowPage(visit, faultOf(seen, visit.language))
  })
  door.post('/drafts/dismiss', (_visit, form) => {
    desk.dismissDraft(lineIn(form, 'draft'))
    return { to: '/admin/?done=dismissed' }
  })

  function nowPage(visit: Known, fault: string | null = null): Answer {
    const { language } = visit
    const text = INCIDENT_WORDS[language]
    const moments = momentsOf(language, desk.configuration().timezone, desk.now())
    const { notes } = desk
    const names = new Map(servicesOf(desk).map(({ id, name }) => [id, say(name, language)]))
    const troubles = servicesOf(desk).flatMap(({ id, name }) => {
      const known = desk.service(id)
      if (known === undefined || known.status === 'operational' || known.status === 'under_maintenance') return []
      const outage = known.outages.members ?? known.outages.admins
      const seen = outage === null ? null : notes.acknowledgement(outage.id)
      const told = outage === null ? null : desk.told(outage.id)
      return [
        {
          id,
          name: say(name, language),
          status: known.status,
          word: CONDITIONS[language][known.status],
          iso: iso(known.since),
          since: moments.since(known.since),
          about: text.now.about(say(name, language)),
          unseen: outage === null || seen !== null ? null : outage.id,
          outage:
            outage === null
              ? null
              : [
                  told === null ? text.now.untold : text.now.told(moments.when(told)),
                  seen === null ? text.now.unseen : text.now.seen(moments.when(seen.at), seen.by),
                ],
        },
      ]
    })
    const open = notes.incidents().filter(({ status }) => status !== 'resolved')
    const model = {
      text,
      fault,
      troubles,
      drafts: desk.drafts().map(draftModel),
      open: open.map(({ id, title, status, updates }) => ({
        id,
        title: say(title, language),
        status: text.statuses[status],
        at: moments.since(updates.at(-1)!.at),
      })),
      vigie: ownTroubles(visit),
      copies: desk.copies().map((copy) => copyLine(copy, visit)),
    }
    return { page: 'now', model, status: fault === null ? 200 : 409 }

    function draftModel({ id, title, text: words, services, started }: Prepared) {
      return {
        id,
        title: say(title, language),
        text: say(words, language),
        services: services.map((service) => names.get(service) ?? service).join(', '),
        started: started === null ? null : moments.since(started),
      }
    }
  }

  function copyLine({ to, at, fault, good }: CopyState, { language }: Known) {
    const words = INCIDENT_WORDS[language].now
    const { when } = momentsOf(language, desk.configuration().timezone, desk.now())
    const last = good === null ? null : when(Date.parse(good))
    if (fault !== null) return { failed: true, says: words.uncopied(to, fault, last) }
    return { failed: false, says: words.copied(to, when(Date.parse(at))) }
  }

  /** What is wrong with vigie's own line, clock, mail and disk. */
  function ownTroubles({ language }: Known): readonly string[] {
    const words = INCIDENT_WORDS[language].now
    const moments = momentsOf(language, desk.configuration().timezone, desk.now())
    const blind = desk.blind()
    const unsent = desk.unsent()
    const free = desk.diskFree()
    return [
      ...(blind === null ? [] : [words.blind(moments.since(blind.since), layerNames(blind.layers, language))]),
      ...(desk.clockTrusted() ? [] : [words.clock]),
      ...(unsent === 0 ? [] : [words.unsent(unsent)]),
      ...(free === null || free >= LITTLE ? [] : [words.disk(Math.floor(100 * free))]),
    ]
  }
}
