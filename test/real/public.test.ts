// The folder `data/public/` alone, on web servers that know nothing of vigie: a complete and working status page.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { say } from '../../src/core/text.ts'
import { createPublisher } from '../../src/page/folder/publish.ts'
import { openViews } from '../../src/page/pages/views.ts'
import { sentenceOf } from '../../src/page/words/sentence.ts'
import { almanacOf } from '../page/past.ts'
import { MOMENTS } from '../page/pictures.ts'
import { type Daemon, type Folder, freePorts, listening, openFolder, startDaemon } from './daemon.ts'
import { whenPresent } from './present.ts'

const PICTURE = MOMENTS.oneDown
/** Where the page lies: at the top of the server, and in a folder of a site that has other things. */
const PLACES = ['/', '/status/']

interface DumbServer {
  readonly needs: string
  readonly start: (folder: string, root: string, port: number) => Omit<Parameters<typeof startDaemon>[0], 'ready'>
}

const SERVERS: Readonly<Record<string, DumbServer>> = {
  'python3 -m http.server': {
    needs: 'python3',
    start: (folder, root, port) => ({
      command: 'python3',
      arguments: ['-m', 'http.server', String(port), '--bind', '127.0.0.1', '--directory', root],
      folder,
    }),
  },
  nginx: {
    needs: 'nginx',
    start: (folder, root, port) => {
      writeFileSync(join(folder, 'nginx.conf'), nginxConf(folder, root, port))
      return {
        command: 'nginx',
        arguments: ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
        folder,
      }
    },
  },
}

/** As Debian's own: its list of types, and files compressed beforehand. */
function nginxConf(folder: string, root: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events {}
http {
  include /etc/nginx/mime.types; access_log off; gzip_static on;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server { listen 127.0.0.1:${port}; root ${root}; index index.html; }
}
`
}

describe.each(Object.entries(SERVERS))('data/public/ on %s', (name, { needs, start }) => {
  whenPresent([needs])('is the whole page', () => {
    let folder: Folder
    let server: Daemon
    let url: string

    beforeAll(async () => {
      folder = openFolder()
      const root = join(folder.path, 'www')
      mkdirSync(root)
      for (const place of PLACES) await publishInto(join(root, place))
      const ports = await freePorts('http')
      url = `http://127.0.0.1:${ports.http}`
      server = await startDaemon({
        ...start(folder.path, root, ports.http),
        ready: () => listening('127.0.0.1', ports),
      })
    }, 60_000)

    afterAll(async () => {
      await server?.stop()
      await folder?.stop()
    })

    it.each(PLACES)('at %s: every page and every file it leads to', async (place) => {
      const seen = await everythingFrom(`${url}${place}`)
      expect([...seen].filter(([, answer]) => answer.status !== 200).map(([address]) => address)).toEqual([])
      expect([...seen].filter(([, answer]) => answer.html).length).toBeGreaterThan(20)
      const home = seen.get(`${url}${place}fr/`)!.text.replaceAll('\u00a0', ' ')
      for (const text of sentenceOf(PICTURE, 'fr')
        .replaceAll('\u00a0', ' ')
        .split(/(?<=\.) /))
        expect(home).toContain(text)
      for (const { service } of PICTURE.services) expect(home).toContain(say(service.name, 'fr'))
      expect(JSON.parse(seen.get(`${url}${place}api/v2/summary.json`)!.text)).toMatchObject({
        status: { indicator: 'major' },
      })
    })

    it('names what browsers must know the kind of', async () => {
      for (const [path, type] of [
        ['fr/', 'text/html'],
        ['vigie.js', 'javascript'],
        ['badge/mail.svg', 'image/svg+xml'],
      ] as const)
        expect((await fetch(`${url}/${path}`)).headers.get('content-type'), path).toContain(type)
      if (name === 'nginx') expect((await fetch(`${url}/fr/`)).headers.get('content-encoding')).toBe('gzip')
    })
  })
})

async function publishInto(dir: string): Promise<void> {
  const failures: string[] = []
  const publisher = createPublisher({
    dir,
    views: openViews('views'),
    almanac: almanacOf(PICTURE),
    ticks: () => 0,
    copiesLag: () => 0,
    onFailure: (note) => failures.push(note),
  })
  await publisher.publish(() => PICTURE)
  await publisher.settled()
  expect(failures).toEqual([])
}

interface Answer {
  readonly status: number
  readonly html: boolean
  readonly text: string
}

/** Follows every link that stays on this server, below where it began. */
async function everythingFrom(start: string): Promise<ReadonlyMap<string, Answer>> {
  const seen = new Map<string, Answer>()
  const waiting = [start]
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (seen.has(address)) continue
    const response = await fetch(address)
    const html = (response.headers.get('content-type') ?? '').startsWith('text/html')
    const answer = { status: response.status, html, text: await response.text() }
    seen.set(address, answer)
    if (!html) continue
    for (const [, href] of answer.text.matchAll(/ (?:href|src|data-from)="([^"#]+)"/g)) {
      const target = new URL(href!, address)
      if (target.origin === new URL(start).origin) waiting.push(target.href)
    }
  }
  return seen
}
