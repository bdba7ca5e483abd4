// Where doctor's remedies send people.

/** `checks/site.yaml:60`: of keys in each other, below them of the first value that holds `text`. */
export type Place = (keys: readonly string[], text?: string) => string
