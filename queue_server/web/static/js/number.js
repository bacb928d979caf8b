// A ticket's number as people read it, everywhere the same: A012 is "A 012", with a thin space.
// pages.py does the same for templates (`{{ "A012" | number }}`). Elements that hold one have class="number",
// which keeps it on one line with digits of one width.

const PARTS = /^(\D+)(\d+)$/;

/** How wide it is at most, in ems of the bold face: for sizes that must fit (`--ems`). */
export function emsOf(number) {
  return [...formatNumber(number)].reduce((ems, sign) => ems + WIDTHS.find(([signs]) => signs.test(sign))[1], 0);
}

// Noto Sans at weight 700; digits have one width, and the space between is thin.
/** @type {[RegExp, number][]} */
const WIDTHS = [[/\d/, 0.575], [/\u2009/, 0.2], [/[IJ]/, 0.45], [/[A-LN-VX-Z]/, 0.8], [/./u, 1.02]];

export function formatNumber(number) {
  return String(number).replace(PARTS, "$1\u2009$2");
}
