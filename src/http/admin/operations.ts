// All that the API can do, as one list.
import { INCIDENT_OPERATIONS } from './incident-operations.ts'
import { MAINTENANCE_OPERATIONS } from './maintenance-operations.ts'
import type { Operation } from './operation.ts'

export const OPERATIONS: readonly Operation[] = [...INCIDENT_OPERATIONS, ...MAINTENANCE_OPERATIONS]
