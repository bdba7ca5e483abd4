// The program itself, as people and systemd start it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { folderWith, SITE } from './folders.ts'

const WEB = 'service: Web\nchecks: [{ heartbeat: 1h }]\n'

const started: ChildProcess[] = []

/** As `npm test` does first; whoever runs one file alone gets no old build either. */
beforeAll(() => {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
})

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

test('A pipe gets no colours, text on stdout, complaints on stderr, and the exit code.', async () => {
  expect(await ended(start(['--help']))).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^vigie watches/),
  })
  expect(await ended(start(['chek']))).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('did you mean "check"?'),
  })
  const checks = folderWith({ 'site.yaml': `${SITE}grups: []\n` })
  const { code, out, err } = await ended(start(['config', '--checks', checks]))
  expect(code).toBe(2)
  expect(out).toContain(`${checks}/site.yaml:3:1: unknown key "grups"`)
  expect(out + err).not.toContain('\x1b')
})

test('A reader who has seen enough ends it quietly.', async () => {
  const child = start(['check', '--json', '--checks', 'checks'])
  child.stdout!.destroy()
  const { code, err } = await ended(child)
  expect([code, err]).toEqual([0, ''])
})

test('vigie status needs neither the database nor the web server.', async () => {
  const loaded = folderWith({
    'hook.mjs': `import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent(\`
  export function resolve(name, context, next) {
    if (/^(better-sqlite3|fastify|yaml|nodemailer|eta)/.test(name)) throw new Error('loads ' + name)
    return next(name, context)
  }\`))`,
  })
  const { code, err } = await ended(start(['status', '--data', loaded], ['--import', join(loaded, 'hook.mjs')]))
  expect(code).toBe(1)
  expect(err).toContain(`vigie status: no vigie runs on ${loaded}, and none left a page there\n`)
})

test('A Node that is too old is told so before anything else is loaded.', async () => {
  const old = folderWith({
    'old.mjs': `Object.defineProperty(process.versions, 'node', { value: '18.19.0' })`,
  })
  const { code, out, err } = await ended(start(['run'], ['--import', join(old, 'old.mjs')]))
  expect([code, out]).toEqual([1, ''])
  expect(err).toBe('vigie needs Node.js 20.19 or newer; this is 18.19.0. See https://nodejs.org/\n')
})

test('run serves the page, tells where, refuses a second one, reads again on SIGHUP and stops cleanly.', async () => {
  const checks = folderWith({ 'site.yaml': SITE, 'web.yaml': WEB })
  const data = join(folderWith(), 'data')
  const options = ['--checks', checks, '--data', data, '--listen', '127.0.0.1:0']
  const child = start(['run', ...options])
  const text = collect(child)
  const [, url] = await heard(text, 'out', /^The page: (http:\/\/127\.0\.0\.1:\d+)\/?$/m)
  expect(text.out).toMatch(/^vigie watches Essai from site home: 1 service, 1 check\.\n/)
  expect(text.out).toContain('`vigie status`')
  expect(text.err).toContain('warning: no witnesses')
  expect(JSON.parse(readFileSync(join(data, 'run.json'), 'utf8'))).toMatchObject({ pid: child.pid })
  expect((await fetch(new URL('/en/', url))).status).toBe(200)

  const status = await ended(start(['status', '--data', data, '--json']))
  expect([status.code, status.err]).toEqual([1, ''])
  expect(JSON.parse(status.out)).toMatchObject({ version: 1, site: 'home' })

  const second = await ended(start(['run', ...options]))
  expect([second.code, second.out]).toEqual([1, ''])
  expect(second.err).toContain(`the vigie with pid ${child.pid} has ${data}`)

  writeFileSync(join(checks, 'mail.yaml'), WEB)
  child.kill('SIGHUP')
  await heard(text, 'err', /^\S+Z info +configuration read: 2 services, 2 checks$/m)

  child.kill('SIGTERM')
  expect(await ended(child)).toMatchObject({ code: 0 })
})

test('run with mistakes prints them and starts nothing.', async () => {
  const checks = folderWith({ 'site.yaml': `${SITE}grups: []\n` })
  const data = join(folderWith(), 'data')
  const { code, out, err } = await ended(start(['run', '--checks', checks, '--data', data]))
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain(`${checks}/site.yaml:3:1: unknown key "grups" (did you mean "groups"?)`)
})

test('run on an address that is taken says so and lets the folder go.', async () => {
  const checks = folderWith({ 'site.yaml': SITE, 'web.yaml': WEB })
  const first = start(['run', '--checks', checks, '--data', join(folderWith(), 'data'), '--listen', '127.0.0.1:0'])
  const [, port] = await heard(collect(first), 'out', /^The page: http:\/\/127\.0\.0\.1:(\d+)/m)
  const data = join(folderWith(), 'data')
  const { code, err } = await ended(start(['run', '--checks', checks, '--data', data, '--listen', `127.0.0.1:${port}`]))
  expect(code).toBe(1)
  expect(err).toContain(`can’t listen on 127.0.0.1:${port}: something else listens there`)
})

interface Text {
  out: string
  err: string
}

const texts = new WeakMap<ChildProcess, Text>()

function start(argv: readonly string[], node: readonly string[] = []): ChildProcess {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('VIGIE_'))
  const child = spawn(process.execPath, [...node, 'dist/main.js', ...argv], { env: Object.fromEntries(environment) })
  started.push(child)
  collect(child)
  return child
}

/** What it has printed so far. */
function collect(child: ChildProcess): Text {
  const known = texts.get(child)
  if (known !== undefined) return known
  const text: Text = { out: '', err: '' }
  child.stdout!.setEncoding('utf8').on('data', (part: string) => {
    text.out += part
  })
  child.stderr!.setEncoding('utf8').on('data', (part: string) => {
    text.err += part
  })
  texts.set(child, text)
  return text
}

async function heard(text: Text, where: 'out' | 'err', pattern: RegExp): Promise<RegExpExecArray> {
  for (let tries = 0; tries < 500; tries++) {
    const found = pattern.exec(text[where])
    if (found !== null) return found
    await sleep(20)
  }
  throw new Error(`${pattern} did not come; heard so far:\n${text.out}\n${text.err}`)
}

async function ended(child: ChildProcess): Promise<Text & { readonly code: number | null }> {
  const text = collect(child)
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
  return { code: child.exitCode, ...text }
}
