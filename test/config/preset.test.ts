// `preset:`: one entry that stands for a software's checks.
import { describe, expect, it } from 'vitest'
import { kinds } from '../../src/probes/index.ts'
import { briefly, folderOf, readFiles, readFrom, SITE } from './folders.ts'

const service = (preset: string) => ({ 'pads.yaml': `service: Pads\ndepends: []\nchecks:\n${preset}` })
const read = (preset: string) => readFiles(service(preset), { kinds })

describe('a preset', () => {
  it('stands for its checks, under its ids, at its address', () => {
    const { configuration, mistakes } = read('  - preset: hedgedoc\n    url: https://pads.${domain}/\n')
    expect(mistakes).toEqual([])
    expect(configuration!.services[0]!.checks).toMatchObject([
      { id: 'pads.health', kind: 'http', target: 'https://pads.nomagic.test/_health', proves: 'open' },
      { id: 'pads.database', target: 'https://pads.nomagic.test/status', proves: 'write', rule: { every: 300_000 } },
    ])
  })

  it('beside `checks` is shown to its place', () => {
    const misplaced = readFiles(
      { 'pads.yaml': 'service: Pads\npreset: hedgedoc\nchecks: [{ heartbeat: 1h }]\n' },
      { kinds },
    )
    expect(briefly(misplaced)).toEqual(['pads.yaml:2:1: `preset` stands under `checks`'])
  })

  it('goes by its other names', () => {
    const { configuration } = read('  - preset: etherpad-lite\n    url: https://pads.nomagic.test\n')
    expect(configuration!.services[0]!.checks.map(({ id }) => id)).toEqual(['pads.health'])
  })

  it('looks deeper with what it is told, which may hold anything', () => {
    const pad = "  - preset: etherpad\n    url: https://pads.nomagic.test\n    pad: 'a b/${x'\n    text: Hi\n"
    expect(briefly(read(pad))).toEqual(['pads.yaml:6:10: "${" without its "}"'])
    const { configuration } = read(pad.replace('${x', () => '$${x}'))
    expect(configuration!.services[0]!.checks[1]!.target).toBe(
      'https://pads.nomagic.test/p/a%20b%2F%24%7Bx%7D/export/txt',
    )
  })

  it('takes common keys for all of its checks, an id before theirs, and a choice of them', () => {
    const { configuration } = read(
      '  - preset: hedgedoc\n    url: https://pads.nomagic.test\n    id: old\n    every: 2m\n    only: [database]\n    essential: true\n',
    )
    expect(configuration!.services[0]!.checks).toMatchObject([
      { id: 'pads.old-database', essential: true, rule: { every: 120_000 } },
    ])
  })

  it('may stand twice in a service only under two ids', () => {
    const one = '  - preset: lutim\n    url: https://pads.nomagic.test\n'
    expect(briefly(read(one + one))).toEqual(['pads.yaml:6:5: the id "uploads" is here twice'])
    expect(read(`${one}${one}    id: other\n`).mistakes).toEqual([])
  })

  it.each([
    ['  - preset: hedgedok\n    url: https://x.test\n', 'pads.yaml:4:5: unknown preset "hedgedok"'],
    ['  - preset: hedgedoc\n', 'pads.yaml:4:5: HedgeDoc needs `url: https://…`'],
    ['  - preset: hedgedoc\n    url: nowhere\n', 'pads.yaml:5:10: url is not a URL'],
    ['  - preset: hedgedoc\n    url: https://x.test\n    evry: 5m\n', 'pads.yaml:6:5: unknown key "evry"'],
    ['  - preset: hedgedoc\n    url: https://x.test\n    every: often\n', 'pads.yaml:6:12: every must be a duration'],
    ['  - preset: keycloak\n    url: https://x.test\n', 'pads.yaml:4:5: this preset looks at nothing without realm'],
    [
      '  - preset: etherpad\n    url: https://x.test\n    only: []\n',
      'pads.yaml:6:11: only is empty: name health or pad',
    ],
    [
      '  - preset: etherpad\n    url: https://x.test\n    only: [healt]\n',
      'pads.yaml:6:12: only, entry 1, must be health or pad, not "healt"',
    ],
    ['  - preset: ssh\n', 'pads.yaml:4:5: SSH needs `host: …`'],
  ])('says what is wrong with it: %j', (preset, expected) => {
    const [first, ...more] = briefly(read(preset))
    expect(first).toContain(expected)
    expect(more).toEqual([])
  })

  it('keeps a missing secret a warning and its checks unusable, and hides one that is there', () => {
    const preset = '  - preset: dolibarr\n    url: https://x.test\n    token: "${secret:key}"\n    only: [api]\n'
    const without = read(preset)
    expect(without.mistakes).toEqual([])
    expect(without.configuration!.services[0]!.checks[0]!.unusable).toBe('the secret "key" is missing')
    const root = folderOf({
      'checks/site.yaml': SITE,
      'checks/pads.yaml': service(preset)['pads.yaml'],
      'data/secrets/key': 'hush',
    })
    const { plans } = readFrom(root, { kinds })
    expect([...plans.values()][0]!.secrets).toContain('hush')
  })
})
