// The moments a page must get right, whole folders to look at: `GALLERY=folder npx vitest run test/page/gallery` keeps them.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createPublisher } from '../../src/page/folder/publish.ts'
import { openViews } from '../../src/page/pages/views.ts'
import { EXTREMES } from './extremes.ts'
import { almanacOf } from './past.ts'
import { EVERY_MOMENT, MOMENTS } from './pictures.ts'
import { EVERY_SPOKEN } from './said.ts'

const kept = process.env.GALLERY
const gallery = kept === undefined ? mkdtempSync(join(tmpdir(), 'gallery-')) : resolve(kept)

afterAll(() => {
  if (kept === undefined) rmSync(gallery, { recursive: true, force: true })
})

/** The last: a page that outlived its monitor, which its script says to whoever opens it. */
test.each([...EVERY_MOMENT, ...EVERY_SPOKEN, ...Object.entries(EXTREMES), ['dead', MOMENTS.allWell] as const])(
  'the gallery shows %s',
  async (name, picture) => {
    const dir = join(gallery, name)
    const failures: string[] = []
    const publisher = createPublisher({
      dir,
      views: openViews('views'),
      almanac: almanacOf(picture),
      ticks: () => 0,
      copiesLag: () => 0,
      onFailure: (note) => failures.push(note),
    })
    await publisher.publish(() => picture)
    await publisher.settled()
    expect(failures).toEqual([])
    for (const [, href] of readFileSync(join(dir, 'fr/index.html'), 'utf8').matchAll(/ (?:href|src)="(\.\.[^"#]*)"/g)) {
      const target = join(dir, 'fr', href!.replace(/\/$/, '/index.html'))
      expect(existsSync(target), `${href} leads somewhere`).toBe(true)
    }
    if (name !== 'dead') rmSync(join(dir, 'vigie.js'))
  },
)
