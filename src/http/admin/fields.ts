// From fields of a form to what is handed in (core/said/submission.ts), and from what is known to fields.
import { isOnPage, type Service } from '../../core/check.ts'
import { inOrder } from '../../core/shown/painting.ts'
import { LANGUAGES, type Language, PUNCTUATION, say, type Text } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import { clocksOf } from '../../core/time/wall-time.ts'
import type { Status } from '../../core/verdict/service.ts'
import { typeset } from '../../page/words/words.ts'
import { CHECK_WORDS } from './check-words.ts'
import { type Desk, servicesOf, statusForAdmins } from './desk.ts'
import type { Known } from './door.ts'
import { type Form, textIn } from './form.ts'
import { INCIDENT_WORDS } from './incident-words.ts'

/** `title.fr` and its like. Undefined: nothing was written, in no language. */
export function textsIn(form: Form, name: string): Readonly<Partial<Record<Language, string>>> | undefined {
  const given = LANGUAGES.map((language) => [language, textIn(form, `${name}.${language}`)] as const)
  const written = given.filter(([, text]) => text !== '')
  return written.length === 0 ? undefined : Object.fromEntries(written)
}

/** A text's fields, one a language of the page. */
export function textFields(name: string, languages: readonly Language[], visit: Known, value: Text | undefined) {
  const words = INCIDENT_WORDS[visit.language]
  return languages.map((language, at) => ({
    name: `${name}.${language}`,
    /** Where it is said that the text lacks in every language. */
    whole: at === 0 ? name : null,
    language,
    label: languages.length === 1 ? '' : words.languages[language],
    value: value?.[language] ?? '',
  }))
}

/** Options of a list, the chosen one marked. */
export function optionsOf<K extends string>(words: Readonly<Record<K, string>>, order: readonly K[], chosen: K) {
  return order.map((value) => ({ value, label: words[value], chosen: value === chosen }))
}

/** `2026-11-23 14:02`, by the clock of the hoster: what a field of a moment takes. */
export function wallTime(at: Instant, timezone: string): string {
  return new Date(clocksOf(timezone).show(at)).toISOString().slice(0, 16).replace('T', ' ')
}

/** Undefined where it is the same as before: what isn't changed isn't said anew. */
export function ifChanged(given: Text | undefined, before: Text): Text | undefined {
  const same = given !== undefined && LANGUAGES.every((one) => (given[one] ?? '') === (before[one] ?? ''))
  return same ? undefined : given
}

/** As `ifChanged`; another order of the same is no change. */
export function ifOthers(given: readonly string[], before: readonly string[]): readonly string[] | undefined {
  const same = given.length === before.length && given.every((one) => before.includes(one))
  return same ? undefined : given
}

/** ` (pas sur la page)` of what is only about services that members don't know; else nothing. */
export function hiddenMark(desk: Desk, { language }: Known, about: readonly string[]): string {
  const shown = servicesOf(desk).filter(isOnPage)
  const seen = about.length === 0 || about.some((id) => shown.some((service) => service.id === id))
  return seen ? '' : ` (${CHECK_WORDS[language].adminsOnly})`
}

/**
 * Services to tick: what is down or poorly first, the worst before, then in the page's order, those that members don't know
 * last, which is said of them.
 */
export function serviceChoices(desk: Desk, visit: Known, chosen: readonly string[]) {
  const shown = inOrder(desk.configuration())
  const hidden = servicesOf(desk).filter((service) => !isOnPage(service))
  const weight = (service: Service) => {
    const status = statusForAdmins(desk, service)?.status
    return status !== undefined && UNWELL.includes(status) ? UNWELL.indexOf(status) : UNWELL.length
  }
  return [...shown, ...hidden]
    .toSorted((a, b) => weight(a) - weight(b))
    .map(({ id, name }) => ({
      id,
      name: say(name, visit.language) + hiddenMark(desk, visit, [id]),
      chosen: chosen.includes(id),
    }))
}

/** `Services touchés : Courriel · Site web`; one that is watched no more by its id. Empty where none is named. */
export function concernsOf(desk: Desk, visit: Known, ids: readonly string[]): string {
  const { language } = visit
  const known = serviceChoices(desk, visit, ids).filter(({ chosen }) => chosen)
  const gone = ids.filter((id) => known.every((one) => one.id !== id))
  const names = [...known.map(({ name }) => name), ...gone]
  const { services } = INCIDENT_WORDS[language].fields
  return names.length === 0 ? '' : `${typeset(services + PUNCTUATION[language].colon, language)}${names.join(' · ')}`
}

/** Those that an incident is likely about. */
const UNWELL: readonly Status[] = ['major_outage', 'partial_outage', 'degraded_performance']
