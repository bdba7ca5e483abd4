// What `--help` prints: in the order of use, and no wider than the screen.
import type { Command } from './command.ts'
import type { Listed } from './index.ts'
import { EVERYWHERE, OPTIONS, type OptionKind, type OptionName, signature } from './options.ts'
import type { Screen } from './terminal/screen.ts'
import { fold, pad, widthOf } from './terminal/width.ts'

/** Lines longer than this are tiring, however wide the screen. */
const MOST_COLUMNS = 100

/** `vigie --help`: the commands, and where more is told. */
export function overview(commands: readonly Listed[], screen: Screen): string {
  return page([
    paragraph('vigie watches the services of a hoster and publishes a status page that tells what it saw.', screen),
    usage('vigie COMMAND [OPTION…]', screen),
    commandList(commands, screen),
    list('Options of every command', EVERYWHERE.map(entry), screen),
    paragraph('`vigie help COMMAND` tells more about one. What checks/ may hold is in the README.', screen),
  ])
}

/** `vigie incident --help`: the commands that begin with that word. */
export function familyManual(first: string, family: readonly Listed[], screen: Screen): string {
  return page([
    usage(`vigie ${first} COMMAND [OPTION…]`, screen),
    commandList(family, screen),
    paragraph(`\`vigie help ${first} COMMAND\` tells more about one.`, screen),
  ])
}

/** `vigie COMMAND --help`. */
export function manual(name: string, command: Command, screen: Screen): string {
  const { words, about, options, examples } = command
  return page([
    usage(['vigie', name, words, '[OPTION…]'].filter((part) => part !== '').join(' '), screen),
    ...about.map((text) => paragraph(text, screen)),
    command.list === undefined ? [] : list(command.list.title, command.list.entries, screen),
    options.length === 0 ? [] : list('Options', options.map(entry), screen),
    list('Options of every command', EVERYWHERE.map(entry), screen),
    list(
      'Examples',
      examples.map(({ line, does }) => [line, does]),
      screen,
    ),
  ])
}

function commandList(commands: readonly Listed[], screen: Screen): readonly string[] {
  return list(
    'Commands',
    commands.map(({ name, summary }) => [name, summary]),
    screen,
  )
}

function entry(name: OptionName): readonly [string, string] {
  const option: OptionKind = OPTIONS[name]
  const { summary, variable, otherwise } = option
  return [signature(name), variable === undefined ? summary : `${summary} (${variable}; ${otherwise})`]
}

function usage(line: string, screen: Screen): readonly string[] {
  return [`${screen.paint('Usage:', 'bold')} ${line}`]
}

function paragraph(text: string, screen: Screen): readonly string[] {
  return fold(text, Math.min(MOST_COLUMNS, screen.columns))
}

/** Terms on the left, what they mean beside them; below them where there is no room beside. */
function list(title: string, entries: readonly (readonly [string, string])[], screen: Screen): readonly string[] {
  const room = Math.min(MOST_COLUMNS, screen.columns)
  const widest = Math.max(...entries.map(([term]) => widthOf(term)))
  const beside = widest + 30 <= room
  const indent = beside ? widest + 4 : 6
  return [
    screen.paint(title, 'bold'),
    ...entries.flatMap(([term, meaning]) => {
      const lines = fold(meaning, room - indent)
      if (!beside) return [`  ${term}`, ...lines.map((line) => ' '.repeat(indent) + line)]
      return lines.map((line, at) => `  ${pad(at === 0 ? term : '', widest)}  ${line}`)
    }),
  ]
}

function page(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}
