// Incidents and maintenance as Statuspage's clients read them: every field there, null rather than absent.
import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../../src/core/time/time.ts'
import { incidentDocument, statuspageDocuments } from '../../../src/page/programs/statuspage.ts'
import { NOON, OUTAGE } from '../pictures.ts'
import { incident, saying, work } from '../said.ts'

type Doc = Record<string, unknown> & { incident_updates: Record<string, unknown>[]; components: { id: string }[] }

const documents = (changes: Parameters<typeof saying>[0]) => {
  const all = statuspageDocuments(saying(changes))
  return (path: string, key: string) => (JSON.parse(JSON.stringify(all.get(`api/v2/${path}.json`)))[key] ?? []) as Doc[]
}

const INCIDENT =
  'id name status created_at updated_at monitoring_at resolved_at impact shortlink started_at page_id incident_updates components'
const UPDATE =
  'id status body incident_id created_at updated_at display_at affected_components deliver_notifications custom_tweet tweet_id'

describe('an incident', () => {
  const resolved = incident({
    id: 'inc000000041',
    status: 'resolved',
    resolved: NOON,
    postmortem: { at: NOON, text: { fr: 'Voilà.' } },
  })

  it('has every field of Statuspage, its updates newest first', () => {
    const [one] = documents({ incidents: [incident()] })('incidents', 'incidents')
    expect(Object.keys(one!)).toEqual(expect.arrayContaining(INCIDENT.split(' ')))
    for (const update of one!.incident_updates) expect(Object.keys(update)).toEqual(UPDATE.split(' '))
    expect(one).toMatchObject({
      id: 'inc000000042',
      name: 'Courriel : envois refusés',
      status: 'identified',
      impact: 'major',
      started_at: new Date(OUTAGE).toISOString(),
      shortlink: 'https://a.status.example/fr/incidents/inc000000042/',
    })
    expect(one!.incident_updates.map(({ status, body }) => [status, body])).toEqual([
      ['identified', 'Le disque est plein; on fait de la place.'],
      ['investigating', 'Nous regardons.'],
    ])
    expect(one!.components.map(({ id }) => id)).toEqual(['mail'])
  })

  it('changes its components from and to what its impact says', () => {
    const [one] = documents({ incidents: [incident()] })('incidents', 'incidents')
    const change = { code: 'mail', name: 'Communication - Courriel' }
    expect(one!.incident_updates.map((update) => update.affected_components)).toEqual([
      [{ ...change, old_status: 'partial_outage', new_status: 'partial_outage' }],
      [{ ...change, old_status: 'operational', new_status: 'partial_outage' }],
    ])
  })

  it('is unresolved and in the summary while it is open, and has a document of its own for ever', () => {
    const read = documents({ incidents: [incident(), resolved] })
    expect(read('incidents/unresolved', 'incidents').map(({ id }) => id)).toEqual(['inc000000042'])
    expect(read('summary', 'incidents').map(({ id }) => id)).toEqual(['inc000000042'])
    expect(read('incidents', 'incidents').map(({ status }) => status)).toEqual(['identified', 'postmortem'])
    const picture = saying({ incidents: [resolved] })
    const body = incidentDocument(picture, resolved)
    expect(body).toMatchObject({
      page: { name: 'Nomagic' },
      incident: { id: 'inc000000041', resolved_at: expect.any(String) },
    })
    expect(incidentDocument({ ...picture, at: picture.at + DAY, changed: NOON + DAY }, resolved)).toEqual(body)
  })
})

describe('maintenance', () => {
  const soon = work()
  const now = work({ id: 'mnt000000008', begins: NOON - HOUR, ends: NOON + HOUR })
  const over = work({ id: 'mnt000000006', begins: NOON - 2 * DAY, ends: NOON - 2 * DAY + HOUR })
  const off = work({ id: 'mnt000000005', cancelled: NOON })
  const read = documents({ maintenances: [over, now, soon, off] })

  it('is upcoming, active or neither by the clock; what was called off is not told', () => {
    const ids = (path: string) => read(path, 'scheduled_maintenances').map(({ id }) => id)
    expect(ids('scheduled-maintenances')).toEqual(['mnt000000007', 'mnt000000008', 'mnt000000006'])
    expect(ids('scheduled-maintenances/upcoming')).toEqual(['mnt000000007'])
    expect(ids('scheduled-maintenances/active')).toEqual(['mnt000000008'])
    expect(ids('summary')).toEqual(['mnt000000008', 'mnt000000007'])
  })

  it('has every field, and steps that follow the clock', () => {
    const [, active] = read('scheduled-maintenances', 'scheduled_maintenances')
    expect(Object.keys(active!)).toEqual(
      expect.arrayContaining([...INCIDENT.split(' '), 'scheduled_for', 'scheduled_until']),
    )
    expect(active).toMatchObject({
      status: 'in_progress',
      impact: 'maintenance',
      scheduled_for: new Date(now.begins).toISOString(),
    })
    expect(active!.incident_updates.map(({ status }) => status)).toEqual(['in_progress', 'scheduled'])
    const [, , done] = read('scheduled-maintenances', 'scheduled_maintenances')
    expect(done!.incident_updates.map(({ status }) => status)).toEqual(['completed', 'in_progress', 'scheduled'])
    expect(done!.resolved_at).toBe(new Date(over.ends).toISOString())
  })

  it('begins after it was planned, also when that was to begin with this very minute', () => {
    const at = { created: NOON - 10_000, changed: NOON - 10_000 }
    const atOnce = work({ ...at, begins: NOON - 30_000, ends: NOON + HOUR })
    const [begun] = documents({ maintenances: [atOnce] })('scheduled-maintenances', 'scheduled_maintenances')
    expect(begun!.incident_updates.map(({ status }) => status)).toEqual(['in_progress', 'scheduled'])
    expect(begun!.incident_updates[0]!.affected_components).toMatchObject([
      { old_status: 'operational', new_status: 'under_maintenance' },
    ])
  })
})
