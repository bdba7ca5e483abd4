// The shape of the house. Rules that nobody checks are wishes.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Service } from '../src/core/check.ts'
import { LANGUAGES, type Language } from '../src/core/text.ts'
import { BY_TRIP, BY_WORD } from '../src/core/verdict/proof.ts'
import { checkTitle } from '../src/page/words/check-title.ts'
import { kinds } from '../src/probes/index.ts'

const SRC = resolve('src')

/** What each part may import: of ours, and packages. `types:` allows types alone. */
const RULES: Readonly<Record<string, { readonly ours: readonly string[]; readonly packages: readonly string[] }>> = {
  core: { ours: [], packages: [] },
  net: { ours: ['core'], packages: ['node:', 'undici', 'saxes'] },
  probes: { ours: ['core', 'net'], packages: ['node:', 'dns-packet', 'ws'] },
  channels: { ours: ['core', 'net'], packages: ['node:', 'nodemailer'] },
  store: { ours: ['core'], packages: ['node:', 'better-sqlite3'] },
  access: { ours: ['core', 'types:store'], packages: ['node:', 'otpauth'] },
  twin: { ours: ['core', 'net'], packages: ['node:'] },
  copies: { ours: ['core'], packages: ['node:'] },
  page: { ours: ['core'], packages: ['node:', 'eta', 'markdown-it', 'sanitize-html'] },
  config: { ours: ['core', 'net', 'presets', 'copies', 'types:probes'], packages: ['node:', 'yaml'] },
  presets: { ours: ['core'], packages: [] },
  discovery: { ours: ['core', 'net', 'presets', 'probes'], packages: ['node:', 'yaml'] },
  http: { ours: ['core', 'page', 'twin', 'access', 'types:store'], packages: ['node:', 'fastify', '@fastify/'] },
  demo: { ours: ['core', 'net'], packages: ['node:', 'dns-packet'] },
}

/** The floors of core/, each with those it may stand on; files directly in core/ are what all of them speak of. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  time: [],
  ledger: ['time'],
  verdict: ['time'],
  letter: ['time', 'verdict'],
  said: ['time', 'ledger', 'verdict'],
  history: ['time', 'verdict', 'letter', 'said'],
  shown: ['time', 'verdict', 'said', 'history'],
}

/** The steps of the line, between the parts: core and types of the others. */
const STEPS = {
  ours: [
    'core',
    'net',
    'types:store',
    'types:config',
    'types:http',
    'types:page',
    'types:channels',
    'types:twin',
    'types:copies',
    'steps',
  ],
  packages: ['node:'],
}

/** Ends that know everything but the process; and app/, what app.ts is put together from. */
const ENDS: readonly string[] = ['app', 'process/reload', 'world']

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SRC, name))

interface Import {
  readonly what: string
  readonly typeOnly: boolean
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8')
  const names = String.raw`\{[^}]*\}|\*(?: as \w+)?|[\w$]+(?:,\s*\{[^}]*\})?`
  const found = text.matchAll(new RegExp(`^(?:import|export)\\s+(type\\s+)?(${names})\\s+from\\s+'([^']+)'`, 'gm'))
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)
  return [
    ...[...found].map(([, type, names, what]) => ({
      what: what!,
      typeOnly: type !== undefined || /^\{\s*(type [\w$]+( as [\w$]+)?,?\s*)+\}$/.test(names ?? ''),
    })),
    ...[...dynamic].map(([, what]) => ({ what: what!, typeOnly: false })),
  ]
}

/** Folders of steps: they obey what the files directly in src/ obey. */
const STEP_FOLDERS: readonly string[] = ['board', 'sites', 'showing', 'process']

/** `core`, `store` …; `steps` for the files directly in src/ and in the folders of steps. */
function partOf(file: string): string {
  const path = relative(SRC, file)
  const folder = path.includes('/') ? path.split('/')[0]! : ''
  return folder === '' || STEP_FOLDERS.includes(folder) ? 'steps' : folder
}

function rulesFor(file: string) {
  const part = partOf(file)
  const name = relative(SRC, file).replace(/\.ts$/, '')
  if (part === 'cli' || name === 'main') return null
  if (part === 'app' || ENDS.includes(name))
    return { ours: ['app', 'steps', ...Object.keys(RULES)], packages: ['node:'] }
  if (name === 'process/calendar') return { ours: ['core'], packages: ['node-cron'] }
  return part === 'steps' ? STEPS : RULES[part]
}

function wrongImports(file: string): readonly string[] {
  const rules = rulesFor(file)
  if (rules === null) return []
  if (rules === undefined) return [`${relative(SRC, file)} is in a folder without rules`]
  return importsOf(file).flatMap(({ what, typeOnly }) => {
    if (!what.startsWith('.'))
      return rules.packages.some((allowed) => what.startsWith(allowed)) ? [] : [`${relative(SRC, file)} → ${what}`]
    const part = partOf(resolve(dirname(file), what))
    const own = part === partOf(file) && (part !== 'steps' || rules.ours.includes('steps'))
    const allowed = own || rules.ours.includes(part) || (typeOnly && rules.ours.includes(`types:${part}`))
    return allowed ? [] : [`${relative(SRC, file)} → ${what}`]
  })
}

