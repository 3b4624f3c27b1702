// Panel: how far down the bar reaches, which stays at the top of the window and covers what is scrolled behind it.

/** Pixels of the window's top; 0 where it has left. */
export function barBottom(): number {
  return Math.max(0, document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0);
}
