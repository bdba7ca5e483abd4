// `vigie init DOMAIN`: finds a domain's services and writes `checks/` for it.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseHost } from '../config/address.ts'
import { discover } from '../discovery/discover.ts'
import type { Discovery } from '../discovery/found.ts'
import { createLookups, known } from '../discovery/lookups.ts'
import { certificateNames } from '../discovery/names.ts'
import { createVisitor } from '../discovery/visit.ts'
import { filesOf } from '../discovery/write.ts'
import type { Network } from '../net/network.ts'
import { createNetwork } from '../net/system.ts'
import { makeFolder } from '../store/folder.ts'
import type { Call, Command, Host } from './command.ts'
import { countOf } from './reading.ts'
import { table } from './terminal/table.ts'

export const init: Command = {
  words: 'DOMAIN',
  about: [
    'Finds the services of a domain by what it publishes: MX and SRV records, autoconfig, /.well-known documents, ChatonsInfos and librehost.json, the names in its certificates; asks each web address what it is; shows what was found and what was not, and writes a commented file for each into the folder of checks. Nothing is guessed and no port is scanned.',
    'At a terminal it asks before it writes, without --yes. A file that is there already is never overwritten without --force.',
    'Exit code 0 when the files were written, 1 when nothing was found or written.',
  ],
  options: ['yes', 'force', 'resolver', 'json'],
  examples: [
    { line: 'vigie init example.org --checks my-checks', does: 'into a folder of its own' },
    { line: 'vigie init example.org --yes --force', does: 'without asking, over what is there' },
    { line: 'vigie init example.org --json', does: 'only say what would be written' },
  ],
  run: runInit,
}

async function runInit(call: Call, host: Host): Promise<number> {
  const [word = '', ...more] = call.words
  const domain = word.toLowerCase().replace(/\.$/, '')
  if (more.length > 0 || parseHost(domain) === undefined || !domain.includes('.') || /^[\d.]+$/.test(domain)) {
    host.err.write('vigie init: say one domain, without https:// and path: vigie init example.org\n')
    return 2
  }
  const network = networkOf(call)
  const trouble = await troubleWith(domain, network)
  if (trouble !== null) {
    host.err.write(`vigie init: ${trouble}\n`)
    return 1
  }
  const found = await discoverOf(domain, network, host)
  if (call.options.json) {
    host.out.write(`${JSON.stringify({ domain, ...found }, null, 2)}\n`)
    return found.found.length === 0 ? 1 : 0
  }
  show(found, host)
  if (found.found.length === 0) {
    host.err.write(`Nothing was found for ${domain}: nothing was written. Is it spelt right?\n`)
    return 1
  }
  return write(domain, found, call, host)
}

function networkOf({ options }: Call): Network {
  const resolver = options.given.get('resolver')
  return createNetwork({ ca: [], ...(resolver === undefined ? {} : { resolvers: [resolver] }) })
}

/** Why asking for more would find nothing. */
async function troubleWith(domain: string, network: Network): Promise<string | null> {
  const answer = await known(domain, network.resolvers())
  if (answer === 'yes') return null
  const resolver = network.resolvers().join(', ')
  if (answer === 'no') return `there is no domain ${domain}, says the resolver ${resolver}. Is it spelt right?`
  return `the resolver ${resolver} does not answer about ${domain} (${answer.silent}), so nothing can be looked up. See /etc/resolv.conf, or name another with --resolver HOST:PORT.`
}

async function discoverOf(domain: string, network: Network, host: Host): Promise<Discovery> {
  const now = () => host.wall()
  let unanswered = 0
  const { found, missing } = await discover(domain, {
    lookups: createLookups(network.resolvers(), () => unanswered++),
    visit: createVisitor(network, now),
    namesAt: (name) => certificateNames(name, network, now),
    progress: (what) => {
      if (host.err.live) host.err.write(`\r\x1b[Kasking about ${what} …`)
    },
  })
  if (unanswered === 0) return { found, missing }
  const caution = `more: the resolver left ${countOf(Array(unanswered), 'question')} unanswered, so what is missing may be there`
  return { found, missing: [...missing, caution] }
}

function show({ found, missing }: Discovery, { out, err }: Host): void {
  if (err.live) err.write('\r\x1b[K')
  const rows = found.map(({ id, name, checks, by }) => ({
    cells: [id, name.en, String(checks.length), by],
    whole: true,
  }))
  const columns = [
    { title: 'SERVICE' },
    { title: 'NAME', least: 10 },
    { title: 'CHECKS', align: 'right' as const },
    { title: 'FOUND BY', least: 20 },
  ]
  if (rows.length > 0) out.write(`${table(columns, [{ title: null, rows }], out).join('\n')}\n`)
  if (missing.length > 0) out.write(`\nNot found:\n${missing.map((what) => `  ${what}\n`).join('')}`)
}

async function write(domain: string, { found }: Discovery, { options }: Call, host: Host): Promise<number> {
  const files = filesOf(domain, found)
  const there = [...files.keys()].filter((file) => existsSync(join(options.checks, file)))
  if (there.length > 0 && !options.given.has('force')) {
    host.err.write(
      `${options.checks} holds ${there.join(', ')} already: nothing was written. Another folder is --checks DIR; --force writes over them.\n`,
    )
    return 1
  }
  if (host.ask !== undefined && !options.given.has('yes')) {
    const answer = await host.ask(`\nWrite ${countOf([...files], 'file')} to ${options.checks}? [y/N] `)
    if (!/^(y|yes|o|oui)$/i.test(answer?.trim() ?? '')) {
      host.err.write('Nothing was written; --yes writes without asking.\n')
      return 1
    }
  }
  try {
    makeFolder(options.checks)
    for (const [file, text] of files) writeFileSync(join(options.checks, file), text)
  } catch (error) {
    host.err.write(`vigie init: can’t write to ${options.checks}: ${(error as Error).message}\n`)
    return 1
  }
  const where = options.given.has('checks') ? ` --checks ${options.checks}` : ''
  host.out.write(
    `\nWrote ${countOf([...files], 'file')} to ${options.checks}. Read them, then \`vigie config${where}\` and \`vigie check${where}\`.\n`,
  )
  return 0
}
