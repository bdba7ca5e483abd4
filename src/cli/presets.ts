// `vigie presets [NAME]`: the software that is known, or what one stands for.
import { stringify } from 'yaml'
import { quote } from '../config/mistake.ts'
import { nearest } from '../config/nearest.ts'
import type { Ability } from '../core/ability.ts'
import { sayUnable } from '../core/ability-words.ts'
import { LANGUAGES } from '../core/text.ts'
import { presets as known, presetNamed } from '../presets/index.ts'
import type { Preset } from '../presets/preset.ts'
import type { Call, Command, Host } from './command.ts'
import type { Screen } from './terminal/screen.ts'
import { table } from './terminal/table.ts'
import { fold } from './terminal/width.ts'

export const presets: Command = {
  words: '[NAME]',
  about: [
    'Lists the software whose checks are known, or shows what `preset: NAME` stands for: its checks with their ids, what it can be told, and what it does not see.',
    'Exit code 0, or 2 for a name that is not among them.',
  ],
  options: ['json'],
  examples: [
    { line: 'vigie presets', does: 'all of them' },
    { line: 'vigie presets seafile', does: 'what `preset: seafile` stands for' },
  ],
  run: async (call, host) => showPresets(call, host),
}

function showPresets({ options, words }: Call, { out, err }: Host): number {
  const [name, ...more] = words
  if (more.length > 0) {
    err.write('One preset at a time.\n')
    return 2
  }
  if (name === undefined) {
    if (options.json) out.write(`${JSON.stringify(Object.entries(known).map(documentOf), null, 2)}\n`)
    else listAll(out)
    return 0
  }
  const preset = presetNamed(name)
  if (preset === undefined) {
    const meant = nearest(name, Object.keys(known))
    err.write(`There is no preset ${quote(name)}${meant === null ? '' : `: did you mean ${meant}?`}\n`)
    return 2
  }
  const id = Object.keys(known).find((one) => known[one] === preset) ?? name
  if (options.json) out.write(`${JSON.stringify(documentOf([id, preset]), null, 2)}\n`)
  else showOne(id, preset, out)
  return 0
}

function documentOf([id, { name, at, also = [], audience = 'members', options = {}, checks, ...rest }]: readonly [
  string,
  Preset,
]) {
  return { id, name, at, also, audience, options, checks, ...rest }
}

/** What members read when it fails; null: nothing of its own. */
function wordsOf(proves: Ability | null, { audience }: Preset): string | null {
  if (audience === 'admins') return 'for admins'
  if (proves === null) return null
  return LANGUAGES.map((language) => sayUnable(proves, language)).join(' · ')
}

function listAll(out: Screen): void {
  const rows = Object.entries(known).map(([id, { name, checks, tried }]) => ({
    cells: [id, name, checks.map((check) => check.id).join(' '), tried === null ? 'no' : tried.version],
  }))
  const columns = [{ title: 'PRESET' }, { title: 'SOFTWARE' }, { title: 'CHECKS', least: 12 }, { title: 'TRIED' }]
  out.write(`${table(columns, [{ title: null, rows }], out).join('\n')}\n`)
}

function showOne(id: string, preset: Preset, out: Screen): void {
  const { name, at, also = [], options = {}, checks, misses, basis, tried } = preset
  const place = { url: 'url: https://…', host: 'host: …', domain: 'domain: …' }[at]
  out.write(`${out.paint(name, 'bold')}\n\n  - preset: ${id}\n    ${place}\n\n`)
  for (const check of checks) {
    const needs = check.needs?.length ? `   with ${check.needs.join(', ')}` : ''
    out.write(`${out.paint(check.id, 'bold')}${needs}\n`)
    for (const line of stringify(check.entry).trimEnd().split('\n')) out.write(`    ${line}\n`)
    const words = wordsOf(check.proves, preset)
    if (words !== null) out.write(`    ${out.paint(`# ${words}`, 'dim')}\n`)
  }
  out.write('\n')
  const facts: readonly (readonly [string, string])[] = [
    ...(checks.some(({ needs }) => needs?.includes('login'))
      ? [['login', 'user and password of a plain account of its own'] as const]
      : []),
    ...Object.entries(options),
    ...(also.length > 0 ? [['also', `known as ${also.join(', ')}`] as const] : []),
    ['misses', misses],
    ['known from', basis],
    ['tried', tried === null ? 'not yet, with the software itself' : `with ${tried.version} on ${tried.date}`],
  ]
  for (const [term, says] of facts) {
    for (const [index, line] of fold(says, Math.max(20, out.columns - 12)).entries()) {
      out.write(`${(index === 0 ? term : '').padEnd(11)} ${line}\n`)
    }
  }
}
