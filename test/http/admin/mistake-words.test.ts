// Every message that a form can get, in both languages. They are read from the code, so that none is added without its words.
import { readFileSync } from 'node:fs'
import { parseAst } from 'vite'
import { describe, expect, it } from 'vitest'
import { readPlan } from '../../../src/core/said/maintenance-submission.ts'
import { NOTHING_PREPARED, type Read, readOpening, readSubmission } from '../../../src/core/said/submission.ts'
import { mistakeIn } from '../../../src/http/admin/mistake-words.ts'
import { faultOf } from '../../../src/http/admin/posted-form.ts'

const MAKERS = ['src/core/said/submission.ts', 'src/core/said/maintenance-submission.ts', 'src/board/post.ts']

/** Said to members, completed before it is said, part of another, or a name of something. */
const OTHERS = /^(C’est rétabli\.|It is back to normal\.|is 7|there is none|there 7 7|incident draft 7)$/

/** Texts of several words, with something in every blank. */
const messages = MAKERS.flatMap((file) =>
  textsOf(parseAst(readFileSync(file, 'utf8'), { lang: 'ts' })).filter(
    (text) => text.includes(' ') && text.length > 5 && !OTHERS.test(text),
  ),
)

/** Every text in a syntax tree (ESTree). */
function textsOf(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(textsOf)
  if (typeof node !== 'object' || node === null) return []
  const { type, value, quasis } = node as { type?: string; value?: unknown; quasis?: { value: { cooked: string } }[] }
  if (type === 'Literal') return typeof value === 'string' ? [value] : []
  const own = type === 'TemplateLiteral' ? [quasis!.map((part) => part.value.cooked).join('7')] : []
  return [...own, ...Object.values(node).flatMap(textsOf)]
}

describe('what a form answers', () => {
  it('exists in French for every message there is', () => {
    expect(messages.length).toBeGreaterThan(30)
    for (const message of messages) expect(mistakeIn(message, 'fr'), message).not.toBe(message)
  })

  it('speaks of no key and no code', () => {
    for (const message of messages) expect(mistakeIn(message, 'en')).not.toMatch(/`|JSON|idempotency/)
  })

  const around = {
    languages: ['fr', 'en'],
    services: ['mail'],
    timezone: 'Europe/Paris',
    now: Date.parse('2026-11-23T13:12:00Z'),
  } as const
  const fault = (read: Read<unknown>, language: 'fr' | 'en') =>
    'mistakes' in read ? faultOf({ refused: 'invalid', mistakes: read.mistakes }, language) : null

  it('names what is wrong by the label of its field', () => {
    const opening = readSubmission(
      { title: { fr: 'a\nb' }, services: ['x'], started: 'demain' },
      around,
      (submission) => readOpening(submission, NOTHING_PREPARED),
    )
    expect(fault(opening, 'fr')?.replaceAll('\u00a0', ' ')).toBe(
      'Début : "demain" n’est pas un moment. Écrivez 14:02, « 2026-11-23 14:02 » ou 2026-11-23T14:02Z ; Services touchés : "x" n’est pas un service ; il y a mail ; Titre en français : tient sur une ligne, en 200 caractères au plus ; Message : à remplir.',
    )
    const plan = readSubmission(
      { title: 'a', text: 'b', services: ['mail'], begins: '15:00', ends: '2027-02-01' },
      around,
      (one) => readPlan(one, NOTHING_PREPARED),
    )
    expect(fault(plan, 'fr')).toBe('Fin\u00a0: vient plus de 31 jours après le début.')
    expect(fault(plan, 'en')).toMatch(/comes more than 31 days later\.$/)
  })

  it('asks for the end of work whose beginning is not told either', () => {
    for (const handed of [{}, { begins: '', ends: '' }, { begins: 'demain', ends: '' }]) {
      const plan = readSubmission({ title: 'a', text: 'b', services: ['mail'], ...handed }, around, (one) =>
        readPlan(one, NOTHING_PREPARED),
      )
      expect(fault(plan, 'fr')?.replaceAll('\u00a0', ' ')).toMatch(/^(Début : [^;]*; )?Fin : à remplir\.$/)
    }
  })

  it('needs no label where all of it is meant', () => {
    const answer = { refused: 'conflict', mistakes: [{ field: 'body', message: 'all of it is over' }] } as const
    expect(faultOf(answer, 'fr')).toBe('Tout est déjà passé.')
    expect(faultOf(answer, 'en')).toBe('All of it is over.')
    const gone = { refused: 'unknown', mistakes: [{ field: 'draft', message: 'there is no such draft' }] } as const
    expect(faultOf(gone, 'fr')).toBe('Brouillon\u00a0: n’existe pas, ou plus.')
  })
})
