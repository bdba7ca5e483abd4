// Planned work.
import type { Maintenance } from '../../core/said/maintenance.ts'
import type { Answer } from '../../core/said/post.ts'
import { DAY } from '../../core/time/time.ts'
import { showMaintenance } from './api-shape.ts'
import { found, type Ground, limitOf, MOST, type Operation } from './operation.ts'

/** How far ahead times of work are listed. */
const AHEAD = 92 * DAY

export const MAINTENANCE_OPERATIONS: readonly Operation[] = [
  {
    id: 'listMaintenances',
    method: 'GET',
    path: '/maintenances',
    scope: 'maintenance',
    summary: 'Planned work, the one that was planned last first, each with its next times',
    takes: null,
    gives: 'MaintenanceList',
    query: { limit: `how many, at most ${MOST}; 50 when not said` },
    run: ({ query }, ground) => {
      const some = ground.said.maintenances().slice(0, limitOf(query))
      return { done: { maintenances: some.map((one) => withTimes(one, ground)) } }
    },
  },
  {
    id: 'planMaintenance',
    method: 'POST',
    path: '/maintenances',
    scope: 'maintenance',
    summary: 'Plans work; it begins and ends by itself, and mutes mails meanwhile',
    takes: 'MaintenancePlan',
    gives: 'Maintenance',
    makes: true,
    run: ({ body, from }, ground) => planned(ground.post.maintenance.plan(body, from), ground),
  },
  {
    id: 'getMaintenance',
    method: 'GET',
    path: '/maintenances/{id}',
    scope: 'maintenance',
    summary: 'One maintenance with its next times',
    takes: null,
    gives: 'Maintenance',
    run: ({ params }, ground) =>
      found('maintenance', ground.said.maintenance(params.id!), (one) => withTimes(one, ground)),
  },
  {
    id: 'changeMaintenance',
    method: 'PATCH',
    path: '/maintenances/{id}',
    scope: 'maintenance',
    summary: 'Changes its words, services or times',
    takes: 'MaintenanceChange',
    gives: 'Maintenance',
    run: ({ params, body, from }, ground) => planned(ground.post.maintenance.change(params.id!, body, from), ground),
  },
  {
    id: 'prolongMaintenance',
    method: 'POST',
    path: '/maintenances/{id}/prolong',
    scope: 'maintenance',
    summary: 'Gives one time another end: later, or `now`',
    takes: 'MaintenanceProlongation',
    gives: 'Maintenance',
    run: ({ params, body, from }, ground) => planned(ground.post.maintenance.prolong(params.id!, body, from), ground),
  },
  {
    id: 'cancelMaintenance',
    method: 'POST',
    path: '/maintenances/{id}/cancel',
    scope: 'maintenance',
    summary: 'Calls off one time, or all that is to come',
    takes: 'MaintenanceCancellation',
    gives: 'Maintenance',
    run: ({ params, body, from }, ground) => planned(ground.post.maintenance.cancel(params.id!, body, from), ground),
  },
  {
    id: 'updateMaintenance',
    method: 'POST',
    path: '/maintenances/{id}/updates',
    scope: 'maintenance',
    summary: 'Adds news of the work',
    takes: 'Words',
    gives: 'Maintenance',
    makes: true,
    run: ({ params, body, from }, ground) => planned(ground.post.maintenance.update(params.id!, body, from), ground),
  },
]

function planned(answer: Answer<Maintenance>, ground: Ground): Answer<object> {
  return 'refused' in answer ? answer : { done: withTimes(answer.done, ground) }
}

function withTimes(maintenance: Maintenance, { said, now }: Ground): object {
  const at = now()
  const times = said.occurrences(at, at + AHEAD).filter((one) => one.maintenance.id === maintenance.id)
  return showMaintenance(maintenance, times, at)
}
