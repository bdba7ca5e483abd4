// Our feeds, read by readers of others: feedparser, as podcatchers and planets use it, and xmllint for the XML itself.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/core/time/time.ts'
import { badgeFiles } from '../../src/page/programs/badge.ts'
import { statuspageFeeds } from '../../src/page/programs/statuspage-feed.ts'
import { everyFeed, outageOf } from '../page/past.ts'
import { MOMENTS, NOON } from '../page/pictures.ts'
import { type Folder, openFolder } from './daemon.ts'
import { whenPresent } from './present.ts'

const FEEDPARSER = '/usr/lib/python3/dist-packages/feedparser/__init__.py'
const ENDED = NOON - 2 * HOUR
const OUTAGES = [
  outageOf('mail', NOON - HOUR, null, [{ id: 'mail.smtp', kind: 'smtp', reason: 'refused', note: '' }]),
  outageOf('files', ENDED - 17 * MINUTE, 17 * MINUTE),
]
const PICTURE = {
  ...MOMENTS.oneDown,
  hoster: { ...MOMENTS.oneDown.hoster, name: { fr: `L’hébergeur <&> "Ça" \u0000` } },
}

/** Prints what it understood, and complains as it would to its user. */
const READER = `
import feedparser, json, sys
for path in sys.argv[1:]:
    d = feedparser.parse(path)
    print(json.dumps({
        'bozo': str(d.bozo_exception) if d.bozo else None, 'version': d.version, 'title': d.feed.get('title'),
        'entries': [{ 'id': e.id, 'title': e.title, 'link': e.link, 'at': list((e.get('published_parsed') or e.get('updated_parsed'))[:6]) }
                    for e in d.entries] }))
`

interface Understood {
  readonly bozo: string | null
  readonly version: string
  readonly title: string
  readonly entries: readonly { id: string; title: string; link: string; at: readonly number[] }[]
}

whenPresent(['xmllint', FEEDPARSER])('feeds and badges', () => {
  let folder: Folder
  const paths = new Map<string, string>()

  beforeAll(() => {
    folder = openFolder()
    for (const { path, body } of [
      ...everyFeed(PICTURE, OUTAGES),
      ...statuspageFeeds(PICTURE, OUTAGES),
      ...badgeFiles(PICTURE),
    ]) {
      const file = join(folder.path, path.replaceAll('/', '-'))
      writeFileSync(file, body)
      paths.set(path, file)
    }
  })

  afterAll(() => folder.stop())

  it('are XML', async () => {
    const files = [...paths].filter(([path]) => /\.(atom|rss|svg)$/.test(path)).map(([, file]) => file)
    expect(files.length).toBeGreaterThan(20)
    await promisify(execFile)('xmllint', ['--nonet', '--noout', ...files])
  })

  it('are understood without a complaint', async () => {
    const feeds = [...paths].filter(([path]) => /\.(atom|rss)$/.test(path))
    const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', READER, ...feeds.map(([, file]) => file)])
    const understood = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Understood)
    expect(understood).toHaveLength(feeds.length)
    for (const [at, { bozo, version, title, entries }] of understood.entries()) {
      const path = feeds[at]![0]
      expect(bozo, path).toBeNull()
      expect(version, path).toBe(path.endsWith('.rss') ? 'rss20' : 'atom10')
      expect(title, path).toBeTruthy()
      expect(new Set(entries.map(({ id }) => id)).size, path).toBe(entries.length)
      for (const { title, link } of entries) expect(title && link, path).toBeTruthy()
    }
    const french = understood[feeds.findIndex(([path]) => path === 'fr/feed.atom')]!
    expect(french.title).toContain('L’hébergeur <&> "Ça"')
    expect(french.entries).toHaveLength(OUTAGES.length)
  })
})
