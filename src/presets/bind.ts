import type { Preset } from './preset.ts'

export const bind: Preset = {
  name: 'A name server',
  at: 'host',
  also: ['dns'],
  options: { zone: 'the zone it serves' },
  checks: [
    { id: 'soa', proves: null, needs: ['zone'], entry: { dns: '{zone}', type: 'SOA', server: '{host}', every: '5m' } },
  ],
  misses: 'other servers of the zone: add `same_serial: true` to a `dns` check',
  basis: 'the software itself',
  tried: null,
}
