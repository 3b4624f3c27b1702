// Panel: the few ways it makes and changes elements. Text goes in as text, never as markup.

type Attributes = Readonly<Record<string, string>>;
export type Child = Node | string | null;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  children: readonly Child[] = [],
  attributes: Attributes = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

/** The words on either side of `{0}`, with `child` in its place: where a figure of its own look stands in a sentence. */
export function around(text: string, child: Node): Child[] {
  const [before = "", after = ""] = text.split("{0}");
  return [before, child, after].filter((each) => each !== "");
}

const SVG = "http://www.w3.org/2000/svg";
export function svg(tag: string, attributes: Attributes, children: readonly Node[] = []): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Writes only what changed: the panel is updated several times a second. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string | null): void {
  if (value === null) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function setClass(node: Element, name: string, on: boolean): void {
  if (node.classList.contains(name) !== on) node.classList.toggle(name, on);
}

export function setHidden(node: HTMLElement, hidden: boolean): void {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/** Through the object model, which a strict content security policy allows. */
export function setStyle(node: HTMLElement | SVGElement, name: string, value: string): void {
  if (node.style.getPropertyValue(name) !== value) node.style.setProperty(name, value);
}

/** Makes `parent`'s children exactly `wanted`, moving as few as possible, and never what has the focus: it would lose it. */
export function setChildren(parent: Node, wanted: readonly Node[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  const has = document.activeElement;
  const focused = parent.contains(has) ? wanted.find((node) => node.contains(has)) : undefined;
  let cursor = parent.firstChild;
  for (const node of wanted) {
    if (node === cursor) cursor = cursor.nextSibling;
    else if (node === focused) cursor = node.nextSibling;
    else if (cursor !== null && cursor !== focused && node === cursor.nextSibling) {
      // One that comes later stands too early: it is moved, and not all that stand between.
      const late = cursor;
      cursor = node.nextSibling;
      parent.appendChild(late);
    } else parent.insertBefore(node, cursor);
  }
}

/** Each with its name, for `KeyedChildren`: of one name the second and those after it have their number in it. */
export function toldApart<T>(items: readonly T[], nameOf: (item: T) => string): (readonly [string, T])[] {
  const times = new Map<string, number>();
  return items.map((item) => {
    const name = nameOf(item);
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    return [before === 0 ? name : `${name} ${before + 1}`, item] as const;
  });
}

/** Elements by key, made once and updated afterwards. */
export class KeyedChildren<T, V extends { readonly root: Node }> {
  readonly #views = new Map<string, V>();
  readonly #parent: Node;
  readonly #make: (key: string) => V;
  readonly #update: (view: V, item: T) => void;

  constructor(parent: Node, make: (key: string) => V, update: (view: V, item: T) => void) {
    this.#parent = parent;
    this.#make = make;
    this.#update = update;
  }

  show(items: readonly (readonly [key: string, item: T])[]): void {
    const seen = new Set<string>();
    const nodes: Node[] = [];
    for (const [key, item] of items) {
      if (seen.has(key)) continue;
      seen.add(key);
      let view = this.#views.get(key);
      if (view === undefined) {
        view = this.#make(key);
        this.#views.set(key, view);
      }
      this.#update(view, item);
      nodes.push(view.root);
    }
    for (const key of this.#views.keys()) if (!seen.has(key)) this.#views.delete(key);
    setChildren(this.#parent, nodes);
  }
}

/** A figure with its unit: the figure in full strength, the unit muted. */
export class FigureView {
  readonly root: HTMLElement;
  readonly #figure = element("span", "number");
  readonly #unit = element("span", "unit");

  constructor(className = "") {
    this.root = element("span", `figure ${className}`.trim(), [this.#figure, this.#unit]);
  }

  show(figure: string, unit: string): void {
    setText(this.#figure, figure);
    setText(this.#unit, unit);
  }
}
