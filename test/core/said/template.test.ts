import { describe, expect, it } from 'vitest'
import { fillTemplate, strangeBlanks, type Template } from '../../../src/core/said/template.ts'

const TEMPLATE: Template = {
  id: 'x',
  title: { fr: '{services} : lent', en: '{services}: slow' },
  text: { fr: '{services} : {what} {since}. {autre}', en: '{services}: {what} {since}.' },
  status: null,
  impact: null,
  services: [],
}
/** 14:02 in Paris. */
const STARTED = Date.parse('2026-11-23T13:02:00Z')
const KNOWN = { services: [], able: {}, started: STARTED, now: STARTED + 60_000, timezone: 'Europe/Paris' }

describe('a template', () => {
  it('is filled with what is known, in its languages', () => {
    const services = [{ fr: 'Courriel', en: 'E-mail' }, { fr: 'Pads' }]
    const able = { fr: 'on peut lire, pas envoyer', en: 'you can read, but not send' }
    expect(fillTemplate(TEMPLATE, { ...KNOWN, services, able })).toEqual({
      title: { fr: 'Courriel, Pads : lent', en: 'E-mail, Pads: slow' },
      text: {
        fr: 'Courriel, Pads : on peut lire, pas envoyer depuis 14:02. {autre}',
        en: 'E-mail, Pads: you can read, but not send since 14:02.',
      },
    })
  })

  it('tells names apart where one holds a comma', () => {
    const services = [
      { fr: 'Fichiers', en: 'Files' },
      { fr: 'Rendez-vous, sondages', en: 'Dates, polls' },
    ]
    expect(fillTemplate(TEMPLATE, { ...KNOWN, services }).title).toEqual({
      fr: '«\u00a0Fichiers\u00a0», «\u00a0Rendez-vous, sondages\u00a0» : lent',
      en: '“Files”, “Dates, polls”: slow',
    })
  })

  it('says something true where little is known', () => {
    expect(fillTemplate(TEMPLATE, KNOWN).text).toEqual({
      fr: 'Nos services : en panne depuis 14:02. {autre}',
      en: 'Our services: not working since 14:02.',
    })
  })

  it('has no other blanks than there are', () => {
    expect(strangeBlanks('{services} {servces} {} a')).toEqual(['servces', ''])
  })
})
