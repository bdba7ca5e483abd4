// The calendar of maintenance, read back by RFC 5545's own rules.
import { describe, expect, it } from 'vitest'
import type { Picture } from '../../../src/core/shown/picture.ts'
import { DAY, HOUR } from '../../../src/core/time/time.ts'
import { calendarFiles } from '../../../src/page/programs/calendar.ts'
import { NOON } from '../pictures.ts'
import { saying, work } from '../said.ts'

/** Unfolds lines and takes properties apart: `name;params` and value, by event. */
function read(text: string): readonly ReadonlyMap<string, string>[] {
  expect(text).toMatch(/\r\n$/)
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  const lines = text.replace(/\r\n /g, '').trimEnd().split('\r\n')
  const events: Map<string, string>[] = []
  for (const line of lines) {
    if (line === 'BEGIN:VEVENT') events.push(new Map())
    else if (events.length > 0) events.at(-1)!.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1))
  }
  return events
}

const calendar = (...maintenances: ReturnType<typeof work>[]) =>
  calendarsOf(saying({ maintenances })).get('calendar.ics')!
const calendarsOf = (picture: Picture) => new Map([...calendarFiles(picture)].map(({ path, body }) => [path, body]))

describe('the calendar', () => {
  it('holds one event a time, in UTC', () => {
    const [event] = read(calendar(work()))
    expect(Object.fromEntries(event!)).toMatchObject({
      UID: expect.stringMatching(/^mnt000000007@[a-z0-9]{12}\.vigie\.invalid$/),
      DTSTART: '20261124T131200Z',
      DTEND: '20261124T151200Z',
      DTSTAMP: '20261121T131200Z',
      SEQUENCE: '0',
      STATUS: 'CONFIRMED',
      SUMMARY: 'Nomagic : Mise à jour de Synapse',
      DESCRIPTION: 'Quelques coupures\\, d’une minute\\; rien à faire.\\n\\nMessagerie instantanée Matrix',
      URL: 'https://a.status.example/fr/maintenance/#time-mnt000000007',
    })
  })

  it('keeps what was called off, cancelled, under its name', () => {
    const [before] = read(calendar(work()))
    const [after] = read(calendar(work({ cancelled: NOON, changed: NOON, sequence: 1 })))
    expect(after!.get('UID')).toBe(before!.get('UID'))
    expect([after!.get('STATUS'), after!.get('SEQUENCE')]).toEqual(['CANCELLED', '1'])
  })

  it('is the same file while nothing changes', () => {
    const picture = saying({ maintenances: [work()] })
    expect(calendarsOf({ ...picture, at: picture.at + DAY })).toEqual(calendarsOf(picture))
  })

  it('is there in every language, the first at the top, too', () => {
    const calendars = calendarsOf(saying({ maintenances: [work()] }))
    expect([...calendars.keys()]).toEqual(['calendar.ics', 'fr/calendar.ics', 'en/calendar.ics'])
    expect(calendars.get('fr/calendar.ics')).toBe(calendars.get('calendar.ics'))
    const [event] = read(calendars.get('en/calendar.ics')!)
    expect(Object.fromEntries(event!)).toMatchObject({
      UID: read(calendars.get('fr/calendar.ics')!)[0]!.get('UID'),
      SUMMARY: 'Nomagic: Synapse upgrade',
      DESCRIPTION: 'A few cuts\\, of a minute\\; nothing to do.\\n\\nMatrix chat',
      URL: 'https://a.status.example/en/maintenance/#time-mnt000000007',
    })
  })

  it('cuts no character and ends no line for whatever is written', () => {
    const hostile = { fr: `é${'漢😀'.repeat(60)}\r\nBEGIN:VEVENT\r\nX:\u2028\0;,\\`, en: '' }
    const events = read(
      calendar(work({ title: hostile, text: hostile }), work({ id: 'b', begins: NOON, ends: NOON + HOUR })),
    )
    expect(events).toHaveLength(2)
    expect(events[0]!.get('SUMMARY')).toContain('漢😀'.repeat(60))
  })
})
