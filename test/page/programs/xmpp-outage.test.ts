// `/outage.json` as XEP-0455 has it.
import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../../src/core/time/time.ts'
import { xmppOutage } from '../../../src/page/programs/xmpp-outage.ts'
import { MOMENTS, NOON, OUTAGE, serviceOf } from '../pictures.ts'
import { incident, saying, work } from '../said.ts'

const chat = (changes: object = {}) => {
  const service = serviceOf('matrix', { fr: 'Messagerie', en: 'Matrix chat' }, null, changes)
  const checks = [{ ...service.service.checks[0]!, kind: 'xmpp', target: 'nomagic.test' }]
  return { ...service, service: { ...service.service, checks } }
}

describe('the outage of XMPP', () => {
  it('is empty when all is well', () => {
    expect(xmppOutage(MOMENTS.allWell)).toEqual({})
    expect(
      xmppOutage(saying({ services: [chat()], incidents: [incident({ status: 'resolved', services: ['matrix'] })] })),
    ).toEqual({})
  })

  it('says what admins last said of it, in every language and a default', () => {
    const picture = saying({ services: [chat()], incidents: [incident({ services: ['matrix'] })] })
    expect(xmppOutage(picture)).toEqual({
      planned: false,
      beginning: new Date(OUTAGE).toISOString(),
      message: {
        default: 'Courriel : envois refusés\nLe disque est plein; on fait de la place.',
        fr: 'Courriel : envois refusés\nLe disque est plein; on fait de la place.',
        en: 'E-mail: sending refused\nLe disque est plein; on fait de la place.',
      },
    })
  })

  it('does not speak of other services', () => {
    expect(
      xmppOutage(
        saying({
          services: [chat(), ...MOMENTS.oneDown.services.filter(({ service }) => service.id === 'mail')],
          incidents: [incident()],
        }),
      ),
    ).toEqual({})
  })

  it('says what was measured where nobody said anything yet', () => {
    const picture = saying({ services: [chat({ status: 'major_outage', since: OUTAGE })] })
    expect(xmppOutage(picture)).toMatchObject({
      planned: false,
      message: { en: expect.stringContaining('Matrix chat: down since ') },
    })
  })

  it('announces work two days ahead, with its end, and what is under way before what is to come', () => {
    const services = [chat()]
    const soon = work({ begins: NOON + DAY, ends: NOON + DAY + HOUR })
    const now = work({ id: 'now', begins: NOON - HOUR, ends: NOON + HOUR })
    const far = work({ begins: NOON + 3 * DAY, ends: NOON + 3 * DAY + HOUR })
    const endOf = (...maintenances: (typeof soon)[]) =>
      (xmppOutage(saying({ services, maintenances })) as { expected_end?: string }).expected_end
    expect(endOf(soon)).toBe(new Date(soon.ends).toISOString())
    expect(endOf(now, soon)).toBe(new Date(now.ends).toISOString())
    expect(endOf(far)).toBeUndefined()
    expect(endOf({ ...soon, cancelled: NOON })).toBeUndefined()
  })
})
