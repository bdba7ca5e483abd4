// sieve: filters can be changed over ManageSieve.
import type { Settings } from '../core/settings.ts'
import { createSieve } from '../net/sieve.ts'
import type { Plan, ProbeKind } from './kind.ts'
import { readDoor, visiting } from './mail-door.ts'

export const sieve: ProbeKind = {
  summary:
    'filters can be changed over ManageSieve: greeting, TLS with a good certificate, the login where one is given',
  example: 'mail.example.org:4190',
  configure,
}

function configure(settings: Settings): Plan {
  const door = readDoor(settings, settings.targetHostPort())
  return { does: 'look', probe: visiting({ door, speak: createSieve }) }
}
