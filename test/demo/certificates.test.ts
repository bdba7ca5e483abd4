import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createSecureContext, createServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { DAY } from '../../src/core/time/time.ts'
import { createAuthority, type Issued, selfSigned } from '../../src/demo/certificates.ts'

/** Node's own verdict of a handshake with a server that shows this certificate; null: chain and name are good. */
async function verdict(shown: Issued, trusted: string, name = 'www.nomagic.test'): Promise<string | null> {
  const server = createServer({ key: shown.key, cert: shown.certificate }).on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    servername: name,
    secureContext: createSecureContext({ ca: trusted }),
    rejectUnauthorized: false,
  })
  await once(socket, 'secureConnect')
  const error = socket.authorizationError as unknown
  socket.destroy()
  server.close()
  if (!error) return null
  return typeof error === 'string' ? error : (error as { code: string }).code
}

describe('certificates of the authority', () => {
  const authority = createAuthority()
  const names = ['www.nomagic.test', '*.chat.nomagic.test']

  it('are good for their names, straight from the root or through an intermediate', async () => {
    expect(await verdict(authority.issue({ names }), authority.certificate)).toBeNull()
    expect(await verdict(authority.issue({ names }), authority.certificate, 'a.chat.nomagic.test')).toBeNull()
    expect(await verdict(authority.issue({ names, intermediate: 'sent' }), authority.certificate)).toBeNull()
  })

  it('fail each in their own way', async () => {
    const now = Date.now()
    const expired = authority.issue({ names, from: now - 90 * DAY, until: now - DAY })
    const early = authority.issue({ names, from: now + DAY, until: now + 90 * DAY })
    expect(await verdict(expired, authority.certificate)).toBe('CERT_HAS_EXPIRED')
    expect(await verdict(early, authority.certificate)).toBe('CERT_NOT_YET_VALID')
    expect(await verdict(authority.issue({ names: ['other.test'] }), authority.certificate)).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    )
    expect(await verdict(authority.issue({ names, intermediate: 'missing' }), authority.certificate)).toBe(
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    )
    expect(await verdict(selfSigned(names), authority.certificate)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(await verdict(authority.issue({ names }), createAuthority().certificate)).not.toBeNull()
  })

  it('carry addresses of both families', () => {
    const addresses = ['127.0.0.1', '::1', '2001:db8::7:8', '::ffff:192.0.2.1', '1:2:3:4:5:6:7:8', 'fe80::']
    const leaf = new X509Certificate(authority.issue({ names: addresses }).certificate)
    for (const address of addresses) expect(leaf.checkIP(address), address).toBe(address)
    expect(leaf.checkIP('::2')).toBeUndefined()
  })

  it('keep their dates to the second, in both notations of time', () => {
    const from = Date.UTC(1999, 11, 31, 23, 59, 59)
    const until = Date.UTC(2050, 0, 1, 0, 0, 1)
    const leaf = new X509Certificate(authority.issue({ names, from, until }).certificate)
    expect(Date.parse(leaf.validFrom)).toBe(from)
    expect(Date.parse(leaf.validTo)).toBe(until)
  })

  it('are accepted by a strict reader', ({ skip }) => {
    if (spawnSync('openssl', ['version']).error) skip()
    const chain = authority.issue({ names, intermediate: 'sent' }).certificate
    const pems = [authority.certificate, ...chain.split(/(?=-----BEGIN)/)]
    expect(pems).toHaveLength(3)
    const [root, leaf] = pems.map((input) => execFileSync('openssl', ['x509', '-text', '-noout'], { input }).toString())
    expect(root).toMatch(/Basic Constraints: critical\s+CA:TRUE/)
    expect(root).toMatch(/Certificate Sign, CRL Sign/)
    expect(leaf).toMatch(/DNS:www\.nomagic\.test, DNS:\*\.chat\.nomagic\.test/)
    expect(leaf).toMatch(/Key Usage: critical\s+Digital Signature/)
    expect(leaf).toMatch(/TLS Web Server Authentication/)
  })
})
