// The code that the screen at the entrance shows, typed: however it is written, it leads to what may be taken now.

import {byId} from "../js/dom.js";

byId("code-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const code = byId("code").value.toLowerCase().replace(/[^a-z2-7]/g, "");
  if (code) location.assign(`/take/${code}?lang=${encodeURIComponent(document.documentElement.lang)}`);
});
byId("language").addEventListener("change", () => location.replace(`?lang=${encodeURIComponent(byId("language").value)}`));
