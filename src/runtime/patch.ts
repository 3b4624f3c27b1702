// Runtime: replaces functions so that only a look at their source shows it: same name, length, descriptor and
// own keys. Costs 2 to 7 ns a call. Undoing puts the original back where ours is still outermost; where
// somebody patched on top, ours stays and `active` turns it into a plain call.

// biome-ignore lint/complexity/noBannedTypes: any function can be patched
type AnyFunction = Function;

export interface Switch {
  /** False: wrappers pass straight through. */
  active: boolean;
}

/** One property where ours stands. Kept as data: a closure for each would be heap of the user's. */
interface Place {
  readonly number: number;
  readonly holder: object;
  readonly key: string | symbol;
  /** Null: there was none of its own. */
  readonly original: AnyFunction | null;
  readonly ours: AnyFunction;
  /** By `takeAway`; where somebody had put something on top of ours, it was not. */
  taken: boolean;
}

/** Of all, in the order in which they were put: one function may have several of ours on top of each other. */
let placed = 0;

export class Patches {
  private readonly places: Place[] = [];
  private readonly ours = new WeakSet<AnyFunction>();

  /**
   * Replaces `target[key]` when it is a function that can be replaced. `wrap` gets the original and returns
   * the stand-in: a strict `function` that calls `Reflect.apply(original, this, arguments)`. Keys that hold
   * the same function (aliases) belong into one call, so that they stay the same function.
   * @param twins further objects, which hold the same functions by the same keys
   */
  replace<T extends object>(
    target: T,
    keys: readonly (keyof T & (string | symbol))[],
    wrap: (original: AnyFunction) => AnyFunction,
    twins: readonly object[] = [],
  ): void {
    const first = keys[0];
    if (first === undefined) return;
    const original = Object.getOwnPropertyDescriptor(target, first)?.value as unknown;
    if (typeof original !== "function") return;
    const wrapper = disguise(wrap(original), original);
    this.ours.add(wrapper);
    for (const holder of [target, ...twins]) {
      for (const key of keys) this.put(holder, key, original, wrapper);
    }
    const prototype = Object.getOwnPropertyDescriptor(original, "prototype")?.value as unknown;
    if (typeof prototype === "object" && prototype !== null)
      this.put(prototype, "constructor", original, wrapper);
  }

  /**
   * Puts a function where there was none: an inherited one is called through it. Not enumerable, and named as the
   * inherited one.
   */
  add(target: object, key: string, standIn: AnyFunction, inherited: AnyFunction): void {
    if (Object.hasOwn(target, key) || !Object.isExtensible(target)) return;
    const value = disguise(standIn, inherited);
    this.place(target, key, null, value);
  }

  /**
   * Stands before a constructor, as `holder[key]` and as its prototype's `constructor`: subclasses, `new.target`, `instanceof`
   * and what a call without `new` throws are its own.
   */
  construct(holder: object, key: string, made: (result: object, standIn: AnyFunction) => void): void {
    const original = Object.getOwnPropertyDescriptor(holder, key)?.value as unknown;
    if (typeof original !== "function") return;
    const standIn = disguise(function (this: unknown): unknown {
      if (new.target === undefined) return Reflect.apply(original, this, arguments);
      const result = Reflect.construct(original, arguments, new.target) as object;
      made(result, standIn);
      return result;
    }, original);
    Object.defineProperty(standIn, "prototype", { writable: false });
    this.ours.add(standIn);
    this.put(holder, key, original, standIn);
    this.put(original.prototype as object, "constructor", original, standIn);
  }

