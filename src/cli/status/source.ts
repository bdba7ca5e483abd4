// Where `vigie status` hears what the site thinks: from the vigie that runs, else from the page it left behind.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Millis } from '../../core/time/time.ts'
import type { StatusDocument } from '../../page/programs/status.ts'
import { findRunning } from '../../process/running.ts'

export interface Heard {
  readonly document: StatusDocument
  /** As it came, for `--json`. */
  readonly text: string
  /** `silent`: one should be there, but didn't answer; `gone`: none is. Then this is what the last one wrote. */
  readonly vigie: 'answers' | 'silent' | 'gone'
}

/** No site's status is that long; what runs at that address is something else. */
const LONGEST = 8 << 20
const PATIENCE: Millis = 2_000
const PATH = 'api/vigie/status.json'

/** Null: no vigie answers and none left anything. Never rejects. */
export async function hearStatus(data: string): Promise<Heard | null> {
  const running = findRunning(data)
  const url = running === null ? null : new URL(PATH, running.url).href
  const text = await ask(url)
  const document = parseStatus(text)
  if (document !== null) return { document, text: text!, vigie: 'answers' }
  const left = readText(join(data, 'public', PATH))
  const old = parseStatus(left)
  return old === null ? null : { document: old, text: left!, vigie: url === null ? 'gone' : 'silent' }
}

async function ask(url: string | null): Promise<string | null> {
  if (url === null) return null
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE), redirect: 'error' })
    if (answer.status !== 200 || answer.body === null) return null
    const decoder = new TextDecoder()
    let text = ''
    for await (const part of answer.body) {
      text += decoder.decode(part, { stream: true })
      if (text.length > LONGEST) return null
    }
    return text
  } catch {
    return null
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** Null for anything that isn't the document of contract 4, as far as it is printed here. */
function parseStatus(text: string | null): StatusDocument | null {
  const found = parse(text)
  return isStatus(found) ? found : null
}

function isStatus(found: unknown): found is StatusDocument {
  if (!has(found, { version: 'number', site: 'string', generated_at: 'string', next_by: 'string', status: 'string' }))
    return false
  const { version, sentence, services, sites, blind } = found as Record<string, unknown>
  return (
    version === 1 &&
    has(sentence, { en: 'string' }) &&
    has(sites, {}) &&
    (blind === null || (has(blind, { since: 'string' }) && Array.isArray((blind as { layers?: unknown }).layers))) &&
    Array.isArray(services) &&
    services.every(isService)
  )
}

function isService(found: unknown): boolean {
  if (!has(found, { id: 'string', status: 'string', since: 'string', unstable: 'boolean' })) return false
  const { name, confidence, checks } = found as Record<string, unknown>
  const isCheck = (one: unknown) => has(one, { id: 'string', kind: 'string', state: 'string', since: 'string' })
  return (
    has(name, { en: 'string' }) &&
    has(confidence, { note: 'string', confirmed: 'number', of: 'number' }) &&
    Array.isArray(checks) &&
    checks.every(isCheck)
  )
}

function has(found: unknown, fields: Readonly<Record<string, string>>): boolean {
  if (typeof found !== 'object' || found === null) return false
  return Object.entries(fields).every(([key, type]) => typeof (found as Record<string, unknown>)[key] === type)
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
