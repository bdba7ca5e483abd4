// One month, told three ways: by the report, by the page, and by a script that adds up the raw looks on its own. Report and
// page must agree to the millisecond. The script knows only looks, and a change may have happened anywhere between two of
// them (the rules date it by when they were asked, a cut line by its witnesses): an interval a change is what it may be off.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import type { Configuration } from '../../src/core/check.ts'
import { standOn } from '../../src/core/history/day-picture.ts'
import { uptimeOf } from '../../src/core/history/history.ts'
import { isForMembers, type OutageRecord, outagesFrom } from '../../src/core/history/outage-record.ts'
import { type Report, reportOf } from '../../src/core/history/report.ts'
import { lastDays } from '../../src/core/time/days.ts'
import { periodOf } from '../../src/core/time/period.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time/time.ts'
import { kinds } from '../../src/probes/index.ts'
import { withArchive } from '../../src/store/archive.ts'
import { folderWith, SITE } from '../cli/folders.ts'
import { configurationOf, EVERY, type Lived, live, type Month, SERVICES } from './month.ts'
import { recompute } from './recompute.mjs'

const ZONE = 'Europe/Paris'
const NOW = Date.parse('2026-11-02T09:00:00+01:00')

/** Clocks went back on the 25th at 03:00: that day had 25 hours. */
const OCTOBER: Month = {
  from: Date.parse('2026-09-28T08:00:00+02:00'),
  to: NOW,
  faults: {
    'web.http': [
      { from: '2026-09-30T23:10:00+02:00', to: '2026-10-01T01:40:00+02:00' },
      { from: '2026-10-04T10:00:00+02:00', to: '2026-10-04T10:01:30+02:00' },
      { from: '2026-10-25T01:30:00+02:00', to: '2026-10-25T03:30:00+01:00' },
      { from: '2026-10-20T14:00:00+02:00', to: '2026-10-20T16:00:00+02:00' },
    ],
    'mail.smtp': [
      { from: '2026-10-06T09:00:00+02:00', to: '2026-10-06T15:00:00+02:00' },
      { from: '2026-10-13T09:00:00+02:00', to: '2026-10-13T20:00:00+02:00' },
      { from: '2026-10-31T22:00:00+01:00', to: '2026-11-01T02:00:00+01:00' },
    ],
    'mail.imap': [
      { from: '2026-10-13T12:00:00+02:00', to: '2026-10-13T17:00:00+02:00' },
      { from: '2026-10-31T22:01:00+01:00', to: '2026-11-01T01:00:00+01:00' },
    ],
    'files.http': [
      { from: '2026-10-09T04:00:00+02:00', to: '2026-10-09T07:00:00+02:00' },
      { from: '2026-10-22T11:00:00+02:00', to: '2026-10-22T14:00:00+02:00' },
      { from: '2026-10-28T08:30:00+01:00', to: '2026-10-28T11:00:00+01:00' },
    ],
    'files.tcp': [{ from: '2026-10-09T03:00:00+02:00', to: '2026-10-09T08:00:00+02:00' }],
  },
  cut: [
    { from: '2026-10-02T18:00:00+02:00', to: '2026-10-02T19:25:00+02:00' },
    { from: '2026-10-20T15:00:00+02:00', to: '2026-10-20T15:30:00+02:00' },
    { from: '2026-10-22T10:30:00+02:00', to: '2026-10-22T12:00:00+02:00' },
    { from: '2026-10-27T20:00:00+01:00', to: '2026-10-27T23:00:00+01:00' },
  ],
  off: [
    { from: '2026-10-16T02:00:00+02:00', to: '2026-10-16T05:17:00+02:00' },
    { from: '2026-10-27T21:00:00+01:00', to: '2026-10-27T22:00:00+01:00' },
    { from: '2026-10-28T09:00:00+01:00', to: '2026-10-28T10:00:00+01:00' },
  ],
  work: {
    web: [
      // Nothing happens, the clocks go back under way, vigie is off for most of it, and over the month's end.
      { from: '2026-10-07T22:00:00+02:00', to: '2026-10-07T23:30:00+02:00' },
      { from: '2026-10-25T02:00:00+02:00', to: '2026-10-25T02:30:00+01:00' },
      { from: '2026-10-16T01:30:00+02:00', to: '2026-10-16T05:30:00+02:00' },
      { from: '2026-10-31T23:00:00+01:00', to: '2026-11-01T01:00:00+01:00' },
    ],
    // What breaks under way and stays so, what was broken before, and a line that is cut meanwhile.
    mail: [
      { from: '2026-10-06T08:30:00+02:00', to: '2026-10-06T10:00:00+02:00' },
      { from: '2026-10-13T13:00:00+02:00', to: '2026-10-13T14:00:00+02:00' },
      { from: '2026-10-27T19:30:00+01:00', to: '2026-10-27T20:40:00+01:00' },
    ],
    // All of what breaks is meant to.
    files: [{ from: '2026-10-09T02:30:00+02:00', to: '2026-10-09T08:30:00+02:00' }],
  },
}

