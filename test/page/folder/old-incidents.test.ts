import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IncidentPicture, Picture } from '../../../src/core/shown/picture.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time/time.ts'
import { createPublisher, type Publisher } from '../../../src/page/folder/publish.ts'
import { openViews, type Views } from '../../../src/page/pages/views.ts'
import { almanacOf } from '../past.ts'
import { NOON } from '../pictures.ts'
import { incident, over, saying } from '../said.ts'

let folder: string
/** Pages of incidents that were rendered. */
let rendered: number
let failures: string[]

const views = openViews('views')
const counting: Views = {
  ...views,
  render: (template, model) => {
    if (template === 'incident') rendered += 1
    return views.render(template, model)
  },
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'old-incidents-'))
  rendered = 0
  failures = []
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const MANY = 40
const RECENT = 30

/** The one that began last first: one that is open, the others over. */
const incidents: readonly IncidentPicture[] = [
  incident(),
  ...Array.from({ length: MANY }, (_, n) => {
    const started = NOON - (n + 2) * DAY
    return over({ id: `old${n}`, started, resolved: started + HOUR, changed: started + HOUR })
  }),
]

/** As a process that starts on this folder, shows pictures one after the other and ends. Returns the publisher. */
async function life(...pictures: readonly Picture[]): Promise<Publisher> {
  rendered = 0
  let clock = 0
  const publisher = createPublisher({
    dir: folder,
    views: counting,
    almanac: almanacOf(),
    ticks: () => clock,
    copiesLag: () => 0,
    onFailure: (note) => failures.push(note),
  })
  for (const picture of pictures) {
    clock += 11 * MINUTE
    await publisher.publish(() => picture)
    await publisher.settled()
  }
  return publisher
}

const page = (id: string, language = 'fr') => join(folder, language, 'incidents', id, 'index.html')
const documentOf = (id: string) => join(folder, 'api/v2/incidents', `${id}.json`)
const changed = (id: string, changes: Partial<IncidentPicture>) =>
  saying({ incidents: incidents.map((one) => (one.id === id ? { ...one, ...changes } : one)) })

describe('pages of old incidents', () => {
  test('keep every page in the folder, and only the recent and the open ones in memory', async () => {
    const { hot } = await life(saying({ incidents }))
    expect(failures).toEqual([])
    for (const { id } of incidents)
      for (const language of ['fr', 'en']) expect(existsSync(page(id, language)), id).toBe(true)
    expect(readFileSync(page('old39'), 'utf8')).toContain('Matrix muet')
    expect(existsSync(documentOf('old39'))).toBe(true)
    expect(hot.has('/fr/incidents/inc000000042/')).toBe(true)
    expect(hot.has('/fr/incidents/old5/')).toBe(true)
    expect(hot.has('/fr/incidents/old39/')).toBe(false)
  })

  test('have small copies beside long pages alone, and none of an older text', async () => {
    const beside = (id: string) => readdirSync(dirname(page(id))).sort()
    await life(saying({ incidents }))
    expect(beside('old39')).toEqual(['index.html', 'index.html.gz'])
    expect(readdirSync(dirname(documentOf('old39'))).filter((name) => name.startsWith('old39'))).toEqual(['old39.json'])
    expect(gunzipSync(readFileSync(`${page('old39')}.gz`)).toString()).toBe(readFileSync(page('old39'), 'utf8'))
    writeFileSync(`${page('old39')}.br`, 'of another text')
    await life(saying({ incidents }), changed('old39', { changed: NOON, title: { fr: 'Un autre titre' } }))
    expect(beside('old39')).toEqual(['index.html', 'index.html.gz'])
  })

  test('make none again after a restart, and of a change only what changed', async () => {
    await life(saying({ incidents }))
    const before = statSync(page('old39')).ino
    await life(saying({ incidents }))
    expect(rendered).toBe(2 * RECENT)
    await life(saying({ incidents }), changed('old39', { changed: NOON, title: { fr: 'Un autre titre' } }))
    expect(rendered).toBe(2 * RECENT + 2 + 2) // the open one goes with everything, in two languages
    expect(readFileSync(page('old39'), 'utf8')).toContain('Un autre titre')
    expect(statSync(page('old39')).ino).not.toBe(before)
  })

  test('take away what was retracted, recent or old, also while nobody ran', async () => {
    const without = (...gone: readonly string[]) =>
      saying({ incidents: incidents.filter(({ id }) => !gone.includes(id)) })
    const { hot } = await life(saying({ incidents }), without('old3', 'old38'))
    for (const id of ['old3', 'old38'])
      expect([existsSync(page(id)), existsSync(documentOf(id))]).toEqual([false, false])
    expect(hot.has('/fr/incidents/old3/')).toBe(false)
    await life(without('old3', 'old38', 'old37'))
    expect(existsSync(page('old37', 'en'))).toBe(false)
    expect(readdirSync(join(folder, 'fr/incidents'))).toHaveLength(MANY + 1 - 3)
    expect(readdirSync(join(folder, 'api/v2/incidents')).filter((name) => name.startsWith('old37'))).toEqual([])
  })

  test('drop a language that is no longer spoken, and make it again when it is', async () => {
    await life(saying({ incidents }))
    const { hoster } = saying({})
    await life(saying({ incidents, hoster: { ...hoster, languages: ['fr'] } }))
    expect(existsSync(join(folder, 'en/incidents'))).toBe(false)
    await life(saying({ incidents }))
    expect(existsSync(page('old39', 'en'))).toBe(true)
  })

  test('believe neither a list that is garbage nor one whose pages are gone', async () => {
    await life(saying({ incidents }))
    rmSync(join(folder, 'en/incidents/old39'), { recursive: true })
    await life(saying({ incidents }))
    expect(existsSync(page('old39', 'en'))).toBe(true)
    writeFileSync(join(folder, '.incidents.json'), '[1, {')
    await life(saying({ incidents }))
    expect(rendered).toBe(2 * (MANY + 1))
    expect(failures).toEqual([])
  })

  test('say what the disk refused, and try again later', async () => {
    writeFileSync(join(folder, 'fr'), 'a file where a folder should be')
    const shown = saying({ incidents })
    const publisher = await life(shown)
    expect(failures.some((note) => /ENOTDIR|EEXIST/.test(note))).toBe(true)
    rmSync(join(folder, 'fr'))
    await publisher.stop()
    await life(shown)
    expect(existsSync(page('old39'))).toBe(true)
  })
})
