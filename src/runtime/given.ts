// Runtime: private fields put on objects that are not ours: nothing can see them there, not even reflection, and they end with it.

/** Returns what it is given, so that a subclass's private fields are put on that. */
export class Given {
  constructor(given: object) {
    // biome-ignore lint/correctness/noConstructorReturn: see above
    return given;
  }
}
