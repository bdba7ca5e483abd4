// From an argument list to the command that is meant.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { nearest } from '../config/nearest.ts'
import { findRunning, type Running } from '../process/running.ts'
import type { Host } from './command.ts'
import { folderFault } from './folder/fit.ts'
import { familyManual, manual, overview } from './help.ts'
import { commands, type Listed } from './index.ts'
import { type Arguments, EVERYWHERE, OPTIONS, type Options, optionsFrom, readArguments } from './options.ts'
import { version } from './version.ts'

const WRONG_USE = 2

/** What begins a site, or brings one back: no vigie that runs is to be asked what it is. */
const BEGINNERS: ReadonlySet<string> = new Set(['run', 'demo', 'init', 'restore'])

/** Does what the arguments after `vigie` say. Returns the exit code (contract 2). */
export async function dispatch(argv: readonly string[], host: Host): Promise<number> {
  const called = readArguments(argv)
  if (called.given.has('version') && called.wrong === null) {
    host.out.write(`vigie ${version()}\n`)
    return 0
  }
  const asked = called.words[0] === 'help' ? called.words.slice(1) : called.words
  const help = asked !== called.words || called.given.has('help')
  if (asked.length === 0 && called.wrong === null) {
    host.out.write(overview(commands, host.out))
    return 0
  }
  const family = commands.filter(({ name }) => name.startsWith(`${asked[0]} `))
  if (help && asked.length === 1 && family.length > 1) {
    host.out.write(familyManual(asked[0]!, family, host.out))
    return 0
  }
  const listed = find(asked, help)
  if (listed === undefined) return refuse(host, null, asked.length === 0 ? called.wrong! : unknownCommand(asked))
  if (help) return explain(listed, host)
  return call(listed, called, host)
}

async function explain(listed: Listed, { out }: Host): Promise<number> {
  out.write(manual(listed.name, await listed.load(), out))
  return 0
}

async function call(listed: Listed, { words, given, wrong }: Arguments, host: Host): Promise<number> {
  const command = await listed.load()
  const rest = words.slice(listed.name.split(' ').length)
  const strange = [...given.keys()].find((name) => !EVERYWHERE.includes(name) && !command.options.includes(name))
  if (wrong !== null) return refuse(host, listed, wrong)
  if (strange !== undefined) return refuse(host, listed, `it takes no --${strange}`)
  if (rest.length > 0 && command.words === '')
    return refuse(host, listed, `it takes no words: ${JSON.stringify(rest[0])}`)
  const said = optionsFrom(given, host.environment)
  try {
    const options = BEGINNERS.has(listed.name) ? said : withRunning(said, host.environment)
    return await command.run({ options, words: rest }, host)
  } catch (error) {
    const fault = folderFault(error, said.data)
    if (fault === null) throw error
    host.err.write(`vigie ${listed.name}: ${fault}\n`)
    return 1
  }
}

/**
 * Whoever names the data folder of a vigie that runs need not say again where its configuration is, nor which site it is.
 * Of one whose process is gone nothing is taken, nor where its word is not ours to read.
 */
function withRunning(options: Options, environment: Host['environment']): Options {
  const isSaid = (name: 'checks' | 'site') => options.given.has(name) || !!environment[OPTIONS[name].variable]
  const running = wordOf(options.data)
  if (running?.checks == null || !existsSync(running.checks) || !isAlive(running.pid)) return options
  const checks = isSaid('checks') ? options.checks : running.checks
  if (isSaid('site') || resolve(checks) !== running.checks) return { ...options, checks }
  return { ...options, checks, runningSite: running.site ?? undefined }
}

function wordOf(data: string): Running | null {
  try {
    return findRunning(data)
  } catch {
    return null
  }
}

function isAlive(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The command whose whole name the words begin with; for help the first word of a longer name will do. */
function find(words: readonly string[], help: boolean): Listed | undefined {
  const [first] = words
  const whole = commands.find(({ name }) => name.split(' ').every((part, at) => words[at] === part))
  return whole ?? (help && words.length === 1 ? commands.find(({ name }) => name.startsWith(`${first} `)) : undefined)
}

function unknownCommand(words: readonly string[]): string {
  const [first = ''] = words
  const below = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name)
  const known = below.length > 0 ? below : commands.map(({ name }) => name)
  const typed = words.slice(0, below.length > 0 ? 2 : 1).join(' ')
  const [only] = known
  const hint = known.length === 1 ? only! : (nearest(typed, known) ?? nearest(words.slice(0, 2).join(' '), known))
  if (hint === null && below.length > 0) return `"${typed}" needs one more word: ${below.join(', ')}`
  return `unknown command "${typed}"${hint === null ? '' : `: did you mean "${hint}"?`}`
}

function refuse({ err }: Host, listed: Listed | null, message: string): number {
  const name = listed === null ? 'vigie' : `vigie ${listed.name}`
  err.write(`${name}: ${message}\n`)
  err.write(listed === null ? '`vigie --help` lists the commands.\n' : `\`${name} --help\` tells more.\n`)
  return WRONG_USE
}
