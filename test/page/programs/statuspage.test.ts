import { describe, expect, test } from 'vitest'
import type { Picture } from '../../../src/core/shown/picture.ts'
import { pageId } from '../../../src/page/programs/identity.ts'
import { statuspageDocuments } from '../../../src/page/programs/statuspage.ts'
import type { Component } from '../../../src/page/programs/statuspage-components.ts'
import { catalogue, DOWN, EVERY_MOMENT, LONG_AGO, MOMENTS, OUTAGE, pictureOf, serviceOf } from '../pictures.ts'

interface Summary {
  page: Record<string, string>
  status: { indicator: string; description: string }
  components: Component[]
  incidents: unknown[]
  scheduled_maintenances: unknown[]
}

const summary = (picture: Picture): Summary =>
  JSON.parse(JSON.stringify(statuspageDocuments(picture).get('api/v2/summary.json')))
const component = (picture: Picture, id: string) => summary(picture).components.find((one) => one.id === id)!

const INDICATORS: readonly (readonly [keyof typeof MOMENTS, string, string])[] = [
  ['allWell', 'none', 'All Systems Operational'],
  ['oneDown', 'major', 'Partial System Outage'],
  ['partly', 'major', 'Partial System Outage'],
  ['parentDown', 'major', 'Partial System Outage'],
  ['degraded', 'minor', 'Partially Degraded Service'],
  ['maintenance', 'maintenance', 'Service Under Maintenance'],
  ['blind', 'none', 'Status not verified'],
]

describe('the Statuspage API', () => {
  test.each(INDICATORS)('rolls up %s as %s', (moment, indicator, description) => {
    expect(summary(MOMENTS[moment]).status).toEqual({ indicator, description })
  })

  test('is critical when everything is down', () => {
    const all = catalogue().map((service) => ({ ...service, status: 'major_outage' as const }))
    expect(summary(pictureOf(all)).status).toEqual({ indicator: 'critical', description: 'Major Service Outage' })
  })

  test.each(EVERY_MOMENT)('has every field of every document, in its own words (%s)', (_name, picture) => {
    for (const [path, document] of statuspageDocuments(picture)) {
      const { page, ...rest } = JSON.parse(JSON.stringify(document))
      expect(Object.keys(page)).toEqual(['id', 'name', 'url', 'time_zone', 'updated_at'])
      expect(page.updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      expect(Object.keys(rest).length, path).toBeGreaterThan(0)
    }
    for (const one of summary(picture).components) {
      expect(one.status).toMatch(/^(operational|degraded_performance|partial_outage|major_outage|under_maintenance)$/)
      expect(Object.keys(one)).toEqual(expect.arrayContaining(FIELDS))
      expect(one.page_id).toBe(pageId(MOMENTS.allWell.hoster))
    }
  })

  test('gives services and groups their own ids, members to groups and names in the first language', () => {
    const { components } = summary(MOMENTS.allWell)
    expect(components.map(({ id }) => id)).toEqual([
      'communication',
      'mail',
      'matrix',
      'webmail',
      'documents',
      'files',
      'notes',
      'pads',
      'infrastructure',
      'hetzner',
      'website',
    ])
    expect(components[0]).toMatchObject({
      group: true,
      components: ['mail', 'matrix', 'webmail'],
      group_id: null,
      position: 1,
    })
    expect(components[1]).toMatchObject({ name: 'Courriel', group: false, group_id: 'communication', position: 1 })
    expect(components.at(-1)).toMatchObject({ id: 'website', group_id: null, position: 4 })
  })

  test('shows a group at its worst', () => {
    expect(component(MOMENTS.oneDown, 'communication').status).toBe('major_outage')
    expect(component(MOMENTS.oneDown, 'communication').updated_at).toBe(new Date(OUTAGE).toISOString())
    expect(component(MOMENTS.maintenance, 'documents').status).toBe('under_maintenance')
    expect(component(MOMENTS.allWell, 'documents').status).toBe('operational')
  })

  test('keeps the last confirmed status of what is unknown, and tells the truth beside it', () => {
    const services = catalogue({ mail: { ...DOWN, status: 'unknown', state: 'unknown', confirmed: 'partial_outage' } })
    expect(component(pictureOf(services), 'mail')).toMatchObject({
      status: 'partial_outage',
      vigie: { state: 'unknown', since: new Date(OUTAGE).toISOString(), confidence: { confirmed: 2, of: 2 } },
    })
    expect(summary(pictureOf(services)).status.description).toBe('Partial System Outage')
  })

  test('keeps what must stay the same the same', () => {
    const [before, after] = [component(MOMENTS.allWell, 'mail'), component(MOMENTS.oneDown, 'mail')]
    expect(after.created_at).toBe(before.created_at)
    expect(before.updated_at).toBe(new Date(LONG_AGO).toISOString())
    expect(summary(MOMENTS.oneDown).page.id).toBe(summary(MOMENTS.allWell).page.id)
    expect(pageId(MOMENTS.allWell.hoster)).toMatch(/^[a-z0-9]{12}$/)
  })

  test('carries hostile names unharmed', () => {
    const hostile = '</script>"\u2028\\'
    expect(component(pictureOf([serviceOf('mail', { fr: hostile }, null)]), 'mail').name).toBe(hostile)
  })
})

const FIELDS = [
  'id',
  'name',
  'status',
  'created_at',
  'updated_at',
  'position',
  'description',
  'showcase',
  'start_date',
  'group_id',
  'page_id',
  'group',
  'only_show_if_degraded',
]
