// Which software answers at a web address: what its front page says of itself, then the shallow look of its preset.
import { presets } from '../presets/index.ts'
import type { Preset } from '../presets/preset.ts'
import { type BodyRules, type FieldRule, judgeBody, parseFieldRule, statusFits } from '../probes/answer.ts'
import type { Visitor } from './visit.ts'

/** So many presets are tried on one host: what its front page or its name suggests. */
const MOST_TRIED = 3

export interface Fingerprint {
  /** The preset's name; null: something answers, nobody knows what. */
  readonly preset: string | null
  /** Where it is, without a slash at its end. */
  readonly url: string
  /** What its front page answers. */
  readonly status: number
}

/** Null: nothing answers there with a good certificate. `suggested`: a name that somebody gave the software. */
export async function fingerprint(host: string, visit: Visitor, suggested = ''): Promise<Fingerprint | null> {
  const front = await visit(`https://${host}/`)
  if (front === null) return null
  const { status } = front.answer
  const url =
    front.url.hostname === host || front.url.hostname.endsWith(`.${host}`) ? front.url.origin : `https://${host}`
  const page = `${suggested} ${front.text}`.toLowerCase()
  const title = /<title[^>]*>([^<]{0,200})/i.exec(front.text)?.[1]?.toLowerCase() ?? ''
  const label = host.split('.')[0]!
  const likely = Object.entries(presets)
    .filter(([, { at }]) => at === 'url')
    .map(([id, preset]) => ({
      id,
      preset,
      score: likelihood(id, preset, { suggested: suggested.toLowerCase(), label, title, page }),
    }))
    .filter(({ preset, score }) => score > (isTelling(preset) ? 0 : 1))
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_TRIED)
  for (const { id, preset } of likely) if (await answersLike(preset, url, visit)) return { preset: id, url, status }
  return { preset: null, url, status }
}

/** False: any web site answers its shallow look, also one that only speaks of the software. */
function isTelling({ checks }: Preset): boolean {
  const { contains, json, status } = checks[0]!.entry
  return contains !== undefined || json !== undefined || status !== undefined
}

interface Traits {
  readonly suggested: string
  readonly label: string
  readonly title: string
  readonly page: string
}

function likelihood(id: string, { name, also = [] }: Preset, { suggested, label, title, page }: Traits): number {
  const words = [id, ...also, ...name.toLowerCase().split(/, | \(|\)/)].filter((word) => word.length > 3)
  if (words.some((word) => suggested.includes(word))) return 3
  if (words.includes(label) || words.some((word) => title.includes(word))) return 2
  return words.some((word) => page.includes(word)) ? 1 : 0
}

async function answersLike({ checks }: Preset, url: string, visit: Visitor): Promise<boolean> {
  const { entry } = checks[0]!
  const target = typeof entry.http === 'string' ? entry.http.replace('{url}', url) : ''
  if (!URL.canParse(target) || target.includes('{')) return false
  const seen = await visit(target, { redirects: Number(entry.redirects ?? 0) })
  if (seen === null) return false
  const wanted = Array.isArray(entry.status) ? entry.status.map(Number) : null
  const fits = wanted === null ? statusFits([[200, 299]], seen.answer.status) : wanted.includes(seen.answer.status)
  return fits && judgeBody(seen.answer, rulesOf(entry)) === null
}

function rulesOf(entry: Preset['checks'][number]['entry']): BodyRules {
  const texts = (value: unknown) =>
    typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : []
  const fields = Object.entries((entry.json ?? {}) as Record<string, unknown>)
    .map(([path, wanted]) => parseFieldRule(path, String(wanted)))
    .filter((rule): rule is FieldRule => rule !== undefined)
  return { contains: texts(entry.contains), absent: texts(entry.absent), fields }
}
