import { afterEach, describe, expect, test } from 'vitest'
import type { PushedPing } from '../../src/http/push.ts'
import { type RunningSite, runSite } from './site.ts'

const RID = '123e4567-e89b-42d3-a456-426614174000'

let site: RunningSite | undefined

afterEach(async () => {
  await site?.close()
  site = undefined
})

async function hearing() {
  const heard: (PushedPing & { token: string })[] = []
  let clock = 0
  site = await runSite({
    ticks: () => clock,
    ping: (token, ping) => {
      if (!token.startsWith('known')) return false
      heard.push({ token, ...ping })
      return true
    },
  })
  const push = (path: string, init?: RequestInit) => fetch(`${site!.url}/push/${path}`, init)
  return {
    heard,
    push,
    pass: (length: number) => {
      clock += length
    },
  }
}

const SIGNALS: readonly (readonly [string, PushedPing['kind'], number | null])[] = [
  ['known', 'success', null],
  ['known/start', 'start', null],
  ['known/fail', 'fail', null],
  ['known/log', 'log', null],
  ['known/0', 'success', 0],
  ['known/1', 'fail', 1],
  ['known/255', 'fail', 255],
]

describe('a heartbeat', () => {
  test.each(SIGNALS)('/push/%s is heard as %s, by GET, HEAD and POST alike', async (path, kind, exit) => {
    const { heard, push } = await hearing()
    for (const method of ['GET', 'HEAD', 'POST']) {
      const answer = await push(path, { method })
      expect([answer.status, await answer.text()]).toEqual([200, method === 'HEAD' ? '' : 'OK'])
      expect(answer.headers.get('ping-body-limit')).toBe('10000')
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    }
    expect(heard).toEqual(Array(3).fill({ token: 'known', kind, exit, body: Buffer.alloc(0), rid: null }))
  })

  test.each(['text/plain', 'application/json', 'application/x-www-form-urlencoded', 'nonsense', ''])(
    'keeps its body as it came, whatever it is said to be (%j)',
    async (type) => {
      const { heard, push } = await hearing()
      const body = Buffer.from('{"not": json\u0000\xff')
      expect(
        (await push('known/1', { method: 'POST', body, headers: type === '' ? {} : { 'content-type': type } })).status,
      ).toBe(200)
      expect(heard[0]!.body).toEqual(body)
    },
  )

  test('has a long body cut at 10 kB, not refused', async () => {
    const { heard, push } = await hearing()
    expect((await push('known', { method: 'POST', body: 'x'.repeat(3_000_000) })).status).toBe(200)
    expect(heard[0]!.body.toString()).toBe('x'.repeat(10_000))
  })

  test('carries the id of its run', async () => {
    const { heard, push } = await hearing()
    expect((await push(`known/start?rid=${RID.toUpperCase()}`)).status).toBe(200)
    expect(heard[0]!.rid).toBe(RID)
    const bad = await push('known?rid=12')
    expect([bad.status, await bad.text()]).toEqual([400, 'invalid uuid format'])
  })

  test.each([
    ['stranger', 404, 'not found'],
    [`${'long'.repeat(200)}`, 404, 'not found'],
    ['known/256', 400, 'invalid url format'],
    ['known/99999999999999999999', 400, 'invalid url format'],
    ['known/-1', 404, 'not found'],
    ['known/other', 404, 'not found'],
  ])('that makes no sense is refused: %s', async (path, status, text) => {
    const { heard, push } = await hearing()
    const answer = await push(path)
    expect([answer.status, await answer.text()]).toEqual([status, text])
    expect(heard).toEqual([])
  })

  test('comes twenty times at once and five times a second at most, each token for itself', async () => {
    const { heard, push, pass } = await hearing()
    for (let turn = 0; turn < 20; turn++) expect((await push('known')).status).toBe(200)
    const refused = await push('known')
    expect([refused.status, await refused.text()]).toEqual([429, 'rate limit exceeded'])
    expect((await push('known-too')).status).toBe(200)
    pass(200)
    expect((await push('known')).status).toBe(200)
    expect((await push('known')).status).toBe(429)
    pass(3_600_000)
    for (let turn = 0; turn < 20; turn++) expect((await push('known')).status).toBe(200)
    expect((await push('known')).status).toBe(429)
    expect(heard).toHaveLength(42)
  })

  test('by another method is refused', async () => {
    const { push } = await hearing()
    const answer = await push('known', { method: 'DELETE' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  })
})
