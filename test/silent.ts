// What stands around a cycle that a test looks at: it hears everything and says nothing.

const nothing = () => {}

export const silent = {
  ledger: { remember: nothing, statements: () => [], onNews: () => nothing },
  chronicle: {
    looked: nothing,
    agreed: nothing,
    stood: nothing,
    fell: nothing,
    calledAnew: nothing,
    sawAgain: nothing,
  },
  board: { maintained: () => new Set<string>(), mutedUntil: () => null },
}
