// Runtime: the function that stands in for one whose callback tells what it did: the callback's stand-in looks at what it
// gets, then calls it as it would have been called.

// biome-ignore lint/complexity/noBannedTypes: any function can be measured
type AnyFunction = Function;

export interface CallbackParts {
  readonly watching: () => boolean;
  /** With what came after the error, and the call's arguments; not called when there was an error. Must not throw. */
  readonly done: (result: unknown, args: IArguments) => void;
}

export function callbackStandIn(original: AnyFunction, { watching, done }: CallbackParts): AnyFunction {
  return function call(this: unknown): unknown {
    const last = arguments.length - 1;
    const callback: unknown = arguments[last];
    if (typeof callback !== "function" || !watching()) return Reflect.apply(original, this, arguments);
    const given = arguments;
    const args: unknown[] = Array.prototype.slice.call(arguments);
    args[last] = answering(callback, done, given);
    return Reflect.apply(original, this, args);
  };
}

/** Made here and not where it is put in its place: see `underway.ts`. */
function answering(callback: AnyFunction, done: CallbackParts["done"], given: IArguments): AnyFunction {
  return function (this: unknown, error: unknown, result: unknown): unknown {
    if (error === null || error === undefined) done(result, given);
    return Reflect.apply(callback, this, arguments);
  };
}
