// An admin in a hurry: opens incidents, adds to those that the site shows, and closes them.
import { nameFrom } from '../../src/core/payload.ts'
import { BEGINNING } from './configuration.ts'
import type { Random } from './random.ts'
import type { Site } from './site.ts'

export function createPosts(random: Random): { post(site: Site): void } {
  let number = 0
  return { post }

  function post(site: Site) {
    const board = site.process()?.board
    if (board === undefined) return
    number++
    const text = { fr: `Texte ${number}` }
    const common = {
      by: 'admin',
      at: BEGINNING + number,
      key: `post ${number}`,
      update: nameFrom(`update ${number}`),
      text,
    }
    const open = board.incidents().find(({ status }) => status !== 'resolved')
    try {
      if (open === undefined || random.chance(0.3))
        return board.say('incident.open', {
          ...common,
          id: nameFrom(`incident ${number}`),
          title: { fr: `Panne ${number}` },
          status: 'investigating',
          impact: 'minor',
          services: ['web'],
          started: BEGINNING,
          raises: 'none',
          outages: [],
        })
      board.say('incident.update', {
        ...common,
        id: open.id,
        status: random.pick(['identified', 'monitoring', 'resolved']),
      })
    } catch (error) {
      // The form says that it was not kept.
      if (!/readonly/.test(String(error))) throw error
    }
  }
}