describe('the house', () => {
  it('imports inward only', () => {
    expect(files.flatMap(wrongImports)).toEqual([])
  })

  it('has floors in core, each standing on lower ones alone', () => {
    const floorOf = (file: string) => /^core\/(\w+)\//.exec(relative(SRC, file))?.[1]
    const wrong = files.flatMap((file) => {
      const floor = floorOf(file)
      if (floor === undefined) return []
      return importsOf(file)
        .map(({ what }) => floorOf(resolve(dirname(file), what)))
        .filter((below) => below !== undefined && below !== floor && !FLOORS[floor]!.includes(below))
        .map((below) => `${relative(SRC, file)} → core/${below}`)
    })
    expect(wrong).toEqual([])
  })

  it('has no circles, not even of types', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file).flatMap(({ what }) => (what.startsWith('.') ? [resolve(dirname(file), what)] : [])),
      ]),
    )
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file))
        circles.push([...path.slice(path.indexOf(file)), file].map((one) => relative(SRC, one)).join(' → '))
      if (path.includes(file) || done.has(file)) return
      for (const next of graph.get(file) ?? []) visit(next, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  it('keeps the rules pure: no clock, no randomness, no timers in core', () => {
    const impure =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\b|\bsetTimeout\b|\bsetInterval\b|\bprocess\b|\bfetch\(/
    const code = (file: string) => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    expect(
      files.filter((file) => partOf(file) === 'core' && impure.test(code(file))).map((file) => relative(SRC, file)),
    ).toEqual([])
  })

  it('reads arguments, environment, the real clock and signals in main.ts alone', () => {
    const process = /\bprocess\.(argv|env|on|once|exit)\b|\bDate\.now\b/
    const code = (file: string) => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    expect(files.filter((file) => process.test(code(file))).map((file) => relative(SRC, file))).toEqual(['main.ts'])
  })

  it('calls the wall clock now, and the monotonic one ticks', () => {
    const mixed = /\bnow(: \(\) =>|\(\):|:) (Millis|number)\b|\bnow(:| =) [\w.]*ticks\b/
    expect(files.filter((file) => mixed.test(readFileSync(file, 'utf8'))).map((file) => relative(SRC, file))).toEqual(
      [],
    )
  })

  it('has its words in tables: what asks for one language by name gives the others to any third', () => {
    const asking = /[!=]== '(fr|en)'/
    expect(files.filter((file) => asking.test(readFileSync(file, 'utf8'))).map((file) => relative(SRC, file))).toEqual(
      [],
    )
  })

  it('has no file over 300 lines', () => {
    expect(
      files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 301).map((file) => relative(SRC, file)),
    ).toEqual([])
  })

  it('has no dumping ground', () => {
    const dumps = /(^|\/)(utils?|helpers?|common|misc|types|lib|shared)(\.ts$|\/)/
    expect(files.map((file) => relative(SRC, file)).filter((name) => dumps.test(name))).toEqual([])
  })

  it('has no any and no enum', () => {
    const code = (file: string) => readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    expect(
      files
        .filter((file) => /(:|\bas|<)\s*any\b|^\s*(export )?(const )?enum /m.test(code(file)))
        .map((file) => relative(SRC, file)),
    ).toEqual([])
  })

  it('loads the library of a protocol with its first look, not before', () => {
    const early = /^(?:import|export) (?!type )[^'"]*from '(?!node:|\.)/m
    const looking = files.filter((file) => ['probes', 'net'].includes(partOf(file)))
    expect(looking.length).toBeGreaterThan(50)
    expect(looking.filter((file) => early.test(readFileSync(file, 'utf8'))).map((file) => relative(SRC, file))).toEqual(
      [],
    )
  })

  it('compares kinds of checks by name in probes/ and demo/ alone', () => {
    const names = Object.keys(kinds)
    expect(names.length).toBeGreaterThan(5)
    const others = files.filter((file) => !['probes', 'demo'].includes(partOf(file)) && !/witness|blindness/.test(file))
    const asking = others.filter((file) =>
      names.some((kind) => readFileSync(file, 'utf8').includes(`kind === '${kind}'`)),
    )
    expect(asking.map((file) => relative(SRC, file))).toEqual([])
  })

  it('has for each kind a title in every language, and what it proves to members or that it proves nothing', () => {
    const names = Object.keys(kinds)
    const service = { checks: [] as Service['checks'] } as Service
    const titled = (kind: string, language: Language) => checkTitle({ id: 'any.any', kind }, service, language)
    const untitled = LANGUAGES.flatMap((language) =>
      names
        .filter((kind) => titled(kind, language) === titled('none', language))
        .map((kind) => `${kind} (${language})`),
    )
    expect(untitled).toEqual([])
    expect(names.filter((kind) => !(kind in BY_WORD) && !(kind in BY_TRIP))).toEqual([])
  })
})
