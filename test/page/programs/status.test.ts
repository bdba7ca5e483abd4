import { describe, expect, test } from 'vitest'
import type { Picture } from '../../../src/core/shown/picture.ts'
import { statusDocument } from '../../../src/page/programs/status.ts'
import { EVERY_MOMENT, MOMENTS, OUTAGE } from '../pictures.ts'
import { EVERY_SPOKEN, SPOKEN } from '../said.ts'

describe('status.json', () => {
  test('has the shape of version 1', () => {
    const document = statusDocument(MOMENTS.oneDown)
    expect(document).toMatchObject({
      version: 1,
      site: 'home',
      generated_at: '2026-11-23T13:12:00.000Z',
      next_by: '2026-11-23T13:14:00.000Z',
      status: 'major_outage',
      blind: null,
      sites: { home: { line: 'good' }, offsite: { line: 'good' } },
    })
    expect(document.sentence.fr).toContain('Courriel')
    expect(document.services.find(({ id }) => id === 'mail')).toMatchObject({
      name: { fr: 'Courriel', en: 'E-mail' },
      group: 'communication',
      status: 'major_outage',
      state: 'down',
      since: new Date(OUTAGE).toISOString(),
      unstable: false,
      cause: null,
      confidence: { confirmed: 2, of: 2, sites: ['home', 'offsite'], note: 'confirmed' },
      uptime: { days: 90, share: 0.99987, outage_s: 1020, partial_s: 0, blind_s: 0, maintenance_s: 0 },
    })
  })

  test('gives each check with what each site sees', () => {
    const [check] = statusDocument(MOMENTS.allWell).services[0]!.checks
    expect(check).toEqual({
      id: 'hetzner.http',
      kind: 'http',
      state: 'up',
      reason: null,
      since: '2026-11-03T13:02:00.000Z',
      at: '2026-11-23T13:11:40.000Z',
      took_ms: 41.2,
      sites: {
        home: { state: 'up', at: '2026-11-23T13:11:40.000Z', failures: 0, suspect_since: null },
        offsite: { state: 'up', at: '2026-11-23T13:11:40.000Z', failures: 0, suspect_since: null },
      },
    })
  })

  test('says what our line lacks and what is to be known of the page', () => {
    expect(statusDocument(MOMENTS.blind).blind).toEqual({
      since: new Date(OUTAGE).toISOString(),
      layers: ['dns', 'v4'],
    })
    expect(statusDocument(MOMENTS.demo)).toMatchObject({
      replica: true,
      notices: [
        { kind: 'no_witnesses', since: null },
        { kind: 'history_lost', since: new Date(OUTAGE).toISOString() },
      ],
    })
  })

  test('tells what people say: open incidents, work under way and next, and who saw it', () => {
    const { incidents, maintenances } = statusDocument(SPOKEN.saidOfTwo)
    expect(incidents.map(({ id }) => id)).toEqual(['inc000000042', 'inc000000043'])
    expect(incidents[0]).toMatchObject({
      title: { fr: 'Courriel : envois refusés', en: 'E-mail: sending refused' },
      status: 'identified',
      services: ['mail'],
      since: '2026-11-23T13:02:00.000Z',
      updated_at: '2026-11-23T13:10:00.000Z',
      automatic: false,
    })
    expect(incidents[0]!.updates.at(-1)).toMatchObject({
      at: '2026-11-23T13:10:00.000Z',
      text: { fr: 'Le disque est plein; on fait de la place.', en: 'Le disque est plein; on fait de la place.' },
    })
    expect(maintenances.map(({ id, status }) => [id, status])).toEqual([
      ['mnt000000002', 'in_progress'],
      ['mnt000000007', 'scheduled'],
    ])
    const service = (picture: Picture, id: string) => statusDocument(picture).services.find((one) => one.id === id)
    expect(service(SPOKEN.acknowledged, 'mail')).toMatchObject({ acknowledged: '2026-11-23T13:07:00.000Z' })
    expect(service(SPOKEN.overruled, 'mail')).toMatchObject({
      override: { until: '2026-11-23T17:12:00.000Z', text: { fr: 'La sonde se trompe : le courriel marche.' } },
      raised: false,
    })
    expect(service(SPOKEN.saidOfTwo, 'matrix')).toMatchObject({ override: null, raised: true, acknowledged: null })
  })

  test.each([...EVERY_MOMENT, ...EVERY_SPOKEN])(
    'tells nothing of the configuration behind the services (%s)',
    (_name, picture) => {
      const secretive = {
        ...picture,
        services: picture.services.map((service) => ({
          ...service,
          service: { ...service.service, url: 'https://inner.example' },
        })),
      }
      expect(JSON.stringify(statusDocument(secretive))).not.toContain('inner.example')
    },
  )
})
