// `preset: seafile`: an entry of `checks:` that stands for what is known of a software.
import { Document, Pair, type ParsedNode, Scalar, type YAMLMap } from 'yaml'
import type { Login } from '../core/settings.ts'
import { presetNamed, presets } from '../presets/index.ts'
import type { Preset, PresetCheck } from '../presets/preset.ts'
import { type Circumstances, COMMON, type ReadCheck, readCheck } from './check.ts'
import { asFields, type Fields, isEmptyList } from './fields.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import { asHost, asLogin, asUrl } from './places.ts'
import { createReader, type Entry } from './reader.ts'
import { asId, asOneOf, asText, asWritten, listed } from './scalars.ts'
import { spellOut } from './source.ts'
import { asList } from './texts.ts'

/** What stands behind the names in a template. */
type Values = Readonly<Record<string, string | Login>>

/** True for an entry that names a preset, whatever is wrong with it. */
export function namesPreset(entry: Entry, around: Circumstances): boolean {
  const fields = asFields(createReader({ ...around.source, complain: () => {} }, around.meanings), entry)
  return fields?.keys.includes('preset') === true
}

/** The checks that an entry with `preset:` stands for; undefined after a complaint. */
export function readPreset(entry: Entry, around: Circumstances): readonly ReadCheck[] | undefined {
  const reader = createReader(around.source, around.meanings)
  const fields = asFields(reader, { ...entry, name: 'a preset' })
  const preset = fields && choosePreset(fields)
  if (!fields || !preset) return undefined
  const values = readValues(fields, preset)
  const prefix = fields.read('id', asId)
  const ids = preset.checks.map(({ id }) => id)
  const written = fields.entry('only')
  const only = fields.read('only', asList(asOneOf(ids), true)) ?? ids
  const common = COMMON.filter((key) => key !== 'id').flatMap((key) => {
    const found = fields.entry(key)
    return found?.node ? [[key, found.node] as const] : []
  })
  fields.close()
  if (values === undefined) return undefined
  const wanted = preset.checks.filter(
    ({ id, needs = [] }) => only.includes(id) && needs.every((need) => Object.hasOwn(values, need)),
  )
  if (wanted.length === 0) {
    const needs = [...new Set(preset.checks.filter(({ id }) => only.includes(id)).flatMap(({ needs = [] }) => needs))]
    if (needs.length > 0) around.source.complain(entry.at, `this preset looks at nothing without ${listed(needs)}`)
    else if (written !== undefined && isEmptyList(written))
      around.source.complain(written.at, `only is empty: name ${listed(ids)}`)
    return undefined
  }
  const audience = preset.audience ?? around.audience
  const given = { ...around, audience, secrets: reader.secrets, missing: reader.missing }
  const checks = wanted.map((one) =>
    readCheck(
      { name: 'a check', at: entry.at, node: nodeOf(one, values, prefix, common) },
      {
        ...given,
        proves: one.proves,
        written: [spellOut(entry.node, around.source.resolve), one, prefix],
        ...withholding(one, preset, around.observer),
      },
    ),
  )
  return checks.every((check) => check !== undefined) ? checks : undefined
}

/** On an observer what is missing concerns those checks alone that put it elsewhere than where logins are left out. */
function withholding({ entry }: PresetCheck, { options = {} }: Preset, observer: boolean): Partial<Circumstances> {
  if (!observer) return {}
  const { login: _, token: __, ...rest } = entry
  const text = JSON.stringify(rest)
  const needed = ['login', ...Object.keys(options)].some((name) => text.includes(`{${name}`))
  return needed ? {} : { missing: new Set() }
}

function choosePreset(fields: Fields): Preset | undefined {
  const name = fields.read('preset', asText)
  if (name === undefined) return undefined
  const known = presetNamed(name)
  if (known !== undefined) return known
  const names = Object.entries(presets).flatMap(([id, { also = [] }]) => [id, ...also])
  const meant = nearest(name, names)
  const hint = meant === null ? '`vigie presets` lists those there are' : `did you mean ${quote(meant)}?`
  fields.reader.source.complain(fields.placeOf('preset'), `unknown preset ${quote(name)}`, hint)
  return undefined
}

/** Undefined after a complaint that says where the software is missing. */
function readValues(fields: Fields, preset: Preset): Values | undefined {
  const values: Record<string, string | Login> = {}
  const url = fields.read('url', asUrl())
  if (preset.at === 'url') {
    if (!url) return missing('url', '`url: https://…`')
    values.url = url.href.replace(/\/$/, '')
    values.host = url.hostname
  } else {
    const place = fields.read(preset.at, asHost) ?? url?.hostname
    if (place === undefined) return missing(preset.at, `\`${preset.at}: …\``)
    values[preset.at] = place
  }
  if (fields.entry('login')) values.login = fields.read('login', asLogin) ?? { user: '', password: '' }
  for (const option of Object.keys(preset.options ?? {})) {
    if (fields.entry(option)) values[option] = fields.read(option, asWritten) ?? ''
  }
  return values

  function missing(key: string, hint: string): undefined {
    if (!fields.keys.includes(key)) fields.reader.source.complain(fields.at, `${preset.name} needs ${hint}`)
    return undefined
  }
}

function nodeOf(
  { id, entry }: PresetCheck,
  values: Values,
  prefix: string | undefined,
  common: readonly (readonly [string, ParsedNode])[],
): ParsedNode {
  const filled = fillIn({ ...entry, id: prefix === undefined ? id : `${prefix}-${id}` }, values)
  const node = new Document().createNode(filled) as YAMLMap
  for (const [key, value] of common) {
    node.delete(key)
    node.add(new Pair(new Scalar(key), value))
  }
  return node as unknown as ParsedNode
}

const ENCODE: Readonly<Record<string, (text: string) => string>> = {
  form: encodeURIComponent,
  path: encodeURIComponent,
}

/** Names that are no option stay as they are: they may mean something to the kind. */
function fillIn(value: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((one) => fillIn(one, values))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillIn(one, values)]))
  }
  if (typeof value !== 'string') return value
  if (value === '{login}') return fillIn(escaped(values.login as Login), {})
  return value.replace(/\{([a-z]+)(?:\.(user|password))?(?::(form|path))?\}/g, (written, name, part, encoding) => {
    const found = values[name as string]
    if (found === undefined) return written
    const text = typeof found === 'string' ? found : found[part as keyof Login]
    return plain(ENCODE[encoding as string]?.(text) ?? text)
  })
}

/** What is filled in already is not looked into for placeholders again. */
function plain(text: string): string {
  return text.replaceAll('${', '$${')
}

function escaped({ user, password }: Login): Login {
  return { user: plain(user), password: plain(password) }
}
