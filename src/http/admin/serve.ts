// `/admin/`: everything an admin sees and does in a browser. Loaded and registered in a context of its own.
import type { FastifyInstance } from 'fastify'
import type { Access } from '../../access/accounts.ts'
import type { Sessions } from '../../access/sessions.ts'
import { say } from '../../core/text.ts'
import type { Views } from '../../page/pages/views.ts'
import { putUpAccounts } from './accounts.ts'
import { type Acknowledging, putUpAcknowledge } from './acknowledge.ts'
import { putUpChecks } from './checks.ts'
import type { Desk } from './desk.ts'
import { openDoor, type Visit } from './door.ts'
import { putUpEntrance } from './entrance.ts'
import { frameOf, stylePath } from './frame.ts'
import { putUpIncidents } from './incidents.ts'
import { putUpJournal } from './journal.ts'
import { putUpMail } from './mail.ts'
import { putUpMaintenance } from './maintenance.ts'
import { putUpNow } from './now.ts'

export interface AdminDeps {
  readonly access: Access
  readonly sessions: Sessions
  readonly desk: Desk
  readonly acknowledging: Acknowledging
  readonly views: Pick<Views, 'render' | 'adminStyle'>
}

/** To be registered under `/admin`. */
export async function serveAdmin(app: FastifyInstance, deps: AdminDeps): Promise<void> {
  const { access, sessions, desk, acknowledging, views } = deps
  const { configuration, clockTrusted } = desk
  const style = stylePath(views.adminStyle)
  const render = (template: string, visit: Visit, model: object) =>
    views.render(`admin/${template}`, {
      ...frameOf(visit, { hoster: say(configuration().name, visit.language), sheet: `/admin${style}` }),
      ...model,
    })
  const door = await openDoor(app, { access, sessions, configuration, clockTrusted, render })
  app.route({
    method: ['GET', 'HEAD'],
    url: style,
    handler: (_request, reply) =>
      reply
        .headers({ 'cache-control': 'public, max-age=31536000, immutable', 'x-content-type-options': 'nosniff' })
        .type('text/css; charset=utf-8')
        .send(views.adminStyle),
  })
  putUpEntrance(door, { access, sessions, configuration, clockTrusted })
  putUpAcknowledge(door, desk, acknowledging)
  putUpNow(door, desk)
  putUpIncidents(door, desk)
  putUpMaintenance(door, desk)
  putUpChecks(door, desk)
  putUpMail(door, desk)
  putUpAccounts(door, { access, sessions, desk })
  putUpJournal(door, desk)
}