let dir: string
let shown: Lived['spans']
let letters: Lived['letters']
let told: Report
let configuration: Configuration

const period = periodOf({ month: '2026-10', year: undefined, from: undefined, to: undefined }, NOW, ZONE)
if ('wrong' in period) throw new Error(period.wrong)

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-test-'))
  const folder = folderWith({ 'site.yaml': SITE, 'web.yaml': 'service: x\nchecks:\n  - tcp: host.example:80\n' })
  const reading = readConfiguration({ dir: folder, environment: {}, data: folder, kinds })
  configuration = configurationOf(reading.configuration!, ZONE)
  ;({ spans: shown, letters } = live(OCTOBER, dir, configuration))
  told = withArchive(dir, NOW, (archive) =>
    reportOf(
      SERVICES.map(({ id, name }) => ({
        id,
        name,
        spans: archive.statusSpans(id, period.from),
        outages: outagesFrom(archive.changesOf(id, 'outage', 0, NOW).map(({ sites }) => sites as OutageRecord)).filter(
          isForMembers,
        ),
      })),
      period,
      archive.asOf!,
      NOW,
    ),
  )!
})

afterAll(() => rmSync(dir, { recursive: true, force: true }))

const FIGURES = ['outage', 'partial', 'degraded', 'blind', 'maintenance', 'measured'] as const

