// The reasons of contract 2 in words: what a person would say happened. Each can stand after a name and a colon.
import type { Reason } from './observation.ts'
import type { Language } from './text.ts'

const FRENCH: Readonly<Record<Reason, string>> = {
  dns: 'son nom ne mène à aucune adresse',
  refused: 'la connexion est refusée',
  unreachable: "le réseau ne mène pas jusqu'à lui",
  timeout: 'pas de réponse à temps',
  reset: 'la connexion est coupée net',
  closed: 'la connexion est fermée trop tôt',
  tls: 'la connexion chiffrée échoue',
  certificate: "le certificat n'est pas valable",
  auth: "l'identification est refusée",
  protocol: "la réponse n'a pas la forme attendue",
  status: "le code de réponse n'est pas le bon",
  content: "le contenu n'est pas celui attendu",
  late: "ce qui devait arriver n'est pas arrivé à temps",
  listed: 'son adresse figure sur une liste noire',
  offline: 'notre ligne est coupée',
  resolver: 'notre résolveur de noms ne répond pas',
  clock: "notre horloge n'est pas à l'heure",
  overload: "cette machine, ou celle qu'elle interroge, était trop chargée",
  blocked: 'notre côté ne laisse pas sortir ce contrôle',
  config: 'il manque un réglage à ce contrôle',
  slow: 'la réponse est lente',
  expiring: 'le certificat ou le domaine expire bientôt',
}

const ENGLISH: Readonly<Record<Reason, string>> = {
  dns: 'its name leads to no address',
  refused: 'the connection is refused',
  unreachable: 'the network does not lead there',
  timeout: 'no answer in time',
  reset: 'the connection is cut off',
  closed: 'the connection is closed too early',
  tls: 'the encrypted connection fails',
  certificate: 'the certificate is not valid',
  auth: 'the login is refused',
  protocol: 'the answer is not in the expected form',
  status: 'the answer has the wrong status code',
  content: 'the content is not what was expected',
  late: 'what was due did not come in time',
  listed: 'its address is on a blocklist',
  offline: 'our line is cut',
  resolver: 'our name resolver does not answer',
  clock: 'our clock is off',
  overload: 'this machine, or the one it asks, was too busy',
  blocked: 'our side does not let this check out',
  config: 'this check lacks a setting',
  slow: 'the answer is slow',
  expiring: 'the certificate or the domain expires soon',
}

export const REASONS: Readonly<Record<Language, Readonly<Record<Reason, string>>>> = { fr: FRENCH, en: ENGLISH }
