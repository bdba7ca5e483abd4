// What each of several sites sees of a check, and when each could see nothing.
import type { ServicePast } from '../../core/history/almanac.ts'
import type { CheckPicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import { type Language, PUNCTUATION, say } from '../../core/text.ts'
import { DAY, MINUTE } from '../../core/time/time.ts'
import { length } from '../words/day-words.ts'
import { PAST_PROSE } from '../words/past-prose.ts'
import { CHECK_STATES } from '../words/words.ts'
import { barsOf } from './bars.ts'
import type { Page } from './frame.ts'

/** Where a site stands, or its name. */
export function placeOf(site: string, { hoster }: Picture, language: Language): string {
  const where = hoster.sites.find(({ id }) => id === site)?.where ?? null
  return where === null ? site : say(where, language)
}

/** `depuis Grenoble : fonctionne ; depuis Paris : ne fonctionne pas` */
export function placesWords({ sites }: CheckPicture, { picture, language }: Page): string {
  const seen = sites.map(
    ({ site, state }) => [placeOf(site, picture, language), CHECK_STATES[language][state]] as const,
  )
  return PAST_PROSE[language].places(seen)
}

/** A row of hatched days for each site that was blind in them; days before the first measure are as in the bars. */
export function sightsOf({ sights }: ServicePast, { days, service }: ServicePicture, { picture, language, set }: Page) {
  return sights.flatMap(({ site, blind }) => {
    const spells = blind.map(({ from, to }) => ({ from, to: to ?? picture.at }))
    let sum = 0
    const rows = days.map((day, at) => {
      const end = days[at + 1]?.from ?? picture.at
      const unseen = spells.reduce(
        (so, { from, to }) => so + Math.max(0, Math.min(to, end) - Math.max(from, day.from)),
        0,
      )
      sum += unseen
      const measured = Math.max(0, end - day.from - unseen)
      // What the words tell is seen, however short it was.
      const blind = unseen > 0 ? Math.max(unseen, MINUTE) : 0
      const tally = { outage: 0, partial: 0, degraded: 0, maintenance: 0, blind, measured }
      return day.tally === null && unseen === 0 ? day : { ...day, tally }
    })
    if (sum < 1) return []
    const within = spells.filter(({ to }) => to > picture.at - days.length * DAY)
    const words = set(PAST_PROSE[language].unseen(length(sum, language), within.length))
    const place = set(`${placeOf(site, picture, language)}${PUNCTUATION[language].colon.trimEnd()}`)
    return [{ id: `${service.id}-${site}`, place, words, bars: barsOf(rows), spoken: `${place} ${words}` }]
  })
}
