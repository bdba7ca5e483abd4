// Every software that vigie knows. A new one is a file and a line here.
import { bigbluebutton } from './bigbluebutton.ts'
import { bind } from './bind.ts'
import { collabora } from './collabora.ts'
import { cryptpad } from './cryptpad.ts'
import { dendrite } from './dendrite.ts'
import { discourse } from './discourse.ts'
import { dolibarr } from './dolibarr.ts'
import { dovecot } from './dovecot.ts'
import { ejabberd } from './ejabberd.ts'
import { element } from './element.ts'
import { etherpad } from './etherpad.ts'
import { forgejo } from './forgejo.ts'
import { framadate } from './framadate.ts'
import { freshrss } from './freshrss.ts'
import { galene } from './galene.ts'
import { gitlab } from './gitlab.ts'
import { hedgedoc } from './hedgedoc.ts'
import { jitsi } from './jitsi.ts'
import { keycloak } from './keycloak.ts'
import { lemonldap } from './lemonldap.ts'
import { lufi } from './lufi.ts'
import { lutim } from './lutim.ts'
import { mailman } from './mailman.ts'
import { mastodon } from './mastodon.ts'
import { mattermost } from './mattermost.ts'
import { mobilizon } from './mobilizon.ts'
import { mumble } from './mumble.ts'
import { nextcloud } from './nextcloud.ts'
import { onlyoffice } from './onlyoffice.ts'
import { openfire } from './openfire.ts'
import { peertube } from './peertube.ts'
import { postfix } from './postfix.ts'
import type { Preset } from './preset.ts'
import { privatebin } from './privatebin.ts'
import { prosody } from './prosody.ts'
import { proxmox } from './proxmox.ts'
import { radicale } from './radicale.ts'
import { roundcube } from './roundcube.ts'
import { rspamd } from './rspamd.ts'
import { seafile } from './seafile.ts'
import { searxng } from './searxng.ts'
import { sogo } from './sogo.ts'
import { ssh } from './ssh.ts'
import { sympa } from './sympa.ts'
import { synapse } from './synapse.ts'
import { turtl } from './turtl.ts'
import { vaultwarden } from './vaultwarden.ts'
import { wallabag } from './wallabag.ts'

/** By the name that `preset:` takes. */
export const presets: Readonly<Record<string, Preset>> = {
  bigbluebutton,
  bind,
  collabora,
  cryptpad,
  dendrite,
  discourse,
  dolibarr,
  dovecot,
  ejabberd,
  element,
  etherpad,
  forgejo,
  framadate,
  freshrss,
  galene,
  gitlab,
  hedgedoc,
  jitsi,
  keycloak,
  lemonldap,
  lufi,
  lutim,
  mailman,
  mastodon,
  mattermost,
  mobilizon,
  mumble,
  nextcloud,
  onlyoffice,
  openfire,
  peertube,
  postfix,
  privatebin,
  prosody,
  proxmox,
  radicale,
  roundcube,
  rspamd,
  seafile,
  searxng,
  sogo,
  ssh,
  sympa,
  synapse,
  turtl,
  vaultwarden,
  wallabag,
}

/** Also by one of its other names; undefined: there is none such. */
export function presetNamed(name: string): Preset | undefined {
  if (Object.hasOwn(presets, name)) return presets[name]
  return Object.values(presets).find(({ also }) => also?.includes(name))
}