  private put(holder: object, key: string | symbol, original: AnyFunction, wrapper: AnyFunction): void {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor === undefined || descriptor.value !== original) return;
    if (!descriptor.configurable && !descriptor.writable) return;
    this.place(holder, key, original, wrapper);
  }

  private place(holder: object, key: string | symbol, original: AnyFunction | null, ours: AnyFunction): void {
    const place = { number: placed++, holder, key, original, ours, taken: false };
    install(place);
    this.places.push(place);
  }

  /** Whether a function is one of ours. */
  isOurs(value: unknown): boolean {
    return typeof value === "function" && this.ours.has(value);
  }

  restore(): void {
    for (const place of this.places.splice(0).reverse()) undo(place);
  }

  /** Takes away what these have put, so that it can be put back by `putBack`. */
  static takeAway(all: Iterable<Patches>): void {
    for (const place of Patches.inOrder(all).reverse()) {
      const { holder, key, ours } = place;
      place.taken = Object.getOwnPropertyDescriptor(holder, key)?.value === ours;
      undo(place);
    }
  }

  private static inOrder(all: Iterable<Patches>): Place[] {
    return [...all].flatMap(({ places }) => places).sort((a, b) => a.number - b.number);
  }

  /**
   * Where nobody else has put something meanwhile: that stays, and what it calls is no more ours.
   * @returns such places by name, as `Buffer.concat`
   */
  static putBack(all: Iterable<Patches>): string[] {
    const lost = new Set<string>();
    for (const place of Patches.inOrder(all)) {
      const { holder, key, ours, taken } = place;
      install(place);
      const now = Object.getOwnPropertyDescriptor(holder, key);
      if (taken && now?.value !== ours && key !== "constructor") lost.add(nameOf(holder, key));
      place.taken = false;
    }
    return [...lost];
  }
}

function install({ holder, key, original, ours }: Place): void {
  const now = Object.getOwnPropertyDescriptor(holder, key);
  if (original !== null) change(holder, key, now, original, ours);
  else if (now === undefined && Object.isExtensible(holder))
    Object.defineProperty(holder, key, {
      value: ours,
      configurable: true,
      writable: true,
      enumerable: false,
    });
}

/** Where somebody has put something on top of it, ours stays. */
function undo({ holder, key, original, ours }: Place): void {
  const now = Object.getOwnPropertyDescriptor(holder, key);
  if (original !== null) change(holder, key, now, ours, original);
  else if (now?.value === ours) Reflect.deleteProperty(holder, key);
}

function change(
  holder: object,
  key: string | symbol,
  now: PropertyDescriptor | undefined,
  from: AnyFunction,
  to: AnyFunction,
): void {
  if (now?.value === from && (now.configurable || now.writable))
    Object.defineProperty(holder, key, { ...now, value: to });
}

/** Never runs anybody's code. */
function nameOf(holder: object, key: string | symbol): string {
  const own = (of: unknown, name: string): unknown =>
    of === null || of === undefined ? undefined : Object.getOwnPropertyDescriptor(of, name)?.value;
  const name = String(key);
  if (typeof holder === "function") return `${String(own(holder, "name"))}.${name}`;
  const maker = own(own(holder, "constructor"), "name");
  return typeof maker === "string" ? `${maker}.prototype.${name}` : name;
}

/** Functions and classes; methods, async functions and most of V8's own have no `prototype`. */
export function isConstructor(original: AnyFunction): boolean {
  return Object.hasOwn(original, "prototype");
}

/** Copies name, length and every own property (`util.promisify.custom` among them). */
export function disguise(wrapper: AnyFunction, original: AnyFunction): AnyFunction {
  const wanted = Object.getOwnPropertyDescriptors(original) as Record<PropertyKey, PropertyDescriptor>;
  for (const key of Reflect.ownKeys(wrapper)) {
    if (!Object.hasOwn(wanted, key) && Object.getOwnPropertyDescriptor(wrapper, key)?.configurable)
      Reflect.deleteProperty(wrapper, key);
  }
  for (const key of Reflect.ownKeys(wanted)) {
    const descriptor = wanted[key as string] as PropertyDescriptor;
    // `util.promisify.custom` may name the function itself.
    if (descriptor.value === original) descriptor.value = wrapper;
    const own = Object.getOwnPropertyDescriptor(wrapper, key);
    if (own !== undefined && !own.configurable) {
      if (own.writable && "value" in descriptor) Reflect.set(wrapper, key, descriptor.value);
      continue;
    }
    Object.defineProperty(wrapper, key, descriptor);
  }
  const prototype = Object.getPrototypeOf(original) as object | null;
  if (Object.getPrototypeOf(wrapper) !== prototype) Object.setPrototypeOf(wrapper, prototype);
  return wrapper;
}