describe('October 2026 in Paris', () => {
  it('has 745 hours', () => {
    expect(period.to - period.from).toBe(31 * DAY + HOUR)
    expect([told.from, told.to]).toEqual([period.from, period.to])
  })

  it.each(SERVICES)('$id: the report says what the page shows, day by day, to the millisecond', ({ id }) => {
    const spans = shown.get(id)!
    const days = standOn(lastDays(90, NOW, ZONE), spans, NOW).filter(({ date }) => date.startsWith('2026-10'))
    expect(days.length).toBe(31)
    const sum = Object.fromEntries(
      FIGURES.map((figure) => [figure, days.reduce((all, { tally }) => all + tally![figure], 0)]),
    )
    expect(told.services.find((one) => one.id === id)!.tally).toEqual(sum)
  })

  it.each(SERVICES)('$id: since the first look, the report says what the page says of 90 days', ({ id }) => {
    const spans = shown.get(id)!
    const whole = withArchive(dir, NOW, (archive) =>
      reportOf(
        [{ id, name: {}, spans: archive.statusSpans(id, 0), outages: [] }],
        { from: NOW - 90 * DAY, to: NOW },
        archive.asOf!,
        NOW,
      ),
    )!.services[0]!
    const { share, outage, partial, blind } = uptimeOf(spans, 90, NOW)
    expect(whole.share).toBe(share)
    expect(whole.tally).toMatchObject({ outage, partial, blind })
  })

  it.each(SERVICES)('$id: and what the raw looks add up to, within an interval a change', ({ id, checks }) => {
    const sums = recompute(join(dir, 'results.db'), {
      from: period.from,
      to: period.to,
      every: EVERY,
      fall: 3,
      rise: 2,
      taint: 60 * SECOND,
      work: { [id]: (OCTOBER.work[id] ?? []).map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })) },
      services: { [id]: checks.map((check) => ({ id: check.id, essential: check.essential })) },
    })[id]!
    const { tally } = told.services.find((one) => one.id === id)!
    const tolerance = sums.changes * EVERY
    const off = (wanted: number, found: number) => Math.abs(wanted - found)
    expect(off(sums.outage, tally.outage)).toBeLessThanOrEqual(tolerance)
    expect(off(sums.partial, tally.partial)).toBeLessThanOrEqual(tolerance)
    expect(off(sums.blind, tally.blind)).toBeLessThanOrEqual(tolerance)
    expect(off(sums.maintenance, tally.maintenance)).toBeLessThanOrEqual(tolerance)
    expect(sums.outage + sums.partial + sums.blind + sums.up + sums.maintenance).toBe(period.to - period.from)
  })

  it('remembers each time our line was cut once, with its end, also when vigie stopped meanwhile', () => {
    const line = withArchive(dir, NOW, (archive) => archive.changesOf('home', 'line', 0, NOW))!
    expect(line.map(({ state }) => state)).toEqual([
      'bad',
      'good',
      'bad',
      'good',
      'bad',
      'good',
      'bad',
      'good',
      'bad',
      'good',
    ])
    const lengths = line.flatMap(({ state, since }, at) =>
      state === 'bad' ? [(line[at + 1]!.since - since) / MINUTE] : [],
    )
    expect(lengths.map(Math.round)).toEqual([85, 30, 90, 59, 60])
  })

  it('counts work to the minute, whatever breaks or comes back meanwhile', () => {
    const minutes = (id: string) => told.services.find((one) => one.id === id)!.tally.maintenance / MINUTE
    // An hour and a half twice, the half hours around the pause of vigie, and the hour before November.
    // What was known before that pause ends with the last look, up to an interval earlier.
    expect(Math.abs(90 + 90 + 30 + 13 + 60 - 2.5 - minutes('web'))).toBeLessThanOrEqual(2.5)
    expect(minutes('mail')).toBe(90 + 60 + 70)
    expect(minutes('files')).toBe(360)
  })

  it('mails nothing of what breaks meanwhile, and once of what is still broken at its end', () => {
    const mailed = (id: string, day: string) =>
      letters
        .filter(({ thread, at }) => thread.startsWith(`${id}-`) && new Date(at).toISOString().startsWith(day))
        .map(({ news, at }) => [news.kind, new Date(at).toISOString().slice(11, 16)])
    expect(mailed('files', '2026-10-09')).toEqual([])
    expect(mailed('mail', '2026-10-06')).toEqual([
      // It has two minutes to come back once the work is over.
      ['down', '08:02'],
      ['up', expect.stringMatching(/^13:0/)],
    ])
    expect(mailed('mail', '2026-10-13').map(([kind]) => kind)).toEqual(['down', 'up'])
  })

  it('takes nothing back of what was measured before vigie stopped', () => {
    const spans = shown.get('web')!
    const stop = Date.parse('2026-10-16T02:00:00+02:00')
    const before = spans.find(({ from, to }) => from < stop - HOUR && (to ?? NOW) > stop - HOUR)!
    expect(before.status).toBe('operational')
  })

  it('counts outages (two failures in a row are none), and those that cross the border of the month inside it', () => {
    const figures = new Map(told.services.map((one) => [one.id, one]))
    expect(figures.get('web')!.outages).toBe(3)
    expect(told.outages[0]!.within / MINUTE).toBeCloseTo(100, -1)
    expect(figures.get('mail')!.outages).toBe(3)
    // A third one was planned: maintenance, not an outage.
    expect(figures.get('files')!.outages).toBe(2)
  })
})
