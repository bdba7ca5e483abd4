// Where people find a site that has no address of its own, such as one behind NAT.
import type { Site } from './check.ts'

/** The site's own `url`, else that of the first other that has one and is among `roles`; null: nobody said any. */
export function reachableAt(
  sites: readonly Pick<Site, 'id' | 'url' | 'role'>[],
  own: string,
  roles: readonly Site['role'][] = ['full', 'observer'],
): string | null {
  const has = sites.filter(({ url, role }) => url !== null && roles.includes(role))
  return (has.find(({ id }) => id === own) ?? has[0])?.url ?? null
}
