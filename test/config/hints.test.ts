// What was meant: by a misspelt word, by a duration, by a placeholder.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nearest } from '../../src/config/nearest.ts'
import { readFiles, SERVICE, SITE } from './folders.ts'

const TOP =
  'name domain languages timezone about contact groups sites witnesses path policy mail alerts listen proxy metrics security deadman admin drafts replica publish'.split(
    ' ',
  )

describe('a misspelt key', () => {
  it.each(TOP)('%s is recognised with a letter doubled, lost or swapped', (key) => {
    const slips = [
      key.slice(0, 2) + key[1] + key.slice(2),
      key.slice(0, 2) + key.slice(3),
      key[1]! + key[0] + key.slice(2),
    ]
    for (const slip of slips.filter((word) => !TOP.includes(word))) {
      const { mistakes } = readFiles({ 'site.yaml': `${SITE}${slip}: 1\n`, 'web.yaml': SERVICE })
      expect(mistakes).toMatchObject([{ line: 4, column: 1, message: `unknown key "${slip}"` }])
      if (slip.length > 3) expect(mistakes[0]?.hint).toBe(`did you mean "${key}"?`)
    }
  })

  it('with capitals or hyphens is recognised', () => {
    expect(nearest('expires-in', ['every', 'expires_in'])).toBe('expires_in')
    expect(nearest('expiresIn', ['every', 'expires_in'])).toBe('expires_in')
  })

  it('that is right is not taken for a needed one that is missing', () => {
    const { mistakes } = readFiles({ 'site.yaml': 'name: X\nlisten: "127.0.0.1:8080"\n', 'web.yaml': SERVICE })
    expect(mistakes.map(({ message }) => message)).toEqual(['site.yaml needs `sites`'])
  })

  it('that resembles nothing gets no hint', () => {
    expect(nearest('zebra', TOP)).toBeNull()
    expect(nearest('x', TOP)).toBeNull()
  })

  it('is never said to be itself', () => {
    fc.assert(fc.property(fc.string(), fc.array(fc.string()), (word, words) => nearest(word, words) !== word))
  })
})

describe('what is shipped as an example', () => {
  const MAIL =
    'mail: { from: v@elsewhere.example, relays: ["smtps://smtp.elsewhere.example"] }\nalerts: [{ email: a@elsewhere.example }]\n'
  const examples = (more: string, environment = {}) =>
    readFiles({ 'site.yaml': `${SITE}${MAIL}${more}`, 'web.yaml': SERVICE }, { environment }).warnings.filter(
      ({ message }) => message.includes('example'),
    )

  it('tells nobody of anything, once the services are real', () => {
    const words = ['smtp.elsewhere.example is an example', 'a@elsewhere.example is an example that nobody reads']
    expect(examples('')).toMatchObject(words.map((message) => ({ message: expect.stringContaining(message) })))
    expect(examples('replica: true\n', { VIGIE_DOMAIN: 'nomagic.fr' })).toHaveLength(2)
  })

  it('leads members nowhere, and is not who the hoster is', () => {
    const shown = `contact: mailto:contact@asso.example\nabout: { fr: Nomagic est une association. }\n`
    const site = SITE.replace('{ home: {} }', '{ home: { url: "https://status.asso.example" } }')
    const said = (name: string) =>
      readFiles({ 'site.yaml': `${site.replace('Nomagic', name)}${shown}`, 'web.yaml': SERVICE }).warnings.filter(
        ({ message }) => message.includes('example'),
      )
    const url = { line: 3, message: 'the url of home is an example: https://status.asso.example/' }
    const contact = {
      line: 4,
      message: 'mailto:contact@asso.example is an example: members reach nobody there',
      hint: 'your own address',
    }
    const about = { line: 5, message: 'about speaks of Nomagic, the example, not of "Asso"' }
    expect(said('Asso')).toMatchObject([url, contact, about])
    for (const name of ['Nomagic', 'Nomagic asso']) expect(said(name)).toMatchObject([url, contact])
  })

  it('is right for the replica', () => expect(examples('replica: true\n')).toEqual([]))
})

describe('a bad duration', () => {
  it.each([
    ['5min', 'write 5m'],
    ['60', 'write 60s'],
    ['10 sec', 'write 10s'],
    ['1.5h', 'write 90m'],
    ['2 weeks', 'write 14d'],
    ['30S', 'write 30s'],
    ['250msec', 'write 250ms'],
    ['1 heure', 'write 1h'],
    ['soon', null],
    ['0', null],
    ['-5m', null],
    ['1s5', null],
  ])('%s: %s', (written, hint) => {
    const { mistakes } = readFiles({ 'web.yaml': `${SERVICE}    every: ${written}\n` })
    expect(mistakes).toMatchObject([{ line: 4, column: 12, hint }])
  })

  it('too short or too long is a mistake', () => {
    for (const written of ['0s', '99ms', '999999999d'])
      expect(readFiles({ 'web.yaml': `${SERVICE}    every: ${written}\n` }).mistakes).toHaveLength(1)
  })
})

