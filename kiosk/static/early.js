// A touch that meets a page which is still waking: it is kept, and made once the first screen stands there.
//
// No module, so that it runs before any; it asks nothing of them. What was touched was whatever the screen showed before
// (the same page, before it loaded itself anew), so the button at that place is the one that was meant.

(() => {
  const KEPT_MS = 10_000;
  const root = document.documentElement;
  /** @type {MouseEvent | null} */
  let touched = null;
  const keep = (/** @type {MouseEvent} */ event) => { touched = event; };
  const watch = new MutationObserver(() => {
    if (!root.dataset.shown || root.dataset.shown === "loading") return;
    watch.disconnect();
    removeEventListener("click", keep, {capture: true});
    if (!touched || performance.now() - touched.timeStamp > KEPT_MS) return;
    /** @type {HTMLElement | null | undefined} */
    const button = document.elementFromPoint(touched.clientX, touched.clientY)?.closest("button");
    button?.click();
  });
  addEventListener("click", keep, {capture: true});
  watch.observe(root, {attributeFilter: ["data-shown"]});
})();
