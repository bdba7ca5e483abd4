// The rows of the table in verdict.md, 3 in words: why sites agreed on what they did. For admins.

/** By row, as `Agreement.rule` names it. */
export const RULES: Readonly<Record<string, string>> = {
  '1': 'every site that knows says up',
  '2a': 'one site says up, another down although its line and its road are good: sites disagree, partial once that lasts',
  '2b': 'a site says down, but its own road there is bad: that explains it, so it stays up',
  '3': 'this site says up, another has no reliable measure',
  '4': 'this site says up, another is not heard',
  '5a': 'this site says down, another up although our line and road are good: sites disagree, partial once that lasts',
  '5b': 'this site says down, but its own road there is bad: that explains it, so it stays up',
  '6': 'as many sites as it takes say down: confirmed',
  '7a': 'this site alone says down, its line and its road to the provider are good',
  '7b': 'this site alone says down, and its road to the provider is bad: maybe only the road is cut',
  '7c': 'failures, too few to say down yet: being verified, it stays what it was',
  '8': 'this site knows nothing, another says up',
  '9a': 'another site alone says down, its line and its road to the provider are good',
  '9b': 'another site alone says down, and its road to the provider is bad: maybe only the road is cut',
  '9c': 'another site sees failures, too few to say down yet: being verified, it stays what it was',
  '10': 'no site has a reliable measure',
}
