// The words of the way in: to log in, to be let in for the first time, and to be refused.
import type { Language } from '../../core/text.ts'

export interface EntranceWords {
  readonly login: {
    readonly title: string
    readonly name: string
    readonly password: string
    readonly code: string
    readonly codeHint: string
    readonly trust: string
    readonly submit: string
    readonly clock: string
    readonly faults: Readonly<Record<'wrong' | 'slow' | 'clock', string>>
    readonly lost: string
  }
  readonly refused: Readonly<
    Record<'insecure' | 'forwarded' | 'observer' | 'foreign' | 'stale', readonly [title: string, text: string]>
  >
  /** `kept`: something was written; `nothing`: it was a button alone; `copy`: above what was written. */
  readonly ended: Readonly<Record<'title' | 'kept' | 'nothing' | 'copy', string>>
  readonly welcome: {
    readonly title: (name: string) => string
    readonly gone: readonly [title: string, text: string]
    readonly intro: string
    readonly password: string
    readonly passwordHint: string
    readonly app: string
    readonly appHint: string
    readonly open: string
    readonly square: string
    readonly secret: string
    readonly code: string
    readonly codeHint: string
    readonly noClock: string
    readonly submit: string
    readonly faults: Readonly<Record<'short' | 'long' | 'simple' | 'code', string>>
    readonly codes: string
    readonly codesHint: string
    readonly ready: string
  }
}

