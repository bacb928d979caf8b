// Lists that keep their elements: an item that is still there keeps its element, and with it the reader's focus.

/**
 * Makes `parent`'s children those of `items`, in order. `keyOf(item)` tells them apart, `make(item)` builds an element
 * once, `update(element, item)` fills it each time. Where an element with the focus must go, `home` gets the focus,
 * so that it never falls back to the page's beginning.
 * @template T
 * @param {HTMLElement} parent
 * @param {readonly T[]} items
 * @param {{keyOf: (item: T) => unknown, make: (item: T) => HTMLElement, update: (element: any, item: T) => void, home?: HTMLElement | null}} how
 */
export function keyed(parent, items, {keyOf, make, update, home = null}) {
  const old = new Map([.../** @type {any} */ (parent.children)].map((child) => [child.dataset.key, child]));
  const focused = parent.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
  let position = 0;
  for (const item of items) {
    const key = String(keyOf(item));
    /** @type {any} */
    let element = old.get(key);
    old.delete(key);
    if (!element) {
      element = make(item);
      element.dataset.key = key;
    }
    update(element, item);
    if (parent.children[position] !== element) parent.insertBefore(element, parent.children[position] ?? null);
    position += 1;
  }
  for (const element of old.values()) element.remove();
  if (focused && document.activeElement !== focused) {
    if (focused.isConnected) focused.focus({preventScroll: true});
    else home?.focus({preventScroll: true});
  }
}
