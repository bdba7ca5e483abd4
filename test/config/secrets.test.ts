// Secrets: where they come from, and that they never show.
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatMistake } from '../../src/config/mistake.ts'
import { openSecrets } from '../../src/config/secrets.ts'
import { briefly, folderOf, readFiles, readFrom, SITE } from './folders.ts'

const CANARY = 'canary/7f3a@x'

function place(name: string, value: string, mode = 0o600): string {
  const data = mkdtempSync(join(tmpdir(), 'vigie-secret-'))
  mkdirSync(join(data, 'secrets'))
  writeFileSync(join(data, 'secrets', name), value)
  chmodSync(join(data, 'secrets', name), mode)
  return data
}

describe('a secret', () => {
  it('comes from the credentials directory, else the environment, else the data folder', () => {
    const data = place('my-relay', 'from data\n')
    const credentials = join(place('my-relay', 'from credentials\r\n'), 'secrets')
    const variable = { VIGIE_SECRET_MY_RELAY: 'from environment' }
    const found = (environment: Record<string, string>) => openSecrets(environment, data).find('my-relay').value
    expect(found({ ...variable, CREDENTIALS_DIRECTORY: credentials })).toBe('from credentials')
    expect(found({ ...variable, CREDENTIALS_DIRECTORY: '/nowhere' })).toBe('from environment')
    expect(found({})).toBe('from data')
  })

  it('loses one newline at its end and nothing else', () => {
    expect(openSecrets({}, place('a', ' x \n\n')).find('a').value).toBe(' x \n')
  })

  it('is missing when it is empty, a folder, or nowhere', () => {
    const data = place('empty', '')
    mkdirSync(join(data, 'secrets', 'folder'))
    for (const name of ['empty', 'folder', 'nowhere']) expect(openSecrets({}, data).find(name).value).toBeNull()
  })

  it('that everybody can read is a mistake where it is used, with the remedy', () => {
    const root = folderOf({
      'checks/site.yaml': SITE,
      'checks/web.yaml': 'service: Web\nchecks:\n  - http: https://a.example/\n    contains: ${secret:word}\n',
      'data/secrets/word': CANARY,
    })
    const path = join(root, 'data/secrets/word')
    expect(readFrom(root).mistakes).toEqual([])
    chmodSync(path, 0o640)
    expect(readFrom(root).mistakes).toEqual([])
    chmodSync(path, 0o644)
    expect(readFrom(root).mistakes).toMatchObject([
      {
        line: 4,
        column: 15,
        message: 'everybody on this machine can read the secret "word"',
        hint: `chmod o-r ${path}`,
      },
    ])
  })
})

describe('a missing secret', () => {
  it('is a warning where it is used, and its check can’t be looked at', () => {
    const reading = readFiles({
      'web.yaml':
        'service: Web\nchecks:\n  - http: https://a.example/\n    login: { user: me, password: "${secret:pw}" }\n  - tcp: a.example:80\n',
    })
    expect(briefly(reading)).toEqual([])
    expect(reading.warnings).toContainEqual(
      expect.objectContaining({ line: 4, column: 34, message: expect.stringContaining('the secret "pw" is missing') }),
    )
    const [first, second] = reading.configuration!.services[0]!.checks
    expect(first?.unusable).toBe('the secret "pw" is missing')
    expect(second?.unusable).toBeNull()
  })

  it('in a target makes no mistake of its own', () => {
    const reading = readFiles({
      'web.yaml': 'service: Web\nchecks:\n  - http: ${secret:url}\n  - tcp: ${secret:host}:80\n',
    })
    expect(briefly(reading)).toEqual([])
    expect(reading.configuration?.services[0]?.checks.map(({ target }) => target)).toEqual([
      '${secret:url}',
      '${secret:host}:80',
    ])
  })

  it('in a relay leaves that relay out', () => {
    const site = `${SITE}mail: { from: a@b.example, relays: ["smtps://u:\${secret:gone}@one.example", "smtp://two.example"] }\ndeadman: \${secret:gone}\n`
    const { configuration } = readFiles({
      'site.yaml': site,
      'web.yaml': 'service: Web\nchecks:\n  - tcp: a.example:80\n',
    })
    expect(configuration?.mail?.relays.map(({ name }) => name)).toEqual(['smtp://two.example:25'])
    expect(configuration?.mail?.leftOut).toEqual([
      'smtps://u:${secret:gone}@one.example is left out: without the secret "gone" (data/secrets/gone) it can\'t be used',
    ])
    expect(configuration?.deadman).toBeNull()
  })
})

describe('the value of a secret', () => {
  const environment = { VIGIE_SECRET_CANARY: CANARY }

  it('is in no mistake and no warning, wherever it was put', () => {
    const all = [
      'id',
      'every',
      'timeout',
      'fall',
      'family',
      'connect',
      'depends',
      'expires_in',
      'essential',
      'audience',
      'from',
      'ca',
      'method',
      'headers',
      'login',
      'redirects',
      'status',
      'contains',
    ]
    const keys = all.map((key) => `    ${key}: forbidden \${secret:canary}\n`).join('')
    const site = [
      'name',
      'timezone',
      'contact',
      'listen',
      'proxy',
      'deadman',
      'replica',
      'witnesses',
      'sites',
      'groups',
      'languages',
    ]
      .map((key) => `${key}: "\${secret:canary}"\n`)
      .join('')
    const files = {
      'site.yaml': `${site}mail: { from: "\${secret:canary}", relays: ["\${secret:canary}", "smtp://\${secret:canary}", "smtp://\${secret:canary}@h:x"] }\nalerts: [{ email: "\${secret:canary}", on: "\${secret:canary}" }]\n`,
      'web.yaml': `service: "\${secret:canary}"\nurl: https://\${secret:canary}/\ngroup: \${secret:canary}\nchecks:\n  - http: https://\${secret:canary}@x/\n${keys}  - tcp: \${secret:canary}\n  - dns: \${secret:canary}\n  - heartbeat: \${secret:canary}\n`,
    }
    const { mistakes, warnings } = readFiles(files, { environment })
    expect(mistakes.length).toBeGreaterThan(30)
    const said = [...mistakes, ...warnings].map(formatMistake).join('\n')
    expect(said).not.toContain(CANARY)
    expect(said).not.toContain(encodeURIComponent(CANARY))
    expect(said).not.toContain('7f3a')
  })

  it('is used but not shown: the target names it, what a kind complains of is blotted out', () => {
    const checks = 'service: Web\nchecks:\n  - http: https://a.example/${secret:canary}\n'
    const reading = readFiles({ 'web.yaml': checks }, { environment })
    expect(JSON.stringify([reading.configuration, reading.warnings])).not.toContain('7f3a')
    expect(reading.configuration?.services[0]?.checks[0]?.target).toBe('https://a.example/${secret:canary}')
    expect(reading.plans.get('web.http')?.secrets).toEqual([CANARY, encodeURIComponent(CANARY)])
    const complained = readFiles(
      { 'web.yaml': `${checks}    contains: forbidden \${secret:canary}\n` },
      { environment },
    )
    expect(complained.mistakes.map(({ message }) => message)).toEqual(['contains forbidden …'])
  })
})
