// What is shown of what is known.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import type { Picture } from '../../src/core/shown/picture.ts'
import { unprovenLine } from '../../src/core/verdict/blindness.ts'
import type { Memory } from '../../src/memory.ts'
import { kinds } from '../../src/probes/index.ts'
import { createDisplay } from '../../src/showing/display.ts'
import { blankMemory } from '../blank-memory.ts'

const root = mkdtempSync(join(tmpdir(), 'vigie-display-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const dir = join(root, 'checks')
mkdirSync(dir)
writeFileSync(join(dir, 'site.yaml'), 'name: Essai\nlanguages: [fr]\nsites: { home: {} }\n')
writeFileSync(join(dir, 'web.yaml'), 'service: Site\nchecks:\n  - http: https://web.test/\n')
writeFileSync(join(dir, 'wiki.yaml'), 'service: Wiki\nchecks:\n  - http: https://wiki.test/\n')
const { configuration } = readConfiguration({ dir, environment: {}, data: root, kinds, listen: '127.0.0.1:0' })

const BEGAN = Date.parse('2026-11-23T13:02:00Z')
const NOW = BEGAN + 600_000

/** What is painted when the letters of these threads went out. */
async function blindPicture(sent: Readonly<Record<string, number>>) {
  const bad = { good: false, since: BEGAN, lastBad: NOW }
  const line = { ...unprovenLine(new Map(), BEGAN), layers: { dns: bad, v4: bad }, tested: true }
  const memory = blankMemory(configuration!, NOW, line)
  memory.blind = [{ from: BEGAN, to: null, layers: ['dns', 'v4'], told: true }]
  return (await shown(memory, sent)).blind
}

async function shown(memory: Memory, sent: Readonly<Record<string, number>> = {}): Promise<Picture> {
  const painted: Picture[] = []
  const display = createDisplay({
    memory,
    history: { spans: () => [] } as unknown as Parameters<typeof createDisplay>[0]['history'],
    board: { acknowledgement: () => null, override: () => null },
    announcements: { now: () => ({ incidents: [], maintenances: [], open: [] }) } as never,
    ledger: { toldAt: (thread, key) => sent[key ?? thread] ?? null },
    results: { condition: () => ({ kind: 'good' }) } as never,
    publisher: { publish: async (paint: () => Picture) => void painted.push(paint()) } as never,
    peers: () => [],
    now: () => NOW,
    ticks: () => 0,
  })
  await display.show()
  return painted[0]!
}

it('knows when a relay took the letter about our line', async () => {
  expect(await blindPicture({})).toEqual({ since: BEGAN, layers: ['dns', 'v4'], told: null })
  expect(await blindPicture({ [`blind:${BEGAN}`]: NOW })).toMatchObject({ told: NOW })
  expect(await blindPicture({ [`blind:${BEGAN - 1}`]: NOW })).toMatchObject({ told: null })
})

it('knows when a relay took the letter that says that a service comes and goes', async () => {
  const memory = blankMemory(configuration!, NOW)
  const outage = { id: 'web-3', since: NOW, checks: [] } as never
  const flapping = { changes: [BEGAN], unstableSince: BEGAN, worst: 'major_outage', thread: 'web-1' } as const
  const known = memory.services.get('web')!
  memory.knowService('web', { ...known, status: 'major_outage', flapping, outages: { members: outage, admins: null } })
  const alarm = { told: 'unstable', letter: 'web-1:unstable', thread: 'web-1' } as const
  const hanging = { told: 'folded', letter: 'web-1:unstable', thread: 'web-3' } as const
  const told = async (alarms: Memory['alerts']['alarms'], sent: Readonly<Record<string, number>>) => {
    memory.alerts = { ...memory.alerts, alarms }
    return (await shown(memory, sent)).services[0]?.told
  }
  expect(await told({ 'web-3': alarm }, { 'web-1': BEGAN, 'web-1:unstable': NOW }), 'not of an outage before it').toBe(
    NOW,
  )
  expect(await told({ 'web-3': alarm }, { 'web-1': BEGAN })).toBeNull()
  expect(await told({ 'host-7': alarm, 'web-3': hanging }, { 'web-1:unstable': NOW })).toBe(NOW)
})

it('shows maintenance, and since when, also of a service that came and went until then', async () => {
  const memory = blankMemory(configuration!, NOW)
  const flapping = { changes: [BEGAN], unstableSince: BEGAN, worst: 'major_outage' as const }
  const show = async (status: 'partial_outage' | 'under_maintenance') => {
    memory.knowService('web', { ...memory.services.get('web')!, status, since: NOW, flapping })
    return (await shown(memory)).services[0]
  }
  expect(await show('partial_outage')).toMatchObject({ status: 'major_outage', unstable: true, since: BEGAN })
  expect(await show('under_maintenance')).toMatchObject({ status: 'under_maintenance', unstable: false, since: NOW })
})

it('calls the whole unknown while work is on somewhere and nothing else could be measured', async () => {
  const memory = blankMemory(configuration!, NOW)
  const stand = (id: string, status: 'under_maintenance' | 'operational') =>
    memory.knowService(id, { ...memory.services.get(id)!, status, since: NOW })
  stand('web', 'under_maintenance')
  expect((await shown(memory)).status).toBe('unknown')
  for (const id of memory.services.keys()) if (id !== 'web') stand(id, 'operational')
  expect((await shown(memory)).status).toBe('under_maintenance')
})

it('says that a line nobody testifies for is good since the start, whatever changed last', async () => {
  const line = unprovenLine(new Map(), BEGAN)
  const memory = blankMemory(configuration!, BEGAN, line)
  expect((await shown(memory)).lines).toEqual([{ site: 'home', line: 'good', since: BEGAN }])
})