describe('placeholders', () => {
  const target = (host: string, site = SITE) =>
    readFiles({ 'site.yaml': site, 'web.yaml': `service: Web\nchecks:\n  - http: "https://a.example/${host}"\n` })
  it('$${ stands for the characters themselves', () => {
    expect(target('$${domain}').configuration?.services[0]?.checks[0]?.target).toBe('https://a.example/${domain}')
  })
  it.each([
    ['${domian}', 'did you mean ${domain}?'],
    ['${Domain}', 'did you mean ${domain}?'],
    ['${secrets:x}', 'did you mean ${secret:NAME}?'],
    ['${HOME}', 'there are ${domain} and ${secret:NAME}; $${ stands for the characters ${'],
    ['${domain', 'write $${ for the characters themselves'],
  ])('%s is a mistake', (written, hint) => {
    expect(target(written).mistakes).toMatchObject([{ line: 3, column: 11, hint }])
  })
  it('the domain needs one', () => {
    expect(target('${domain}', 'name: N\nsites: { home: {} }\n').mistakes).toMatchObject([{ line: 3, column: 11 }])
  })
})

it('A port of an entry that cannot be is said in a sentence.', () => {
  const { mistakes } = readFiles({ 'site.yaml': `${SITE}witnesses: ["foo.test:99999"]\n`, 'web.yaml': SERVICE })
  expect(mistakes).toMatchObject([{ message: 'witnesses, entry 1, has no such port' }])
})

describe('a port alone', () => {
  it.each(['8080', '"8080"'])('listen: %s is told what to write, once', (written) => {
    const { mistakes } = readFiles({ 'site.yaml': `${SITE}listen: ${written}\n`, 'web.yaml': SERVICE })
    const hint = '"127.0.0.1:8080", or "0.0.0.0:8080" for everybody'
    expect(mistakes).toMatchObject([{ line: 4, message: 'listen must be host:port', hint }])
  })

  it('is no mistake of the file when the command line says it', () => {
    const site = `${SITE}listen: "127.0.0.1:8080"\n`
    const { mistakes } = readFiles({ 'site.yaml': site, 'web.yaml': SERVICE }, { listen: '80' })
    const message = '--listen (or VIGIE_LISTEN) must be host:port, not "80"'
    expect(mistakes).toMatchObject([{ line: 1, column: 1, message, hint: '127.0.0.1:80' }])
  })
})

it('The least that a duration may be is said as one writes it.', () => {
  const site = `${SITE}publish: [{ to: /srv/status, every: 1s }]\n`
  const { mistakes } = readFiles({ 'site.yaml': site, 'web.yaml': SERVICE })
  expect(mistakes).toMatchObject([{ message: 'every is too short', hint: 'at least 10s' }])
})

it('Copies that cannot say where the page lives are warned of.', () => {
  const warned = (sites: string) =>
    readFiles({
      'site.yaml': `name: N\ndomain: n.example\nsites: ${sites}\npublish: [{ to: /srv/status }]\n`,
      'web.yaml': SERVICE,
    }).warnings.filter(({ message }) => message.includes('a copy'))
  expect(warned('{ home: {} }')).toMatchObject([{ line: 4, message: expect.stringContaining('no site has a url') }])
  expect(warned('{ home: { url: "https://status.example.org" } }')).toEqual([])
})

it.each([
  ['{ to: /srv/status, from: hom }', 'there is no site "hom"', 'did you mean "home"?'],
  ['{ to: /srv/status, from: all }', 'there is no site "all"', 'home'],
  [
    '{ to: "/srv/status.git#pages" }',
    'to is no place for a copy',
    'git+file:///… for a branch of a repository on this machine',
  ],
  ['{ to: /srv/status }, { to: /srv/status }', 'publish, entry 2, is the same place again', 'one entry for each place'],
])('A copy %s is a mistake.', (written, message, hint) => {
  const site = 'name: N\nsites: { home: { url: "https://status.example.org" } }\n'
  const { mistakes } = readFiles({ 'site.yaml': `${site}publish: [${written}]\n`, 'web.yaml': SERVICE })
  expect(mistakes).toMatchObject([{ line: 3, message, hint }])
})

describe('an address that is not public', () => {
  const warned = (check: string, site = SITE) =>
    readFiles({ 'site.yaml': site, 'web.yaml': `service: Web\nchecks:\n  - ${check}\n` }).warnings.filter(
      ({ message }) => message.includes('no public address'),
    )

  it.each([
    ['http: http://127.0.0.1:9999/', '127.0.0.1'],
    ['http: "http://[::1]/"', '::1'],
    ['tcp: localhost:22', 'localhost'],
    ['tcp: 192.168.1.1:22', '192.168.1.1'],
    ['{ http: https://example.org/, connect: 10.0.0.7:443 }', '10.0.0.7'],
  ])('%s is never looked at', (check, host) => {
    const message = expect.stringContaining(`${host} is no public address: web.`)
    expect(warned(check)).toMatchObject([{ line: 3, message, hint: 'allow_private: true' }])
  })

  it('is where it may be', () => {
    expect(warned('{ tcp: "127.0.0.1:22", allow_private: true }')).toEqual([])
    expect(warned('tcp: 127.0.0.1:22', `${SITE}replica: true\n`)).toEqual([])
    expect(warned('http: https://example.org/')).toEqual([])
    expect(warned('tcp: 192.0.2.1:22'), 'of documentation').toEqual([])
  })
})
