import { expect, it } from 'vitest'
import type { Witness } from '../../../src/core/check.ts'
import { hostOf } from '../../../src/core/verdict/witness.ts'

it.each<[Witness, string]>([
  [{ kind: 'https', url: 'https://www.one.example/?x' }, 'www.one.example'],
  [{ kind: 'https', url: 'https://www.one.example:8443/' }, 'www.one.example'],
  [{ kind: 'https', url: 'https://[2001:db8::1]:8443/' }, '2001:db8::1'],
  [{ kind: 'dns', address: '192.0.2.1', port: 53 }, '192.0.2.1'],
  [{ kind: 'tcp', host: 'mx.two.example', port: 25 }, 'mx.two.example'],
])('the host of %j is %s, as the page names it', (witness, host) => {
  expect(hostOf(witness)).toBe(host)
})