export const ENTRANCE_WORDS: Readonly<Record<Language, EntranceWords>> = {
  fr: {
    login: {
      title: 'Connexion',
      name: 'Nom',
      password: 'Mot de passe',
      code: 'Code',
      codeHint: 'Les six chiffres de votre application, ou un code de secours.',
      trust: 'C’est mon appareil : rester en ligne 30 jours',
      submit: 'Se connecter',
      clock: 'L’horloge de ce site n’est pas sûre en ce moment : seuls les codes de secours marchent.',
      faults: {
        wrong:
          'Le nom, le mot de passe ou le code n’est pas le bon. Un code ne sert qu’une fois : attendez le suivant.',
        slow: 'Un autre essai est en cours. Réessayez dans quelques secondes.',
        clock: 'L’horloge de ce site n’est pas sûre : prenez un code de secours.',
      },
      lost: 'Tout est perdu ? Sur la machine de vigie : vigie admin recover NOM',
    },
    refused: {
      insecure: [
        'Seulement par HTTPS',
        'Un mot de passe ne voyage pas en clair. Ouvrez cette page par son adresse en https://, ou depuis la machine même. Sur le réseau de la maison, admin: { lan: true } dans site.yaml le permet.',
      ],
      forwarded: [
        'Ce relais n’est pas connu',
        'Un serveur a transmis cette demande, et site.yaml ne le nomme pas sous proxy: ; vigie ne peut pas le croire quand il dit HTTPS.',
      ],
      observer: ['Personne ne se connecte ici', 'Ce site observe, sans connaître de compte. Allez sur un autre site.'],
      foreign: [
        'Demande venue d’ailleurs',
        'Ce n’est pas une page de ce site qui l’a envoyée, rien n’a été fait. Si un relais est devant vigie, il doit transmettre l’en-tête Host.',
      ],
      stale: [
        'La page était trop vieille',
        'Votre session a changé entre-temps, rien n’a été fait. Revenez en arrière, rechargez et recommencez.',
      ],
    },
    ended: {
      title: 'Votre session est finie',
      kept: 'Rien n’a été fait, et rien n’est perdu : connectez-vous, et vous retrouverez le formulaire tel que vous l’aviez rempli.',
      nothing: 'Rien n’a été fait. Connectez-vous, puis recommencez.',
      copy: 'Ce que vous aviez écrit',
    },
    welcome: {
      title: (name) => `Bienvenue, ${name}`,
      gone: [
        'Ce lien ne vaut plus rien',
        'Il a servi, ou plus de 30 minutes ont passé. Demandez-en un autre : vigie admin invite NOM.',
      ],
      intro: 'Deux choses vous ouvriront la porte : un mot de passe, et un code que votre téléphone calcule.',
      password: 'Mot de passe',
      passwordHint: 'Au moins 12 caractères ; une phrase fait l’affaire.',
      app: 'Application de codes',
      appHint:
        'FreeOTP, Aegis, un gestionnaire de mots de passe… : ouvrez le lien sur votre téléphone, photographiez le carré ou recopiez le secret.',
      open: 'Ouvrir dans l’application',
      square: 'Carré à photographier avec l’application',
      secret: 'Secret',
      code: 'Le code qu’elle montre',
      codeHint: 'Six chiffres.',
      noClock: 'L’horloge de ce site n’est pas sûre : le code n’est pas vérifié cette fois.',
      submit: 'Créer l’accès',
      faults: {
        short: 'Le mot de passe est trop court : 12 caractères au moins.',
        long: 'Le mot de passe est trop long : 256 caractères au plus.',
        simple: 'Ce mot de passe se devine. Prenez une phrase.',
        code: 'Ce code n’est pas le bon. Attendez le suivant ; l’heure du téléphone est-elle juste ?',
      },
      codes: 'Vos codes de secours',
      codesHint:
        'Chacun remplace une fois le code de l’application. Notez-les sur papier : ils ne seront plus montrés.',
      ready: 'C’est noté, continuer',
    },
  },
  en: {
    login: {
      title: 'Log in',
      name: 'Name',
      password: 'Password',
      code: 'Code',
      codeHint: 'The six digits of your app, or a recovery code.',
      trust: 'This is my device: stay logged in for 30 days',
      submit: 'Log in',
      clock: 'The clock of this site can’t be trusted just now: only recovery codes work.',
      faults: {
        wrong: 'Name, password or code is wrong. A code works only once: wait for the next one.',
        slow: 'Another attempt is under way. Try again in a few seconds.',
        clock: 'The clock of this site can’t be trusted: use a recovery code.',
      },
      lost: 'Everything lost? On vigie’s machine: vigie admin recover NAME',
    },
    refused: {
      insecure: [
        'Only over HTTPS',
        'A password does not travel in the clear. Open this page by its https:// address, or from the machine itself. On the network at home admin: { lan: true } in site.yaml allows it.',
      ],
      forwarded: [
        'This proxy isn’t known',
        'A server passed this request on, and site.yaml doesn’t name it under proxy:, so vigie can’t believe it when it says HTTPS.',
      ],
      observer: ['Nobody logs in here', 'This site observes, and knows no account. Go to another site.'],
      foreign: [
        'A request from elsewhere',
        'No page of this site sent it, and nothing was done. If a proxy stands in front of vigie, it must pass the Host header on.',
      ],
      stale: [
        'The page was too old',
        'Your session changed meanwhile, and nothing was done. Go back, reload, and do it again.',
      ],
    },
    ended: {
      title: 'Your session is over',
      kept: 'Nothing was done, and nothing is lost: log in, and you will find the form as you had filled it in.',
      nothing: 'Nothing was done. Log in, then do it again.',
      copy: 'What you had written',
    },
    welcome: {
      title: (name) => `Welcome, ${name}`,
      gone: [
        'This link is no longer good',
        'It was used, or more than 30 minutes have gone by. Ask for another: vigie admin invite NAME.',
      ],
      intro: 'Two things will let you in: a password, and a code that your phone computes.',
      password: 'Password',
      passwordHint: 'At least 12 characters; a sentence will do.',
      app: 'Authenticator app',
      appHint:
        'FreeOTP, Aegis, a password manager …: open the link on your phone, scan the square, or type the secret.',
      open: 'Open in the app',
      square: 'Square to scan with the app',
      secret: 'Secret',
      code: 'The code it shows',
      codeHint: 'Six digits.',
      noClock: 'The clock of this site can’t be trusted: the code is not verified this time.',
      submit: 'Create my access',
      faults: {
        short: 'The password is too short: at least 12 characters.',
        long: 'The password is too long: at most 256 characters.',
        simple: 'This password is easily guessed. Take a sentence.',
        code: 'This code is wrong. Wait for the next one; is the phone’s clock right?',
      },
      codes: 'Your recovery codes',
      codesHint: 'Each stands in once for the app’s code. Write them on paper: they will not be shown again.',
      ready: 'I noted them, go on',
    },
  },
}
