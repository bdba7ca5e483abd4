// `vigie admin …`: who may log in, and what scripts post with.
import { type Errand, type Listing, type Result, wrongName } from '../access/errand.ts'
import { isScope, SCOPES } from '../core/said/account.ts'
import { run } from './admin/errand.ts'
import type { Call, Command, Host } from './command.ts'
import { minuteOf, readersOf } from './folder/readers.ts'
import { table } from './terminal/table.ts'

const EXIT =
  'It asks the vigie that runs on this data folder; when none does, it writes to the ledger there. Exit code 0 when it is done, 1 when it is refused or can’t be, 2 for wrong use or a configuration with mistakes.'

export const adminInvite: Command = {
  words: 'NAME',
  about: [
    'Prints a link, good once and for 30 minutes, with which NAME chooses a password and an authenticator app and gets recovery codes. Give it over a safe channel: whoever opens it first is NAME.',
    EXIT,
  ],
  options: ['json'],
  examples: [{ line: 'vigie admin invite ana', does: 'a link for a new admin' }],
  run: (call, host) => onName(call, host, 'admin invite', (name) => ({ does: 'invite', name })),
}

export const adminRecover: Command = {
  words: 'NAME',
  about: [
    'Prints a link, good once and for 30 minutes, with which NAME chooses a new password, app and recovery codes. Until it is used the old ones work; then all sessions of NAME are over.',
    EXIT,
  ],
  options: ['json'],
  examples: [{ line: 'vigie admin recover ana', does: 'when the phone is lost and the codes with it' }],
  run: (call, host) => onName(call, host, 'admin recover', (name) => ({ does: 'recover', name })),
}

export const adminRemove: Command = {
  words: 'NAME',
  about: ['Removes the account: its sessions and links are worth nothing from now on, on every site.', EXIT],
  options: ['json'],
  examples: [{ line: 'vigie admin remove ana', does: 'she has left' }],
  run: (call, host) => onName(call, host, 'admin remove', (name) => ({ does: 'remove', name })),
}

export const adminList: Command = {
  words: '',
  about: ['Prints accounts, open invitations and API keys.', EXIT],
  options: ['json'],
  examples: [{ line: 'vigie admin list', does: 'who may log in' }],
  run: (call, host) => perform(call, host, 'admin list', { does: 'list' }),
}

export const adminToken: Command = {
  words: 'NAME',
  about: [
    'Makes an API key called NAME, in place of one of that name, and prints it; it is never shown again. What it may do is said by `--scope`.',
    EXIT,
  ],
  options: ['scope', 'revoke', 'json'],
  examples: [
    { line: 'vigie admin token deploy --scope maintenance', does: 'for a script that announces its work' },
    { line: 'vigie admin token deploy --revoke', does: 'it is worth nothing from now on' },
  ],
  run: (call, host) => {
    const scopes = (call.options.given.get('scope') ?? SCOPES.join(',')).split(',').map((scope) => scope.trim())
    const strange = scopes.find((scope) => !isScope(scope))
    if (strange !== undefined)
      return wrong(host, 'admin token', `--scope ${JSON.stringify(strange)}: there are ${SCOPES.join(', ')}`)
    return onName(call, host, 'admin token', (name) =>
      call.options.given.has('revoke')
        ? { does: 'revoke', name }
        : { does: 'token', name, scopes: scopes.filter(isScope) },
    )
  },
}

function onName(call: Call, host: Host, command: string, errandFor: (name: string) => Errand): Promise<number> {
  const [name, ...more] = call.words
  if (name === undefined || more.length > 0) return wrong(host, command, 'it takes one name')
  const strange = wrongName(name.toLowerCase())
  if (strange !== null) return wrong(host, command, strange)
  return perform(call, host, command, errandFor(name.toLowerCase()))
}

async function wrong({ err }: Host, command: string, message: string): Promise<number> {
  err.write(`vigie ${command}: ${message}\n\`vigie ${command} --help\` tells more.\n`)
  return 2
}

async function perform(call: Call, host: Host, command: string, errand: Errand): Promise<number> {
  const done = await run(errand, call, host)
  if (typeof done === 'number') return done
  const { result, base } = done
  if ('refused' in result) {
    host.err.write(`vigie ${command}: ${result.refused}\n`)
    return 1
  }
  const shown = 'path' in result ? { link: new URL(result.path, base).href, expires: result.expires } : result
  if (call.options.json) host.out.write(`${JSON.stringify(jsonOf(shown), null, 2)}\n`)
  else print(shown, errand, readersOf(call, host).timezone, host)
  return 0
}

type Shown =
  | Exclude<Result, { path: string } | { refused: string }>
  | { readonly link: string; readonly expires: number }

function jsonOf(shown: Shown): object {
  if ('link' in shown) return { ...shown, expires: new Date(shown.expires).toISOString() }
  if (!('list' in shown)) return shown
  const { accounts, invitations, keys } = shown.list
  const iso = (at: number) => new Date(at).toISOString()
  return {
    accounts: accounts.map((one) => ({ ...one, created: iso(one.created) })),
    invitations: invitations.map((one) => ({ ...one, expires: iso(one.expires) })),
    keys: keys.map((one) => ({ ...one, made: iso(one.made) })),
  }
}

function print(shown: Shown, errand: Errand, timezone: string, host: Host): void {
  const { out } = host
  if ('link' in shown) {
    out.write(`${shown.link}\n`)
    host.err.write('Good once, for 30 minutes. Whoever opens it first has the account.\n')
  } else if ('key' in shown) {
    out.write(`${shown.key}\n`)
    host.err.write('Keep it now: it will not be shown again.\n')
  } else if ('list' in shown) printList(shown.list, timezone, host)
  else if ('name' in errand)
    out.write(
      errand.does === 'revoke' ? `The key ${errand.name} is revoked.\n` : `The account ${errand.name} is removed.\n`,
    )
}

function printList({ accounts, invitations, keys }: Listing, timezone: string, { out }: Host): void {
  if (accounts.length + invitations.length + keys.length === 0) {
    out.write('Nobody may log in yet. `vigie admin invite NAME` prints a link for the first.\n')
    return
  }
  const day = (at: number) => minuteOf(at, timezone).slice(0, 10)
  const groups = [
    {
      title: 'Accounts',
      rows: accounts.map((one) => [one.name, `since ${day(one.created)}, ${one.codes} recovery codes left`]),
    },
    {
      title: 'Invited',
      rows: invitations.map((one) => [one.name, `until ${minuteOf(one.expires, timezone).slice(11)}, ${timezone}`]),
    },
    {
      title: 'API keys',
      rows: keys.map((one) => [one.name, `${one.scopes.join(', ')}; ${day(one.made)}, by ${one.by}`]),
    },
  ]
  const sections = groups
    .filter(({ rows }) => rows.length > 0)
    .map(({ title, rows }) => ({ title, rows: rows.map((cells) => ({ cells, whole: true })) }))
  const columns = [
    { title: 'NAME', least: 8 },
    { title: 'WHAT', least: 16 },
  ]
  for (const line of table(columns, sections, out)) out.write(`${line}\n`)
}
