// The words of the pages about accounts and keys.
import type { Scope } from '../../core/said/account.ts'
import type { Language } from '../../core/text.ts'

export interface AccountWords {
  readonly intro: string
  readonly you: string
  readonly since: string
  readonly codesLeft: (count: number) => string
  readonly invited: string
  readonly remove: string
  readonly removeHint: (name: string) => string
  readonly invite: string
  readonly inviteHint: string
  readonly name: string
  readonly nameHint: string
  readonly password: string
  readonly passwordHint: string
  readonly link: string
  readonly linkHint: (name: string) => string
  /** `until`: `jusqu’à 14:32`. */
  readonly good: (until: string) => string
  readonly renew: string
  readonly renewHint: string
  readonly sessions: string
  readonly here: string
  readonly seen: string
  readonly unknownDevice: string
  readonly end: string
  readonly keys: string
  readonly keysHint: string
  readonly noKeys: string
  readonly revoke: string
  readonly createKey: string
  readonly scopes: string
  readonly scope: Readonly<Record<Scope, string>>
  readonly key: string
  readonly keyHint: string
  readonly back: string
  readonly faults: Readonly<Record<'wrong' | 'slow' | 'name' | 'exists' | 'scopes' | 'self', string>>
}

export const ACCOUNT_WORDS: Readonly<Record<Language, AccountWords>> = {
  fr: {
    intro: 'Tout le monde ici peut tout : publier, planifier, inviter, supprimer.',
    you: 'vous',
    since: 'depuis',
    codesLeft: (count) => (count === 1 ? '1 code de secours restant' : `${count} codes de secours restants`),
    invited: 'invitation en attente',
    remove: 'Supprimer',
    removeHint: (name) => `Le compte ${name} et ses sessions disparaissent aussitôt, sur les deux sites.`,
    invite: 'Inviter quelqu’un',
    inviteHint: 'Vous recevez un lien, bon une fois et 30 minutes. Transmettez-le par un canal sûr.',
    name: 'Nom',
    nameHint: 'Minuscules, chiffres, point, tiret ; 32 au plus.',
    password: 'Votre mot de passe, encore une fois',
    passwordHint: 'Changer un accès demande à nouveau votre mot de passe.',
    link: 'Le lien',
    linkHint: (name) => `Il donne à ${name} un nouvel accès. Il ne sera plus montré.`,
    good: (until) => `valable ${until}`,
    renew: 'Changer mon accès',
    renewHint: 'Nouveau mot de passe, nouvelle application, nouveaux codes. Toutes vos sessions seront closes.',
    sessions: 'Mes sessions',
    here: 'celle-ci',
    seen: 'vue',
    unknownDevice: 'Appareil inconnu',
    end: 'Déconnecter',
    keys: 'Clés de l’API',
    keysHint: 'Un script qui publie se présente avec une clé : Authorization: Bearer …',
    noKeys: 'Aucune clé.',
    revoke: 'Révoquer',
    createKey: 'Créer une clé',
    scopes: 'Ce qu’elle peut',
    scope: { incidents: 'Publier des incidents', maintenance: 'Planifier des maintenances' },
    key: 'La clé',
    keyHint: 'Copiez-la maintenant : elle ne sera plus montrée.',
    back: 'Retour aux comptes',
    faults: {
      wrong: 'ce n’est pas votre mot de passe.',
      slow: 'un autre essai est en cours, le mot de passe n’a pas été comparé. Réessayez dans quelques secondes.',
      name: 'ce nom ne va pas : minuscules, chiffres, point, tiret.',
      exists: 'ce compte existe. Pour un nouvel accès : vigie admin recover NOM sur la machine.',
      scopes: 'cochez au moins une chose que la clé peut faire.',
      self: 'votre propre compte : demandez-le à quelqu’un d’autre.',
    },
  },
  en: {
    intro: 'Everybody here may do everything: publish, plan, invite, remove.',
    you: 'you',
    since: 'since',
    codesLeft: (count) => (count === 1 ? '1 recovery code left' : `${count} recovery codes left`),
    invited: 'invited, not here yet',
    remove: 'Remove',
    removeHint: (name) => `The account ${name} and its sessions are gone at once, on both sites.`,
    invite: 'Invite somebody',
    inviteHint: 'You get a link, good once and for 30 minutes. Pass it on over a safe channel.',
    name: 'Name',
    nameHint: 'Lowercase letters, digits, dot, hyphen; 32 at most.',
    password: 'Your password, once more',
    passwordHint: 'Changing access needs your password again.',
    link: 'The link',
    linkHint: (name) => `It gives ${name} a new access. It will not be shown again.`,
    good: (until) => `good ${until}`,
    renew: 'Change my access',
    renewHint: 'A new password, a new app, new codes. All your sessions will be over.',
    sessions: 'My sessions',
    here: 'this one',
    seen: 'seen',
    unknownDevice: 'Unknown device',
    end: 'Sign out',
    keys: 'API keys',
    keysHint: 'A script that publishes says who it is with a key: Authorization: Bearer …',
    noKeys: 'No keys.',
    revoke: 'Revoke',
    createKey: 'Create a key',
    scopes: 'What it may do',
    scope: { incidents: 'Publish incidents', maintenance: 'Plan maintenance' },
    key: 'The key',
    keyHint: 'Copy it now: it will not be shown again.',
    back: 'Back to accounts',
    faults: {
      wrong: 'this is not your password.',
      slow: 'another attempt is under way, and the password was not compared. Try again in a few seconds.',
      name: 'this name won’t do: lowercase letters, digits, dot, hyphen.',
      exists: 'this account exists. For a new access: vigie admin recover NAME on the machine.',
      scopes: 'tick at least one thing that the key may do.',
      self: 'your own account: ask somebody else.',
    },
  },
}
