// `sites`: what keeps them from being found, from hearing each other and from being posted on.
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import { kinds } from '../../src/probes/index.ts'
import { readFiles, SERVICE } from './folders.ts'

const keyOf = (at: number) => `ed25519:${Buffer.alloc(32, at + 1).toString('base64')}`

/** Reads `sites` from line 3 on, one a line, each with a key of its own; `more` stands above. */
const read = (sites: Readonly<Record<string, string>>, more = 'contact: mailto:a@b.net', environment = {}) => {
  const lines = Object.entries(sites).map(
    ([id, keys], at) => `  ${id}: { key: "${keyOf(at)}"${keys && `, ${keys}`} }\n`,
  )
  return readFiles({ 'site.yaml': `name: X\n${more}\nsites:\n${lines.join('')}` }, { environment })
}

const mistakes = (...given: Parameters<typeof read>) =>
  read(...given).mistakes.map(({ line, column, message, hint }) => `${line}:${column}: ${message} (${hint})`)

const warnings = (about: string, ...given: Parameters<typeof read>) =>
  read(...given).warnings.flatMap(({ line, column, message, hint }) =>
    message.includes(about) ? [`${line}:${column}: ${message} (${hint})`] : [],
  )

describe('the url of a site', () => {
  const URL_AT = 4 + '  b: { key: "", '.length + keyOf(0).length

  it('is its own: two vigies don’t answer at one place', () => {
    const said = `5:${URL_AT + 2}: b has the same url as a (every site has a url of its own, or none)`
    const first = 'url: "https://status.elsewhere.net"'
    for (const other of ['', '/', ':443', ':443/'])
      expect(mistakes({ a: first, b: `url: "https://status.elsewhere.net${other}"` })).toEqual([said])
    for (const other of ['http://status.elsewhere.net', 'https://status.elsewhere.net:444', 'https://b.elsewhere.net'])
      expect(mistakes({ a: first, b: `url: "${other}"` })).toEqual([])
    expect(mistakes({ a: '', b: '' })).toEqual([])
  })

  it('may be that of one that runs no more, whom it replaced', () => {
    const url = 'url: "https://status.elsewhere.net"'
    expect(mistakes({ old: `role: former, ${url}`, a: url })).toEqual([])
    expect(mistakes({ a: url, old: `role: former, ${url}` })).toEqual([])
  })

  it('is the root of a host', () => {
    const hint = 'https://status.elsewhere.net:8443, or a host name of its own'
    for (const more of ['/status', '/status/', '//', '/?a=b', '?', '#top', '/#'])
      expect(mistakes({ a: `url: "https://status.elsewhere.net:8443${more}"` }), more).toEqual([
        `4:${URL_AT + 2}: url must be the root of a host: vigie answers nowhere else (${hint})`,
      ])
    for (const more of ['', '/'])
      expect(mistakes({ a: `url: "https://status.elsewhere.net:8443${more}"` }), more).toEqual([])
    expect(warnings('no `url`', { a: 'url: "https://a.net/x"', b: 'url: "https://b.net/x"' })).toEqual([])
  })

  it('carries no login, and nobody is told to write it elsewhere', () => {
    const { mistakes: found } = read({ a: 'url: "https://bob:pw@status.elsewhere.net"' })
    expect(found).toMatchObject([
      { line: 4, message: 'url must not carry a login', hint: 'a site’s url is public: leave the login out' },
    ])
    const web = SERVICE.replace('www', 'bob:pw@www')
    expect(readFiles({ 'web.yaml': web }).mistakes).toMatchObject([
      { message: 'http must not carry a login', hint: 'write it as `login: { user: …, password: … }`' },
    ])
  })
})

describe('several sites in the replica', () => {
  const TWO = { a: 'url: "https://a.elsewhere.net"', b: 'url: "https://b.elsewhere.net"' }
  const never = (...given: Parameters<typeof read>) => warnings('replica', ...given)

  it('never hear each other', () => {
    expect(never(TWO, 'replica: true')).toEqual([
      '2:1: a and b never hear each other: a replica has no way out (take `replica: true` out)',
    ])
    expect(never(TWO, 'replica: false')).toEqual([])
    expect(never(TWO, 'replica: true', { VIGIE_DOMAIN: 'real.net' })).toEqual([])
  })

  it('are not one, nor one and some that run no more', () => {
    expect(never({ a: '' }, 'replica: true')).toEqual([])
    expect(never({ a: '', old: 'role: former' }, 'replica: true')).toEqual([])
  })

  it('are not in what is shipped, which has no warning', () => {
    const { warnings } = readConfiguration({ dir: resolve('checks'), data: resolve('none'), environment: {}, kinds })
    expect(warnings).toEqual([])
  })
})

describe('sites none of which is full', () => {
  const unheard = (...given: Parameters<typeof read>) => warnings('log in', ...given)
  const said = '4:3: no site is `full`: nobody can log in or post anywhere (take `role: observer` out of one of them)'

  it('leave nobody a place to log in', () => {
    expect(unheard({ a: 'role: observer' })).toEqual([said])
    expect(unheard({ a: 'role: observer', b: 'role: observer', old: 'role: former' })).toEqual([said])
  })

  it('are others than those with one that is', () => {
    expect(unheard({ a: 'role: observer', b: '' })).toEqual([])
    expect(unheard({ a: 'role: observer', b: 'role: full' })).toEqual([])
    expect(unheard({ a: 'role: former' })).toEqual([])
    expect(unheard({ a: 'role: obsrever' })).toEqual([])
  })
})

it('Two sites of one name are said to have it: a key is something else.', () => {
  const { mistakes } = readFiles({ 'site.yaml': 'name: X\nsites:\n  home: {}\n  home: {}\n' })
  expect(mistakes).toMatchObject([{ line: 4, column: 3, message: 'the name "home" is here twice' }])
})
