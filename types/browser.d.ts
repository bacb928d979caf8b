// What the browsers of a mall can do and TypeScript's own list of them does not know yet.

interface MapConstructor {
  groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]>;
}

// What a page looks for in its own template is what the script says that it is.
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface Array<T> {
  findLast(is: (item: T, index: number) => boolean): T | undefined;
  findLastIndex(is: (item: T, index: number) => boolean): number;
}

interface Element {
  checkVisibility(): boolean;
}

interface Window {
  readonly webkitAudioContext?: typeof AudioContext;
}

interface HTMLElement {
  inert: boolean;
  hidePopover(): void;
}

interface CSSStyleDeclaration {
  setProperty(property: string, value: string | number | null, priority?: string): void;
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

/** Texts of one page in one language (js/texts.js). */
type Words = import("../queue_server/web/static/js/texts.js").Words;

/** An element of the page's own template: what it is, the script knows (js/dom.js). */
interface OwnElement extends HTMLElement {
  value: any;
  checked: boolean;
  disabled: boolean;
  open: boolean;
  src: string;
  options: HTMLOptionsCollection;
  selectedIndex: number;
  readonly naturalWidth: number;
  readonly naturalHeight: number;
  readonly children: any;
  readonly firstElementChild: any;
  readonly lastElementChild: any;
  readonly parentElement: any;
  readonly firstChild: any;
  readonly lastChild: any;
  showModal(): void;
  close(): void;
  select(): void;
  files: FileList;
  animate(keyframes: any, options?: any): Animation;
}

/** What the server puts into a page beside its texts (queue_server/web/page_table.py); each page has some of it. */
interface PageData {
  agencies?: Record<string, Record<string, string>>;
  roles?: Record<string, string>;
  counter: string;
  kiosk: string;
  board: string;
  ticket: string;
  code?: string;
  asked: string | null;
  first?: wire.TicketPageView | null;
  missing?: boolean;
  push?: string | null;
  asks?: Record<string, {asks: string; purpose: Record<string, string>}[]>;
  timezone: string;
  zones?: Record<string, Record<string, string>>;
  reasons?: wire.Named[];
  outcomes?: wire.Named[];
  pause_reasons?: wire.Named[];
  rolls?: string[];
  printers?: {id: string; name: Record<string, string>}[] & Record<string, Record<string, string>>;
  kiosks?: Record<string, Record<string, string>>;
  boards?: Record<string, Record<string, string>>;
  /** Of each board its zones. */
  shows?: Record<string, string[]>;
  desks?: Record<string, string>;
  mall?: string[];
  layout?: {parts: {kind: string; size: string}[]; number_mm: number; qr_mm: number; footer: Record<string, string>};
  languages?: {id: string; name: string}[];
  services?: wire.Named[];
  offers?: Record<string, wire.MallService>;
  long_wait_s?: number;
  now?: number;
  widths?: number[];
}
