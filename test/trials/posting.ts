// What people post to a running site by its API, with the token that commands of the machine use.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { TestSite } from '../servers/site.ts'

export type Said = Readonly<Record<string, unknown>> & { readonly id: string }

/** Posts, or fails with what was answered. `path` as `/incidents`; `body`: null for none. */
export async function post(site: TestSite, path: string, body: object | null, method = 'POST'): Promise<Said> {
  const { token } = JSON.parse(readFileSync(join(site.data, 'run.json'), 'utf8')) as { token: string }
  const answer = await fetch(`${site.url}/admin/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === null ? {} : { 'content-type': 'application/json' }) },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  expect([200, 201], text).toContain(answer.status)
  return JSON.parse(text) as Said
}
