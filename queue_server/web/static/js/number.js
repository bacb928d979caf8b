// A ticket's number as people read it, everywhere the same: A012 is "A 012", with a thin space.
// pages.py does the same for templates (`{{ "A012" | number }}`). Elements that hold one have class="number",
// which keeps it on one line with digits of one width.

const PARTS = /^(\D+)(\d+)$/;

export function formatNumber(number) {
  return String(number).replace(PARTS, "$1\u2009$2");
}
