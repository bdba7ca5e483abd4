// The options there are, and how an argument list is read.
import { parseArgs } from 'node:util'
import { nearest } from '../config/nearest.ts'

export interface OptionKind {
  /** Shown after it in help; absent: it is a switch. */
  readonly value?: string
  readonly short?: string
  /** Environment variable that stands in when it isn't given. */
  readonly variable?: string
  /** What it is when neither says, for help. */
  readonly otherwise?: string
  readonly summary: string
}

export const OPTIONS = {
  checks: {
    value: 'DIR',
    variable: 'VIGIE_CHECKS',
    otherwise: 'checks',
    summary: 'folder of the configuration',
  },
  data: { value: 'DIR', variable: 'VIGIE_DATA', otherwise: 'data', summary: 'folder of what it remembers' },
  site: {
    value: 'NAME',
    variable: 'VIGIE_SITE',
    otherwise: 'the first',
    summary: 'which site this is',
  },
  listen: { value: 'HOST:PORT', variable: 'VIGIE_LISTEN', otherwise: 'see site.yaml', summary: 'where the page is' },
  help: { short: 'h', summary: 'tell more, do nothing' },
  version: { short: 'V', summary: 'which vigie this is' },
  json: { summary: 'print JSON instead of text' },
  watch: { summary: 'keep it on the screen until Ctrl-C' },
  month: { value: 'YYYY-MM', summary: 'of this month; without any of these, of the last that is over' },
  year: { value: 'YYYY', summary: 'of this year' },
  from: { value: 'DAY', summary: 'from this day on, as YYYY-MM-DD' },
  to: { value: 'DAY', summary: 'until the end of this day; today when not said' },
  csv: { summary: 'print CSV instead of Markdown' },
  control: { value: 'HOST:PORT', summary: 'where the controls are; 127.0.0.1:8081 when not said' },
  'real-pace': { summary: 'look as seldom as checks/ says, not every few seconds' },
  yes: { summary: 'do it without asking' },
  force: { summary: 'write over what is there' },
  resolver: { value: 'HOST:PORT', summary: "the name server to ask; the system's when not said" },
  lang: { value: 'fr|en', summary: 'language of the text; the first of the page when not said' },
  title: { value: 'TEXT', summary: 'title, in the first language of the page' },
  'title-fr': { value: 'TEXT', summary: 'title in French' },
  'title-en': { value: 'TEXT', summary: 'title in English' },
  text: { value: 'TEXT', summary: 'what is said, in Markdown, in the first language of the page' },
  'text-fr': { value: 'TEXT', summary: 'the same in French' },
  'text-en': { value: 'TEXT', summary: 'the same in English' },
  services: { value: 'ID,ID', summary: 'services it is about' },
  status: { value: 'STATUS', summary: 'investigating, identified, monitoring or resolved' },
  impact: { value: 'IMPACT', summary: 'none, minor, major or critical' },
  started: { value: 'TIME', summary: 'when it began: 14:02, "2026-11-23 14:02"' },
  raises: {
    value: 'STATUS',
    summary: 'the least the page says of its services: degraded_performance, partial_outage, major_outage or none',
  },
  begins: { value: 'TIME', summary: 'when it begins: 22:00, "2026-11-23 22:00", now' },
  ends: { value: 'TIME', summary: 'when it ends' },
  for: { value: 'LENGTH', summary: 'how long, instead of --ends: 30m, 2h' },
  repeats: { value: 'RULE', summary: 'FREQ=WEEKLY;BYDAY=TU or FREQ=MONTHLY;BYDAY=1MO …, or never' },
  template: { value: 'NAME', summary: 'words of checks/templates/NAME.yaml where the other options say none' },
  draft: { value: 'ID', summary: 'publish this draft: it says what the other options don’t' },
  time: { value: 'TIME', summary: 'which of its times: when that one begins' },
  update: { value: 'ID', summary: 'one update of it instead of all' },
  open: { summary: 'only those that are not resolved' },
  scope: {
    value: 'SCOPES',
    summary: 'what a key may do: incidents, maintenance, or both with a comma; both when not said',
  },
  revoke: { summary: 'take the key back' },
} as const satisfies Record<string, OptionKind>

