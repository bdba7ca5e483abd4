// `vigie presets`: the list, one of them, and names that are none.
import { expect, it } from 'vitest'
import { presets } from '../../src/presets/index.ts'
import { vigie } from './host.ts'

it('lists all of them, and says of each whether it was tried', async () => {
  const { code, out } = await vigie(['presets'])
  expect(code).toBe(0)
  for (const [id, { tried }] of Object.entries(presets)) {
    expect(out).toMatch(new RegExp(`^${id} .*${tried === null ? 'no' : tried.version}$`, 'm'))
  }
})

it('shows what one stands for: checks, what members read, what it can be told, what it misses', async () => {
  const { code, out } = await vigie(['presets', 'dovecot-imap'])
  expect(code).toBe(0)
  expect(out).toMatch(/^Dovecot\n\n {2}- preset: dovecot\n {4}host: /)
  expect(out).toContain('# on ne peut pas lire · you cannot read\n')
  expect(out).toMatch(/imap-login {3}with login\n/)
  expect(out).toMatch(/^misses +that a mail arrives/m)
  expect(out).toMatch(/^tried +with 2\./m)
  expect((await vigie(['presets', 'proxmox'])).out).toContain('# for admins')
})

it('says the same as JSON', async () => {
  const all = JSON.parse((await vigie(['presets', '--json'])).out)
  expect(all.map(({ id }: { id: string }) => id)).toEqual(Object.keys(presets))
  expect(JSON.parse((await vigie(['presets', 'sogo', '--json'])).out)).toMatchObject({
    id: 'sogo',
    checks: [{ id: 'page' }, {}, {}],
  })
})

it.each([
  [['seafil'], 'There is no preset "seafil": did you mean seafile?\n'],
  [['zzz'], 'There is no preset "zzz"\n'],
  [['__proto__'], 'There is no preset "__proto__"\n'],
  [['sogo', 'bind'], 'One preset at a time.\n'],
])('refuses %j', async (words, said) => {
  expect(await vigie(['presets', ...words])).toEqual({ code: 2, out: '', err: said })
})
