import MailComposer from 'nodemailer/lib/mail-composer'
import { expect, it } from 'vitest'
import { readLetter } from '../../src/demo/letter.ts'

const body = 'Été : « cœur »\n\nUne ligne assez longue pour être pliée par qui que ce soit, avec un = et un point.\n.\n'

it.each(['quoted-printable', 'base64'] as const)('reads what nodemailer writes as %s', async (textEncoding) => {
  const subject = '[Nomagic] Courriel, œuvres et une longue suite de mots accentués : été, hiver, où, là, çà'
  const composed = new MailComposer({
    from: 'Vigie <vigie@a.example>',
    to: 'admins@b.example',
    subject,
    text: body,
    textEncoding,
    newline: 'win',
  })
  const raw = (await composed.compile().build()).toString('utf8')
  expect(readLetter(raw)).toEqual({
    subject,
    from: 'Vigie <vigie@a.example>',
    to: 'admins@b.example',
    body: body.trimEnd(),
  })
})

it('leaves as it came what it can’t read', () => {
  expect(readLetter('')).toEqual({ subject: '', from: '', to: '', body: '' })
  expect(readLetter('no mail at all').body).toBe('')
  expect(readLetter('Subject: =?x?y?z?=\r\n\r\n=ZZ=')).toMatchObject({ subject: '=?x?y?z?=', body: '=ZZ=' })
})
