// What the browsers of a mall can do and TypeScript's own list of them does not know yet.

interface MapConstructor {
  groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]>;
}

// What a page looks for in its own template is what the script says that it is.
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface Element {
  checkVisibility(): boolean;
}

interface HTMLElement {
  inert: boolean;
  hidePopover(): void;
}

interface Navigator {
  readonly userActivation?: {readonly hasBeenActive: boolean};
  readonly wakeLock?: {request(kind: "screen"): Promise<unknown>};
}

// Our own (js/ticket_number.js, staff/time_since.js).
interface HTMLElementTagNameMap {
  "ticket-number": HTMLElement;
  "time-since": HTMLElement;
}
