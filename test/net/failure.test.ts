import { describe, expect, it } from 'vitest'
import { failed, ofConnecting, ofResolver, outcomeOf } from '../../src/net/failure.ts'

const error = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more })

describe('meaning of failures', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'timeout'],
    ['EPIPE', 'reset'],
    ['ERR_SOCKET_CLOSED', 'closed'],
    ['HPE_HEADER_OVERFLOW', 'protocol'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
  ])('blames the target for %s: %s', (code, reason) => {
    expect(outcomeOf(error(code, { syscall: 'connect' }))).toMatchObject({ ok: false, reason })
  })

  it.each([
    ['ENETUNREACH', 'offline'],
    ['EADDRNOTAVAIL', 'offline'],
    ['EAFNOSUPPORT', 'offline'],
    ['EPERM', 'blocked'],
    ['EMFILE', 'overload'],
    ['ENFILE', 'overload'],
    ['ENOBUFS', 'overload'],
    ['ENOMEM', 'overload'],
  ])('learns nothing about the target from %s: %s', (code, reason) => {
    expect(outcomeOf(error(code, { syscall: 'connect' }))).toMatchObject({ ok: null, reason })
  })

  it.each([
    ['ENOTFOUND', false, 'dns'],
    ['ESERVFAIL', false, 'dns'],
    ['ENODATA', false, 'dns'],
    ['ECONNREFUSED', null, 'resolver'],
    ['ETIMEOUT', null, 'resolver'],
    ['ECANCELLED', null, 'resolver'],
    ['EREFUSED', null, 'resolver'],
    ['ENETUNREACH', null, 'offline'],
    ['EMFILE', null, 'overload'],
  ])('tells the resolver from the zone: %s is %s, %s', (code, ok, reason) => {
    expect(outcomeOf(error(code, { syscall: 'queryA' }))).toMatchObject({ ok, reason })
    expect(outcomeOf(ofResolver(error(code)))).toMatchObject({ ok, reason })
  })

  const FAR = '2001:db8:77::1:81'
  it.each([
    ['ENETUNREACH', `connect ENETUNREACH ${FAR}`, false, 'unreachable'],
    ['ENETUNREACH', `connect ENETUNREACH ${FAR} - Local (:::0)`, null, 'offline'],
    ['EACCES', `connect EACCES ${FAR}`, false, 'unreachable'],
    ['EACCES', `connect EACCES ${FAR} - Local (:::0)`, null, 'blocked'],
    ['ENOPROTOOPT', 'connect ENOPROTOOPT 203.0.113.1:81', false, 'unreachable'],
    ['EHOSTUNREACH', `connect EHOSTUNREACH ${FAR}`, false, 'unreachable'],
    ['EPERM', `connect EPERM ${FAR} - Local (:::0)`, null, 'blocked'],
    ['ECONNREFUSED', `connect ECONNREFUSED ${FAR}`, false, 'refused'],
  ])('tells what is said on the way from what our own system says: %s, %s', (code, message, ok, reason) => {
    const connecting = error(code, { message, syscall: 'connect' })
    expect(outcomeOf(ofConnecting(connecting))).toMatchObject({ ok, reason })
    expect(ofConnecting(connecting)).toMatchObject({ code })
  })

  it('takes an error of a connection that was open, or of something else, as it is', () => {
    for (const other of [error('ENETUNREACH', { syscall: 'read' }), new TypeError('x'), 'text'])
      expect(ofConnecting(other)).toBe(other)
    expect(outcomeOf(ofConnecting(error('ENETUNREACH', { syscall: 'read' })))).toMatchObject({ ok: null })
  })

  it('tells a connection that was reset from one that ended during the handshake', () => {
    expect(outcomeOf(error('ECONNRESET', { syscall: 'read' }))).toMatchObject({ reason: 'reset' })
    expect(outcomeOf(error('ECONNRESET'))).toMatchObject({ reason: 'closed' })
  })

  it('takes what was aborted for a timeout', () => {
    const controller = new AbortController()
    controller.abort()
    expect(outcomeOf(controller.signal.reason)).toMatchObject({ ok: false, reason: 'timeout' })
  })

  it('hands back a failure that knew its meaning', () => {
    const failure = { ok: null, reason: 'blocked', note: 'not there' } as const
    expect(outcomeOf(failed(failure))).toEqual(failure)
  })

  it.each([
    [new TypeError('x is not a function')],
    [new RangeError('too far')],
    [error('ERR_INVALID_ARG_TYPE')],
    ['text'],
    [undefined],
  ])('throws a bug on: %s', (bug) => {
    expect(() => outcomeOf(bug)).toThrow()
  })

  it('says what OpenSSL said, without addresses and file names', () => {
    const wrong =
      '00F0:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/ssl/s3.c:354:\n'
    expect(outcomeOf(error('EPROTO', { message: wrong })).note).toBe('TLS: wrong version number')
  })
})
