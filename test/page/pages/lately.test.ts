// What the page tells of trouble that is over, and for how long.
import { describe, expect, test } from 'vitest'
import type { OutageRecord } from '../../../src/core/history/outage-record.ts'
import type { Picture } from '../../../src/core/shown/picture.ts'
import type { Language } from '../../../src/core/text.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time/time.ts'
import { renderHome } from '../../../src/page/pages/home.ts'
import { overLately } from '../../../src/page/pages/lately.ts'
import { openViews } from '../../../src/page/pages/views.ts'
import { outageOf } from '../past.ts'
import { catalogue, DOWN, daysOf, MOMENTS, NOON, pictureOf } from '../pictures.ts'
import { incident, over, saying } from '../said.ts'

const views = openViews('views')

/** The section as it is read; null: there is none. */
function told(picture: Picture, outages: readonly OutageRecord[], language: Language = 'en'): string | null {
  const html = renderHome(picture, outages, language, false, views)
  const [, section] = /<section class="lately">(.*?)<\/section>/s.exec(html) ?? []
  const text = section?.replace(/<[^>]*>/g, '').replaceAll('\u00a0', ' ')
  return text?.replace(/\s+/g, ' ').trim() ?? null
}

const outage = (service: string, hoursAgo: number, minutes: number, changes: Partial<OutageRecord> = {}) =>
  outageOf(service, NOON - hoursAgo * HOUR, minutes * MINUTE, [], changes)

describe('what is over', () => {
  test('is told with its services, how bad it was and when', () => {
    const outages = [
      outage('notes', 1, 4, { confirmed: false }),
      outage('mail', 3, 51),
      outageOf('webmail', NOON - 3 * HOUR + MINUTE, 51 * MINUTE),
    ]
    expect(told(MOMENTS.allWell, outages)).toBe(
      'In the last 24 hours Notes Partial outage over, 13:12 → 13:16 (4 min) ' +
        'E-mail · Webmail, contacts and calendar Outage over, 11:12 → 12:04 (52 min)',
    )
    expect(told(MOMENTS.allWell, outages, 'fr')).toMatch(
      /^Ces 24 dernières heures Notes Panne partielle terminée, 13:12 → 13:16 \(4 min\) Courriel · Webmail/,
    )
  })

  test('says of which day what began yesterday', () => {
    expect(told(MOMENTS.allWell, [outage('mail', 15, 120)], 'fr')).toContain('hier à 23:12 → 01:12 (2 h)')
    expect(told(MOMENTS.allWell, [outage('mail', 20, 60)], 'fr')).toContain('hier à 18:12 → 19:12 (1 h)')
  })

  test('leads with what the team wrote, and tells the outages it wrote of with that', () => {
    const written = over({ started: NOON - 4 * HOUR, resolved: NOON - 2 * HOUR, services: ['mail'] })
    const text = told(saying({ incidents: [written] }), [outage('mail', 3, 51), outage('notes', 1, 4)], 'fr')
    expect(text).toBe(
      'Ces 24 dernières heures Notes Panne terminée, 13:12 → 13:16 (4 min) ' +
        'Matrix muet le temps d’un redémarrage Terminé, 10:12 → 12:12 (2 h)',
    )
  })

  test('is not told a day later, nor of what an open incident tells', () => {
    const old = over({ started: NOON - 27 * HOUR, resolved: NOON - DAY - 1, services: ['mail'] })
    expect(told(saying({ incidents: [old] }), [])).toBeNull()
    expect(told(saying({ incidents: [incident()] }), [outage('mail', 0.1, 2)])).toBeNull()
    expect(told(MOMENTS.allWell, [])).toBeNull()
  })

  test('stays short: three of them, of three services, and the way to the rest', () => {
    const ids = catalogue().map(({ service }) => service.id)
    const outages = [...ids.map((id) => outage(id, 8, 5)), ...[6, 4, 2, 1].map((ago) => outage('mail', ago, 5))]
    const text = told(MOMENTS.allWell, outages)
    expect(text).not.toContain('06:12')
    expect(text).toMatch(/And 2 more\.$/)
    const [first] = [told(MOMENTS.allWell, outages.slice(0, ids.length))]
    expect(first).toContain('Main server · E-mail · Matrix chat and 5 others Outage over')
    expect(renderHome(MOMENTS.allWell, outages, 'en', false, views)).toContain(
      '<a href="../en/history/">And 2 more.</a>',
    )
  })

  test('comes by its end, so that the night’s long one is not behind the short ones', () => {
    const text = told(MOMENTS.allWell, [outage('notes', 4, 3), outage('mail', 14, 13 * 60 + 55), outage('pads', 2, 3)])
    expect(text).toMatch(/^In the last 24 hours E-mail .* Shared texts .* Notes /)
  })

  test('is not told of a service that is down again, by whoever wrote of it', () => {
    const written = over({ started: NOON - 4 * HOUR, resolved: NOON - 2 * HOUR, services: ['mail', 'notes'] })
    expect(told({ ...MOMENTS.oneDown, incidents: [written] }, [])).toBeNull()
    expect(told({ ...MOMENTS.disputed, incidents: [written] }, [])).toBeNull()
    expect(told({ ...MOMENTS.degraded, incidents: [written] }, [])).not.toBeNull()
  })

  test('is left out while nothing at all is known', () => {
    expect(told(MOMENTS.blind, [outage('mail', 3, 51)])).toBeNull()
  })
})

describe('what is read of it', () => {
  let asked: string[] = []
  const almanac = {
    outagesOf: (service: string, since: number) => {
      asked.push(service)
      expect(since).toBe(NOON - DAY)
      return [outageOf(service, NOON - HOUR, null), outage(service, 3, 51), outageOf(service, NOON - 2 * DAY, DAY - 1)]
    },
  }
  const fallen = (id: string, ago = 0) =>
    daysOf(id).map((day, at, days) =>
      at === days.length - 1 - ago ? { ...day, tally: { ...day.tally!, partial: MINUTE } } : day,
    )
  const found = (changes: Parameters<typeof catalogue>[0]) => {
    asked = []
    return overLately(pictureOf(catalogue(changes)), almanac).map(({ service, since }) => [service, NOON - since])
  }

  test('is of services that were down since yesterday and are not now', () => {
    expect(found({ notes: { days: fallen('notes') }, mail: { ...DOWN, days: fallen('mail') } })).toEqual([
      ['notes', 3 * HOUR],
    ])
    expect(asked).toEqual(['notes'])
    expect(found({ notes: { days: fallen('notes', 1) } })).toEqual([['notes', 3 * HOUR]])
    expect(found({ notes: { days: fallen('notes', 2) } })).toEqual([])
    expect(found({ notes: { days: fallen('notes'), unstable: true } })).toEqual([])
    expect(found({ notes: { days: fallen('notes'), status: 'degraded_performance' } })).toHaveLength(1)
  })
})
