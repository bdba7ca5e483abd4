// `vigie init`: what it asks before it writes, what it leaves alone, and what it returns.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answer } from 'dns-packet'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { dispatch } from '../../src/cli/dispatch.ts'
import { type Names, openNames } from '../servers/names.ts'
import { createHost, vigie } from './host.ts'

const RECORDS: readonly Answer[] = [
  { type: 'MX', name: 'asso.test', ttl: 60, data: { preference: 10, exchange: 'mx.asso.test' } },
  {
    type: 'SRV',
    name: '_imaps._tcp.asso.test',
    ttl: 60,
    data: { priority: 0, weight: 0, port: 993, target: 'mail.asso.test' },
  },
]

const NXDOMAIN = 3
const REFUSED = 5

let names: Names
let root: string
let checks: string
beforeAll(async () => {
  names = await openNames((name, type) => ({
    answers: RECORDS.filter((record) => record.name === name && record.type === type),
  }))
})
afterAll(() => names.close())
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vigie-init-'))
  checks = join(root, 'new', 'checks')
  return () => rmSync(root, { recursive: true })
})

const line = (...more: string[]) => [
  'init',
  'Asso.test.',
  '--checks',
  checks,
  '--resolver',
  `127.0.0.1:${names.port}`,
  ...more,
]

/** At a terminal where this is answered. */
async function asked(answer: string | null) {
  const { host, written } = createHost({ columns: 100 })
  const questions: string[] = []
  const ask = async (question: string) => {
    questions.push(question)
    return answer
  }
  return { code: await dispatch(line(), { ...host, ask }), questions, ...written }
}

describe('vigie init', () => {
  it('writes with --yes what `vigie config` takes, and shows what it found and what not', async () => {
    const { code, out, err } = await vigie(line('--yes'))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/mail +E-mail +2 +MX mx\.asso\.test, SRV records/)
    expect(out).toContain('Not found:\n')
    expect(out).toContain(`vigie config --checks ${checks}`)
    expect(readdirSync(checks).sort()).toEqual(['domain.yaml', 'mail.yaml', 'site.yaml'])
    expect((await vigie(['config', '--checks', checks, '--data', join(root, 'data')])).code).toBe(0)
  })

  it.each([
    ['y', 0],
    ['oui', 0],
    ['', 1],
    ['n', 1],
    [null, 1],
  ])('asks first at a terminal: %j', async (answer, code) => {
    const ran = await asked(answer)
    expect(ran.code).toBe(code)
    expect(ran.questions).toEqual([`\nWrite 3 files to ${checks}? [y/N] `])
    expect(code === 0 ? readdirSync(checks) : readdirSync(root)).toHaveLength(code === 0 ? 3 : 0)
  })

  it('writes where nobody can be asked, and leaves alone what is there', async () => {
    const { code, err } = await vigie(line())
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(readdirSync(checks)).toHaveLength(3)
    writeFileSync(join(checks, 'mail.yaml'), 'mine')
    expect((await vigie(line())).code).toBe(1)
    expect(readFileSync(join(checks, 'mail.yaml'), 'utf8')).toBe('mine')
  })

  it('leaves alone what is there, and overwrites it with --force', async () => {
    await vigie(line('--yes'))
    writeFileSync(join(checks, 'mail.yaml'), 'mine')
    const { code, err } = await vigie(line('--yes'))
    expect(code).toBe(1)
    expect(err).toMatch(/holds .*mail\.yaml.* already: nothing was written/)
    expect(readFileSync(join(checks, 'mail.yaml'), 'utf8')).toBe('mine')
    expect((await vigie(line('--yes', '--force'))).code).toBe(0)
    expect(readFileSync(join(checks, 'mail.yaml'), 'utf8')).toContain('service:')
  })

  it('says with --json what it found, and writes nothing', async () => {
    const { code, out } = await vigie(line('--json', '--yes'))
    expect(code).toBe(0)
    const said = JSON.parse(out)
    expect(said).toMatchObject({ domain: 'asso.test', found: [{ id: 'mail' }, { id: 'domain' }] })
    expect(said.missing.length).toBeGreaterThan(2)
    expect(readdirSync(root)).toEqual([])
  })

  it('says in a line that it can’t write', async () => {
    writeFileSync(join(root, 'new'), 'a file')
    const { code, err } = await vigie(line('--yes'))
    expect(code).toBe(1)
    expect(err).toMatch(/^vigie init: can’t write to .*\n$/)
  })

  it('finds nothing with 1, and refuses what is no domain with 2', async () => {
    const nothing = await vigie(['init', 'other.test', '--resolver', `127.0.0.1:${names.port}`, '--yes'])
    expect(nothing.code).toBe(1)
    expect(nothing.err).toMatch(/^Nothing was found for other\.test: nothing was written\./)
    for (const word of ['https://asso.test/', 'localhost', '192.0.2.1', 'a b', '']) {
      expect((await vigie(['init', word])).code).toBe(2)
    }
    expect((await vigie(['init', 'a.test', 'b.test'])).code).toBe(2)
  })

  it.each([
    ['is silent', REFUSED, 'does not answer about other.test (EREFUSED)'],
    ['knows no such name', NXDOMAIN, 'there is no domain other.test'],
  ])('claims nothing of the domain where the resolver %s', async (_, rcode, said) => {
    const resolver = await openNames(() => ({ rcode }))
    const { code, out, err } = await vigie(['init', 'other.test', '--resolver', `127.0.0.1:${resolver.port}`])
    await resolver.close()
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(said)
    expect(err).toContain(`127.0.0.1:${resolver.port}`)
  })

  it('says that more may be there where some questions had no answer', async () => {
    const resolver = await openNames((name, type) =>
      type === 'SRV'
        ? { rcode: REFUSED }
        : { answers: RECORDS.filter((one) => one.name === name && one.type === type) },
    )
    const { out } = await vigie(['init', 'asso.test', '--resolver', `127.0.0.1:${resolver.port}`])
    await resolver.close()
    expect(out).toMatch(/more: the resolver left \d+ questions unanswered/)
  })
})
