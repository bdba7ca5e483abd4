// `/admin/`: what is down, what waits for a tap, and whether vigie itself is well. The page of 3 am.

import { type Occurrence, occurrenceStatus } from '../../core/said/maintenance.ts'
import { type CopySpell, type CopyState, isMade } from '../../core/shown/copy.ts'
import { LEAST_FREE } from '../../core/shown/diagnosis.ts'
import { say } from '../../core/text.ts'
import { DAY } from '../../core/time/time.ts'
import { layerNames } from '../../page/words/words.ts'
import { type Desk, momentsFor, type Prepared, servicesOf } from './desk.ts'
import type { Answer, Door, Known } from './door.ts'
import { hiddenMark } from './fields.ts'
import { lineIn, linesIn } from './form.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { spanOf } from './maintenance-model.ts'
import { MAINTENANCE_WORDS } from './maintenance-words.ts'
import { NOW_WORDS } from './now-words.ts'
import { outcomeOf, putUpForm, type Refused, senderOf } from './posted-form.ts'
import { openAbout, troublesModel } from './troubles.ts'

/** Work that begins within this is worth a line now … */
const SOON = 7 * DAY
/** … and none that goes on began longer ago. */
const BACK = 31 * DAY

/** The page of a form that was refused is as it is now. */
export function putUpNow(door: Door, desk: Desk): void {
  door.get('/', (visit) => nowPage(visit, null))

  putUpForm(door.post, '/drafts/publish', nowPage, (visit, form) => {
    const opened = desk.post.incident.open({ draft: lineIn(form, 'draft') }, senderOf(visit, form))
    return outcomeOf(opened, visit, ({ id }) => `/admin/incidents/${id}?done=published`)
  })
  putUpForm(door.post, '/seen', nowPage, (visit, form) => {
    const seen = desk.post.acknowledge(linesIn(form, 'outage'), senderOf(visit, form))
    return outcomeOf(seen, visit, () => '/admin/?done=seen')
  })
  door.post('/drafts/dismiss', (_visit, form) => {
    desk.dismissDraft(lineIn(form, 'draft'))
    return { to: '/admin/?done=dismissed' }
  })

  function nowPage(visit: Known, refused: Refused | null): Answer {
    const { language } = visit
    const text = NOW_WORDS[language]
    const { list, statuses } = INCIDENT_WORDS[language]
    const moments = momentsFor(desk, language)
    const { notes } = desk
    const { groups: troubles, unverified } = troublesModel(desk, visit)
    const open = notes.incidents().filter(({ status }) => status !== 'resolved')
    const model = {
      text,
      list,
      fault: refused?.fault ?? null,
      blind: blindLine(visit, unverified),
      troubles,
      none: unverified > 0 ? text.nothingElse : text.well,
      write: open.length > 0 || troubles.some(({ write }) => write?.opens) ? text.another : list.write,
      work: desk.notes.occurrences(desk.now() - BACK, desk.now() + SOON).flatMap((one) => workLine(one, visit)),
      drafts: desk.drafts().map(draftModel),
      open: open.map(({ id, title, status, services, updates }) => ({
        id,
        title: say(title, language),
        status: statuses[status] + hiddenMark(desk, visit, services),
        at: moments.since(updates.at(-1)!.at),
      })),
      vigie: ownTroubles(visit),
      mutes: mutesModel(visit),
      copies: desk.copies().map((copy) => copyModel(copy, visit)),
    }
    return { page: 'now', model, status: refused?.status ?? 200 }

    function draftModel({ id, title, text: words, services }: Prepared) {
      const rivals = openAbout(desk, services).map((one) => ({ id: one.id, title: say(one.title, language) }))
      return { id, title: say(title, language), text: say(words, language), rivals }
    }
  }

  /** Work that goes on or comes soon. */
  function workLine(one: Occurrence, { language }: Known) {
    const now = desk.now()
    if (one.cancelled !== null || one.ends <= now) return []
    const moments = momentsFor(desk, language)
    const { id, title } = one.maintenance
    const status = MAINTENANCE_WORDS[language].statuses[occurrenceStatus(one, now)]
    return [{ id, title: say(title, language), status, when: spanOf(one, moments) }]
  }

  /** Services that nobody is mailed about just now, each by a check of it, where its silence can be ended. */
  function mutesModel({ language }: Known) {
    const { until } = momentsFor(desk, language)
    return servicesOf(desk).flatMap(({ id, name, checks: [first] }) => {
      const muted = desk.mutedUntil(id)
      const says = muted === null ? '' : NOW_WORDS[language].muted(until(muted))
      return muted === null || first === undefined ? [] : [{ name: say(name, language), check: first.id, says }]
    })
  }

  function copyModel(copy: CopyState, { language }: Known) {
    const { to, by, at, fault, good, log } = copy
    const words = NOW_WORDS[language]
    const moments = momentsFor(desk, language)
    return { failed: !isMade(copy), says: saysOf(), log: log.map(spellLine) }

    function saysOf(): string {
      if (by === '') return words.copiedByNone(to)
      if (by !== undefined) return words.copiedBy(to, by, isMade(copy))
      if (fault === null) return words.copied(to, moments.when(Date.parse(at)))
      return words.uncopied(to, fault, good === null ? null : moments.when(Date.parse(good)))
    }

    function spellLine(spell: CopySpell): string {
      const { tries } = spell
      const what = spell.fault === null ? words.copiedTimes(tries) : words.uncopiedTimes(tries, spell.fault)
      const begins = Date.parse(spell.from)
      return `${tries === 1 ? moments.since(begins) : spanOf({ begins, ends: Date.parse(spell.until) }, moments)} · ${what}`
    }
  }

  /** Our own line is cut; null: it isn't. */
  function blindLine({ language }: Known, unverified: number): string | null {
    const blind = desk.blind()
    if (blind === null) return null
    const words = NOW_WORDS[language]
    const line = words.blind(momentsFor(desk, language).since(blind.since), layerNames(blind.layers, language))
    return unverified === 0 ? line : `${line} ${words.unverified(unverified)}`
  }

  /** What is wrong with vigie's own clock, mail and disk, and who is silent. */
  function ownTroubles({ language }: Known): readonly string[] {
    const words = NOW_WORDS[language]
    const late = desk.late()
    const free = desk.diskFree()
    const moments = momentsFor(desk, language)
    const places = new Map(desk.configuration().sites.map(({ id, where }) => [id, where]))
    return [
      ...desk.silent().map(({ site, since }) => {
        const where = places.get(site)
        return words.silent(where ? say(where, language) : site, moments.since(since))
      }),
      ...(desk.clockTrusted() ? [] : [words.clock]),
      ...(late === 0 ? [] : [words.unsent(late)]),
      ...(free === null || free >= LEAST_FREE ? [] : [words.disk(Math.floor(100 * free))]),
    ]
  }
}
