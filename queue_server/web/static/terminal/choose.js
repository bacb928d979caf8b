// Which counter this terminal is. A clerk whose account belongs to a counter sees it first.

import {get} from "../js/api.js";
import {arrived, byId, el, icon, setText} from "../js/dom.js";
import {COUNTERS} from "../js/marks.js";
import {data, wordsFor} from "../js/texts.js";
import {Strip, watch} from "../staff/evacuation.js";
import {signedIn} from "../staff/who.js";

const words = wordsFor(document.documentElement.lang);

watch(new Strip(byId("evacuated"), words));
const me = await signedIn();
const answer = await get("/api/v1/counters");
if (!answer.ok) setText(byId("hint"), words.problem(answer.problem));
else draw(answer.body);
arrived();

/** @param {wire.CounterView[]} counters */
function draw(counters) {
  setText(byId("hint"), words.t("which_counter_hint"));
  const byZone = Map.groupBy(counters, (counter) => counter.zone);
  for (const [zone, those] of byZone) {
    const id = `zone-${zone}`;
    byId("zones").append(el(
      "section", {class: "zone", "aria-labelledby": id},
      el("h3", {id}, words.pick(data.zones?.[zone] ?? {}) || zone),
      el("ul", {class: "tiles"}, ...those.map(tile)),
    ));
  }
}

/** @param {wire.CounterView} counter */
function tile(counter) {
  const mark = COUNTERS[counter.state];
  const mine = counter.id === me.counter || Boolean(me.clerk && counter.clerk === me.clerk);
  return el("li", {}, el(
    "a", {class: "choice tile", href: `/terminal/${encodeURIComponent(counter.id)}`, "data-mine": mine},
    el("span", {class: "visually-hidden"}, words.t("counter")),
    el("span", {class: "number"}, counter.label),
    el("span", {class: `mark ${mark.tone}`}, icon(mark.icon), el("span", {}, words.t(`state_${counter.state}`))),
    el("span", {class: "small muted"}, mine ? words.t("your_counter") : counter.clerk ? words.t("taken") : ""),
  ));
}