export type OptionName = keyof typeof OPTIONS

/** Those that every command takes. */
export const EVERYWHERE: readonly OptionName[] = ['checks', 'data', 'site', 'listen', 'help', 'version']

export interface Options {
  readonly checks: string
  readonly data: string
  readonly site: string | undefined
  /** Which site the vigie is that runs on the data folder: what holds where nothing is said and there is such a site. */
  readonly runningSite: string | undefined
  readonly listen: string | undefined
  readonly help: boolean
  readonly json: boolean
  readonly watch: boolean
  readonly month: string | undefined
  readonly year: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly csv: boolean
  readonly lang: string | undefined
  readonly control: string | undefined
  readonly realPace: boolean
  /** What was said on the command line itself, whatever the environment says; a switch as an empty text. */
  readonly given: ReadonlyMap<OptionName, string>
}

/** An argument list taken apart. `given` has switches as an empty text; of one given twice the last counts. */
export interface Arguments {
  readonly words: readonly string[]
  readonly given: ReadonlyMap<OptionName, string>
  /** What can't be understood, in words; null: all was. */
  readonly wrong: string | null
}

/** Options may stand anywhere, before the command's name too; after `--` everything is a word. */
export function readArguments(argv: readonly string[]): Arguments {
  const { tokens } = parseArgs({ args: [...argv], options: NODES, strict: false, allowPositionals: true, tokens: true })
  const words: string[] = []
  const given = new Map<OptionName, string>()
  const wrong: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    if (!isOption(token.name)) {
      wrong.push(unknownOption(token.rawName))
      continue
    }
    const kind: OptionKind = OPTIONS[token.name]
    const forgotten =
      token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('-'))
    if (kind.value !== undefined && forgotten)
      wrong.push(`${token.rawName} needs a value: ${token.rawName} ${kind.value}`)
    if (kind.value === undefined && token.value !== undefined) wrong.push(`${token.rawName} takes no value`)
    given.set(token.name, token.value ?? '')
  }
  return { words, given, wrong: wrong[0] ?? null }
}

/** What holds in the end: the argument, else the environment, else the default. */
export function optionsFrom(
  given: ReadonlyMap<OptionName, string>,
  environment: Readonly<Record<string, string | undefined>>,
): Options {
  const value = (name: OptionName) => {
    const { variable }: OptionKind = OPTIONS[name]
    return given.get(name) ?? ((variable && environment[variable]) || undefined)
  }
  return {
    checks: value('checks') ?? 'checks',
    data: value('data') ?? 'data',
    site: value('site'),
    runningSite: undefined,
    listen: value('listen'),
    help: given.has('help'),
    json: given.has('json'),
    watch: given.has('watch'),
    month: value('month'),
    year: value('year'),
    from: value('from'),
    to: value('to'),
    csv: given.has('csv'),
    lang: value('lang'),
    control: value('control'),
    realPace: given.has('real-pace'),
    given,
  }
}

/** `--data DIR`, `-h, --help`: as help shows it. */
export function signature(name: OptionName): string {
  const { value, short }: OptionKind = OPTIONS[name]
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

function unknownOption(raw: string): string {
  const meant = nearest(raw.replace(/^-+/, ''), Object.keys(OPTIONS))
  return `unknown option ${raw}${meant === null ? '' : `: did you mean --${meant}?`}`
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name)
}

const NODES = Object.fromEntries(
  Object.entries(OPTIONS).map(([name, kind]: [string, OptionKind]) => [
    name,
    { type: kind.value === undefined ? 'boolean' : 'string', ...(kind.short ? { short: kind.short } : {}) } as const,
  ]),
)
