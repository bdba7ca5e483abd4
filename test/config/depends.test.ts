// `depends` over all files.
import { describe, expect, it } from 'vitest'
import { briefly, readFiles } from './folders.ts'

const service = (depends: string, ...checks: string[]) =>
  `service: S\ndepends: ${depends}\nchecks:\n${checks.map((check) => `  - { tcp: "a.example:80", ${check} }\n`).join('')}`
const circles = (files: Record<string, string>) => briefly(readFiles(files))

describe('depends', () => {
  it('of a service applies to all its checks, but never to the one it names', () => {
    const { configuration } = readFiles({
      'a.yaml': service('[a.host, b]', 'id: host', 'id: web'),
      'b.yaml': service('[]', 'id: x'),
    })
    expect(configuration?.services[0]?.checks.map(({ depends }) => depends)).toEqual([['b'], ['a.host', 'b']])
  })

  it('names a circle of services once, however many checks they have', () => {
    const files = {
      'a.yaml': service('b', 'id: one', 'id: two'),
      'b.yaml': service('c', 'id: one', 'id: two'),
      'c.yaml': service('a', 'id: one'),
    }
    expect(circles(files)).toEqual(['a.yaml:2:10: a circle in depends: a → b → c → a'])
  })

  it('names a circle of one', () => {
    expect(circles({ 'a.yaml': service('a', 'id: x') })).toEqual(['a.yaml:2:10: a circle in depends: a → a'])
    expect(circles({ 'a.yaml': service('[]', 'id: x, depends: a.x') })).toEqual([
      'a.yaml:4:44: a circle in depends: a.x → a.x',
    ])
    expect(circles({ 'a.yaml': service('[]', 'id: x, depends: a', 'id: y') })).toEqual([
      'a.yaml:4:44: a circle in depends: a.x → a → a.x',
    ])
  })

  it('names every circle of two that share a service', () => {
    const files = {
      'a.yaml': service('b', 'id: x'),
      'b.yaml': service('[a, c]', 'id: x'),
      'c.yaml': service('b', 'id: x'),
    }
    expect(circles(files)).toEqual([
      'a.yaml:2:10: a circle in depends: a → b → a',
      'b.yaml:2:14: a circle in depends: b → c → b',
    ])
  })

  it('through siblings is a circle, beside them none', () => {
    expect(circles({ 'a.yaml': service('a.y', 'id: x', 'id: y, depends: a.x') })).toHaveLength(1)
    expect(
      circles({
        'a.yaml': service('[]', 'id: x, depends: b.x', 'id: y'),
        'b.yaml': service('[]', 'id: x, depends: a.y'),
      }),
    ).toEqual([])
  })

  it('on a check of a file that can’t be read is no mistake of its own', () => {
    expect(circles({ 'a.yaml': service('[b.x, b]', 'id: x'), 'b.yaml': 'service: [' })).toHaveLength(1)
    expect(
      circles({ 'a.yaml': service('b.tcp', 'id: x'), 'b.yaml': 'service: B\nchecks:\n  - tpc: a.example:80\n' }),
    ).toHaveLength(1)
  })

  it('stays quick when everything depends on itself', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => `  - {tcp: "a.b:1", id: x${i}, depends: a.x${i}}\n`).join('')
    expect(circles({ 'a.yaml': `service: A\nchecks:\n${many}` })).toHaveLength(20)
  })
})
