// `/admin/checks/`: what is looked at and how it is; one check with its last look, and a button to look now.
import type { Check, Service } from '../../core/check.ts'
import { isOurFault, type Observation } from '../../core/observation.ts'
import { REASONS } from '../../core/reason-words.ts'
import { type Language, PUNCTUATION, say } from '../../core/text.ts'
import { DAY_UNIT } from '../../core/time/lasting.ts'
import { DAY, formatDuration, iso, type Millis } from '../../core/time/time.ts'
import type { LastPing } from '../../core/verdict/heartbeat.ts'
import { nothingKnownOf, opinionOf } from '../../core/verdict/known.ts'
import { CHECK_STATES, CONDITIONS } from '../../page/words/words.ts'
import { CHECK_WORDS } from './check-words.ts'
import { type Desk, momentsFor, servicesOf, statusForAdmins } from './desk.ts'
import type { Answer, Door, Known } from './door.ts'

/** What is wrong comes first. */
const ORDER = ['major_outage', 'partial_outage', 'degraded_performance', 'unknown', 'under_maintenance', 'operational']

/**
 * Silence is a service's: asked for at one check, it holds for all of them. A check that isn't there leads back to the
 * list.
 */
export function putUpChecks(door: Door, desk: Desk): void {
  door.get('/checks/', (visit) => listPage(visit))
  door.get('/checks/:check', (visit) => withCheck(visit, (check, service) => checkPage(visit, check, service)))
  door.post('/checks/:check/look', (visit) =>
    withCheck(visit, (check) => {
      desk.look(check.id)
      return { to: `/admin/checks/${check.id}?done=looking` }
    }),
  )
  door.post('/checks/:check/silence', (visit) => withCheck(visit, (check) => silence(visit, check, true)))
  door.post('/checks/:check/speak', (visit) => withCheck(visit, (check) => silence(visit, check, false)))

  function silence({ who }: Known, check: Check, silent: boolean): Answer {
    desk.mute(check.service, silent, who.account.name)
    return { to: `/admin/checks/${check.id}?done=${silent ? 'silenced' : 'speaking'}` }
  }

  function withCheck(visit: Known, then: (check: Check, service: Service) => Answer): Answer {
    for (const service of servicesOf(desk)) {
      const check = service.checks.find(({ id }) => id === visit.params.check)
      if (check !== undefined) return then(check, service)
    }
    return { to: '/admin/checks/' }
  }

  function listPage({ language }: Known): Answer {
    const text = CHECK_WORDS[language]
    const moments = momentsFor(desk, language)
    const services = servicesOf(desk).map((service) => {
      const status = statusForAdmins(desk, service)?.status ?? 'unknown'
      const silent = desk.mutedUntil(service.id)
      return {
        name: say(service.name, language),
        status,
        word: CONDITIONS[language][status],
        adminsOnly: service.audience === 'admins',
        silent: silent === null ? null : text.silent(moments.until(silent)),
        checks: service.checks.map((check) => {
          const known = desk.check(check.id) ?? nothingKnownOf(check, desk.now())
          const { at, reason, note } = opinionOf(known)
          const why = isOurFault(reason) && note !== '' ? `${PUNCTUATION[language].colon}${note}` : ''
          const state = known.agreement?.state ?? 'unknown'
          return {
            id: check.id,
            state,
            word: CHECK_STATES[language][state],
            reason: reason === null ? null : `${REASONS[language][reason]}${why}`,
            at: at === null ? text.never : moments.since(at),
          }
        }),
      }
    })
    services.sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))
    return { page: 'checks', model: { text, services } }
  }

  function checkPage({ language }: Known, check: Check, service: Service): Answer {
    const text = CHECK_WORDS[language]
    const moments = momentsFor(desk, language)
    const known = desk.check(check.id) ?? nothingKnownOf(check, desk.now())
    const { state: own, since, lastGood } = opinionOf(known)
    const state = known.agreement?.state ?? own
    const silent = desk.mutedUntil(service.id)
    const facts = [
      [text.facts.kind, check.kind],
      [text.facts.target, check.target],
      [text.facts.every, lengthOf(check.rule.every, language)],
      [text.facts.state, CHECK_STATES[language][state]],
      [text.facts.since, moments.since(known.agreement?.since ?? since)],
      ...(lastGood === null ? [] : [[text.facts.lastGood, moments.since(lastGood)]]),
    ]
    const model = {
      text,
      title: check.id,
      id: check.id,
      service: say(service.name, language),
      facts,
      looks: desk.lastLooks(check.id).map((look) => lookModel(look, language)),
      waits: check.heartbeat !== null,
      ping: pingModel(desk.lastPing(check.id), language),
      silent: silent === null ? null : text.silent(moments.until(silent)),
    }
    return { page: 'check', model }
  }

  function lookModel({ strand, at, took, phases, outcome }: Observation, language: Language) {
    const text = CHECK_WORDS[language]
    const moments = momentsFor(desk, language)
    const tls = 'tls' in outcome ? outcome.tls : undefined
    const days = tls === undefined ? 0 : Math.floor((tls.expires - desk.now()) / DAY)
    const word = outcome.ok === true ? text.fine : outcome.ok === false ? text.failed : text.unknown
    return {
      family: strand === null ? null : `IPv${strand}`,
      iso: iso(at),
      facts: [
        [text.facts.at, moments.since(at)],
        [text.facts.took, millis(took, language)],
        [
          text.facts.result,
          outcome.ok === true ? word : `${word}${PUNCTUATION[language].colon}${REASONS[language][outcome.reason]}`,
        ],
        ...(outcome.note === '' ? [] : [[text.facts.note, outcome.note]]),
        ...(tls === undefined ? [] : [[text.facts.certificate, `${tls.version}, ${text.days(days)}`]]),
      ],
      phases: Object.entries(phases).map(([phase, length]) => ({ phase, took: millis(length, language) })),
    }
  }

  /** Null: the job said nothing. */
  function pingModel(ping: LastPing | null, language: Language) {
    if (ping === null || ping.body.trim() === '') return null
    const { pinged } = CHECK_WORDS[language]
    const how = ping.exit === null ? pinged[ping.kind] : pinged.exit(ping.exit)
    return { iso: iso(ping.at), at: momentsFor(desk, language).since(ping.at), how, body: ping.body }
  }
}

/** `9,3 ms`, `41 ms`. */
function millis(length: Millis, language: Language): string {
  const digits = length < 10 ? 1 : 0
  const shown = length.toLocaleString(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  })
  return `${shown}\u00a0ms`
}

/** `6 s`, `5 min`, `1 j`: as people write what a configuration has as `6s`, `5m`, `1d`. */
function lengthOf(length: Millis, language: Language): string {
  return formatDuration(length).replace(/\D+$/, '\u00a0$&').replace(/m$/, 'min').replace(/d$/, DAY_UNIT[language])
}
