// The catalogue: every preset is a sound configuration, and says what it doesn't see.
import { describe, expect, it } from 'vitest'
import { presets } from '../../src/presets/index.ts'
import { kinds } from '../../src/probes/index.ts'
import { briefly, readFiles } from '../config/folders.ts'

/** What Nomagic runs. */
const NOMAGIC =
  'sogo openfire synapse seafile onlyoffice lufi lutim framadate turtl etherpad hedgedoc wallabag postfix dovecot proxmox'

describe('the presets', () => {
  it('know what Nomagic runs', () => {
    expect(Object.keys(presets)).toEqual(expect.arrayContaining(NOMAGIC.split(' ')))
  })

  it('go by names that are theirs alone', () => {
    const names = Object.entries(presets).flatMap(([id, { also = [] }]) => [id, ...also])
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  describe.each(Object.entries(presets))('%s', (name, preset) => {
    const place = { url: 'url: https://x.nomagic.test/', host: 'host: x.nomagic.test', domain: 'domain: nomagic.test' }
    const read = (more: string) =>
      readFiles(
        { 'one.yaml': `service: One\nchecks:\n  - preset: ${name}\n    ${place[preset.at]}\n${more}` },
        { kinds },
      )
    const told = Object.keys(preset.options ?? {}).map((option) => `    ${option}: ${VALUES[option] ?? 'word'}\n`)

    it('is sound with all that it can be told', () => {
      const reading = read(
        `    login: { user: probe, password: secret }\n${told.join('')}`.replace(loginless(preset), ''),
      )
      expect(briefly(reading)).toEqual([])
      expect(reading.configuration!.services[0]!.checks.map(({ id }) => id)).toEqual(
        preset.checks.map(({ id }) => `one.${id}`),
      )
    })

    it('is sound with nothing but its place, or says what it wants', () => {
      const found = briefly(read(''))
      const [first] = preset.checks
      expect(found).toEqual(
        first!.needs?.length ? [`one.yaml:3:5: this preset looks at nothing without ${first!.needs.join()}`] : [],
      )
    })

    it('fills all of its blanks from what it can be told', () => {
      const blanks = [...JSON.stringify(preset.checks).matchAll(/\{([a-z]+)(?:\.\w+)?(?::\w+)?\}/g)].map(
        ([, one]) => one,
      )
      const fillable = [
        'login',
        preset.at,
        ...(preset.at === 'url' ? ['host'] : []),
        ...Object.keys(preset.options ?? {}),
      ]
      expect(blanks.filter((blank) => !fillable.includes(blank!))).toEqual([])
    })

    it('says what it misses', () => {
      expect(preset.misses.length).toBeGreaterThan(10)
    })
  })
})

const VALUES: Readonly<Record<string, string>> = {
  bosh: 'https://x.nomagic.test/http-bind/',
  websocket: 'wss://x.nomagic.test/ws/',
  token: '"user@pve!name=00000000-0000-0000-0000-000000000000"',
  repository: 'some/thing',
}

/** A login where no check wants one would be an idle key. */
function loginless(preset: (typeof presets)[string]): RegExp | string {
  return preset.checks.some(({ needs }) => needs?.includes('login')) ? '' : /^ {4}login:.*\n/m
}
