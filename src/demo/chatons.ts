// What the hoster publishes of itself as a member of CHATONS: a list of its services, and a file for each (ChatonsInfos).

/** Its web addresses, by their first label, and the software there. */
const RUNS: readonly (readonly [string, string])[] = [
  ['webmail', 'SOGo'],
  ['files', 'Seafile'],
  ['office', 'OnlyOffice'],
  ['pads', 'Etherpad'],
  ['notes', 'HedgeDoc'],
  ['lufi', 'Lufi'],
  ['lutim', 'Lutim'],
  ['framadate', 'Framadate'],
  ['wallabag', 'Wallabag'],
  ['turtl', 'Turtl'],
]

/**
 * The organisation's own file, which names the others as `subs.…`, and one for each service, all under the domain
 * itself.
 */
export function chatonsPages(domain: string): readonly { readonly path: string; readonly body: string }[] {
  const pathOf = (label: string) => `/.well-known/chatonsinfos/${label}.properties`
  const list = RUNS.map(([label]) => `subs.${label} = https://${domain}${pathOf(label)}\n`)
  const head = `file.class = organization\norganization.website = https://www.${domain}/\n`
  return [
    { path: pathOf(domain), body: `${head}${list.join('')}` },
    ...RUNS.map(([label, software]) => ({
      path: pathOf(label),
      body: `file.class = service\nservice.website = https://${label}.${domain}/\nsoftware.name = ${software}\n`,
    })),
  ]
}
