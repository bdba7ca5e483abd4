import { expect, test } from 'vitest'
import { commands } from '../../src/cli/index.ts'
import { widthOf } from '../../src/cli/terminal/width.ts'
import { folderWith } from './folders.ts'
import { vigie } from './host.ts'

const KEYS = ['A', 'B'].map((letter) => `ed25519:${letter.repeat(42)}A=`)
const NAMES = commands.map(({ name }) => name)

test.each([[[]], [['--help']], [['-h']], [['help']]])('vigie %j lists every command.', async (argv) => {
  const { code, out, err } = await vigie(argv)
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/^Usage: vigie COMMAND \[OPTION…\]$/m)
  for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
})

test.each(NAMES)('vigie %s --help and vigie help say the same, and all of it.', async (name) => {
  const { code, out, err } = await vigie([...name.split(' '), '--help'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(new RegExp(`^Usage: vigie ${name}`))
  for (const part of ['Exit code 0', '--checks DIR', 'VIGIE_DATA', 'Examples']) expect(out).toContain(part)
  expect((await vigie(['help', ...name.split(' ')])).out).toBe(out)
  const command = await commands.find((listed) => listed.name === name)!.load()
  for (const option of command.options) expect(out).toContain(`--${option}`)
})

test.each([40, 80, 200])('Help fits a screen of %i columns.', async (columns) => {
  for (const argv of [[], ...NAMES.map((name) => ['help', ...name.split(' ')])]) {
    const { out } = await vigie(argv, { columns, environment: { NO_COLOR: '1' } })
    // What is to be typed stays on one line.
    const example = (line: string) => /^( {2}(vigie|VIGIE_|curl) ?|Usage: )/.test(line)
    for (const line of out.split('\n')) if (!example(line)) expect(widthOf(line)).toBeLessThanOrEqual(columns)
  }
})

test.each([
  [['stats'], 'vigie: unknown command "stats": did you mean "status"?'],
  [['chek', 'mail'], 'vigie: unknown command "chek": did you mean "check"?'],
  [['alert'], 'vigie: unknown command "alert": did you mean "alert test"?'],
  [['alert', 'tset'], 'vigie: unknown command "alert tset": did you mean "alert test"?'],
  [['xyzzy'], 'vigie: unknown command "xyzzy"'],
  [['help', 'stats'], 'vigie: unknown command "stats": did you mean "status"?'],
  [['--vresion'], 'vigie: unknown option --vresion: did you mean --version?'],
  [['status', '--jsn'], 'vigie status: unknown option --jsn: did you mean --json?'],
  [['check', '-x'], 'vigie check: unknown option -x'],
  [['run', '--json'], 'vigie run: it takes no --json'],
  [['run', 'now'], 'vigie run: it takes no words: "now"'],
  [['run', '--data'], 'vigie run: --data needs a value: --data DIR'],
  [['run', '--data', '--listen', 'x'], 'vigie run: --data needs a value: --data DIR'],
  [['run', '--data='], 'vigie run: --data needs a value: --data DIR'],
  [['status', '--json=yes'], 'vigie status: --json takes no value'],
])('vigie %j is wrong use, and says what was meant.', async (argv, line) => {
  const { code, out, err } = await vigie(argv)
  expect([code, out, err.split('\n')[0]]).toEqual([2, '', line])
  expect(err).toMatch(/`vigie.* --help` /)
})

test('The help of half a name is that of the whole.', async () => {
  expect((await vigie(['help', 'alert'])).out).toMatch(/^Usage: vigie alert test/)
})

test.each(['incident', 'maintenance', 'admin', 'twin'])('The help of %s lists all that begin so.', async (first) => {
  const { code, out } = await vigie([first, '--help'])
  const listed = [...out.matchAll(/^ {2}(\S+ \S+) /gm)].map(([, name]) => name)
  expect([code, listed]).toEqual([0, NAMES.filter((name) => name.startsWith(`${first} `))])
  expect((await vigie(['help', first])).out).toBe(out)
})

test('The version is that of package.json.', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
  for (const flag of ['--version', '-V'])
    expect(await vigie([flag])).toMatchObject({ code: 0, out: `vigie ${manifest.version}\n` })
})

test('Whoever names the data of a vigie that runs need not name its checks/ nor its site, and still may.', async () => {
  const configured = (service: string) =>
    folderWith({
      'site.yaml': 'name: Essai\ndomain: nomagic.example\nsites: { home: {} }\n',
      [`${service}.yaml`]: `service: ${service}\nchecks: [ { http: "https://${service}.nomagic.example/" } ]\n`,
    })
  const [its, other] = [configured('wiki'), configured('shop')]
  const word = { pid: process.pid, url: 'http://127.0.0.1:1', checks: its, site: 'home' }
  const data = folderWith({ 'run.json': JSON.stringify(word) })
  const services = async (words: readonly string[], environment = {}) =>
    /services +(.*)/.exec((await vigie(['config', ...words], { environment })).out)?.[1]
  expect(await services(['--data', data])).toBe('wiki')
  expect(await services([], { VIGIE_DATA: data })).toBe('wiki')
  expect(await services(['--data', data, '--checks', other])).toBe('shop')
  expect(await services(['--data', data], { VIGIE_CHECKS: other })).toBe('shop')
  const gone = folderWith({ 'run.json': JSON.stringify({ ...word, checks: '/no/such/folder' }) })
  expect((await vigie(['config', '--data', gone, '--checks', other])).code).toBe(0)
  const renamed = folderWith({ 'run.json': JSON.stringify({ ...word, site: 'elsewhere' }) })
  expect(await services(['--data', renamed])).toBe('wiki')
  expect((await vigie(['config', '--data', renamed, '--site', 'elsewhere'])).code).toBe(2)
  const two = folderWith({
    'site.yaml': `name: Essai\nsites: { a: { key: "${KEYS[0]}" }, b: { url: "https://b.test", key: "${KEYS[1]}" } }\n`,
    'web.yaml': 'service: web\nchecks: [ { http: "https://web.nomagic.example/" } ]\n',
  })
  const second = folderWith({ 'run.json': JSON.stringify({ ...word, checks: two, site: 'b' }) })
  for (const words of [[], ['--checks', two]])
    expect((await vigie(['config', '--data', second, ...words])).out).toContain('b (this one), a')
  expect((await vigie(['config', '--data', second, '--site', 'a'])).out).toContain('a (this one), b')
  const killed = folderWith({ 'run.json': JSON.stringify({ ...word, pid: 2 ** 22 + 1 }) })
  expect((await vigie(['config', '--data', killed], { environment: {} })).out).not.toContain('wiki')
})
