// What was found, as files of `checks/`.
import { stringify } from 'yaml'
import type { Found } from './found.ts'

/** File names and their texts: site.yaml and one a service. `name`: the hoster's, for site.yaml. */
export function filesOf(domain: string, found: readonly Found[]): ReadonlyMap<string, string> {
  return new Map([
    ['site.yaml', siteOf(domain)],
    ...found.map((one) => [`${one.id}.yaml`, serviceOf(one, domain)] as const),
  ])
}

function siteOf(domain: string): string {
  return `# The site as a whole. \`vigie config\` names every mistake; the README explains every key.
name: ${yaml(domain)}
domain: ${domain}                 # stands for \${domain} in every file
languages: [fr, en]             # the first is the default
timezone: Europe/Paris
groups:
  - communication: { fr: Communication, en: Communication }
  - documents: { fr: Documents, en: Documents }
  - infrastructure: { fr: Infrastructure, en: Infrastructure }

sites: { home: {} }             # this machine; a twin elsewhere is a second line

# Hosts of others that prove that our own line works: on several networks, none at our provider. Each is asked some 2,000
# times a day, two in turn every 15 s. A friend's "mx.friend.example:25" proves that our line lets that port out.
witnesses:
  - "80.67.169.12:53"               # FDN
  - "9.9.9.9:53"                    # Quad9
  - "https://www.wikimedia.org/"
  - "https://www.debian.org/"
  - "https://www.ripe.net/"
  - "https://www.gandi.net/"

# Who gets mail, through whom: neither may depend on what is watched.
# mail:
#   from: "Vigie <vigie@elsewhere.example>"
#   relays: [ "smtps://vigie:\${secret:relay}@smtp.elsewhere.example" ]
# alerts:
#   - email: admins@elsewhere.example
`
}

function serviceOf({ name, group, url, by, checks, admins }: Found, domain: string): string {
  const head = [
    `# Found by ${by.replace(/\s+/g, ' ')}.`,
    `service: ${name.fr === name.en ? yaml(name.fr) : `{ fr: ${yaml(name.fr)}, en: ${yaml(name.en)} }`}`,
    `group: ${group}`,
    ...(url === null ? [] : [`url: ${yaml(withDomain(url, domain))}`]),
    ...(admins ? ['audience: admins'] : []),
    'checks:',
  ]
  const entries = checks.flatMap(({ entry, remark }) => {
    const lines = withDomain(stringify([entry], { lineWidth: 0 }).trimEnd(), domain).split('\n')
    return [...(remark === null ? [] : [`  # ${remark}`]), ...lines.map((line) => `  ${line}`)]
  })
  return `${[...head, ...entries].join('\n')}\n`
}

/** The domain, as a name of its own, becomes the placeholder. */
function withDomain(text: string, domain: string): string {
  const name = domain.replace(/[.]/g, '\\.')
  return text
    .replaceAll('${', '$${')
    .replace(new RegExp(`(?<![a-z0-9-])${name}(?![a-z0-9-]|\\.[a-z])`, 'g'), '${domain}')
}

function yaml(text: string): string {
  return stringify(text, { lineWidth: 0 }).trimEnd()
}
