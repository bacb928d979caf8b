// One's second factor on the account's page: the password first, then what an app scans, its first code, and the codes
// to recover by, which are shown this once.

import {get, post} from "../js/api.js";
import {byId, el, setText, show} from "../js/dom.js";
import {modal} from "../staff/dialogs.js";

export class SecondFactor {
  /** Whoever has one shows its code, too. */
  has = false;

  /** @param {Words} words */
  constructor(words) {
    this.words = words;
    byId("factor-set").addEventListener("click", () => this.setUp());
    byId("factor-remove").addEventListener("click", () => this.remove());
  }

  async load() {
    const answer = await get("/api/v1/second-factor");
    show(byId("factor"), answer.ok);
    if (answer.ok) this.draw(answer.body);
  }

  /** @param {wire.FactorView} factor */
  draw({set_at, recovery, needed}) {
    const {words} = this;
    this.has = set_at !== null;
    const ms = Date.parse(set_at);
    const since = set_at ? words.t("factor.since", {when: words.date(ms), n: recovery}) : words.t("factor.none");
    setText(byId("factor-state"), since);
    setText(byId("factor-set").querySelector("span"), words.t(set_at ? "factor.again" : "factor.set_up"));
    show(byId("factor-needed"), needed && !set_at);
    show(byId("factor-remove"), set_at && !needed);
  }

  async setUp() {
    const {words} = this;
    const offer = await this.withPassword("/api/v1/second-factor/offer", words.t("factor.set_up"));
    if (!offer) return;
    const codes = await this.scanned(offer);
    if (!codes) return;
    await this.shown(codes);
    location.reload();
  }

  async remove() {
    if (await this.withPassword("/api/v1/second-factor/remove", this.words.t("factor.remove"))) await this.load();
  }

  /** What the server answers to the password; asked again while it is wrong, null when left. */
  withPassword(path, title) {
    const {words} = this;
    return modal(words, title, (close) => {
      const field = el("input", {id: "factor-password", type: "password", autocomplete: "current-password", required: true, "data-first": true});
      const label = el("label", {for: "factor-password"}, words.t("factor.password"));
      const code = el("input", {id: "factor-present", type: "text", autocomplete: "one-time-code", maxlength: 64, required: true});
      const parts = [el("div", {class: "field"}, label, field)];
      if (this.has) parts.push(el("div", {class: "field"}, el("label", {for: "factor-present"}, words.t("sign_in_code")), code));
      return [this.form(parts, words.t("factor.go_on"), field, async () => {
        if (!field.value) return null;
        const answer = await post(path, {password: field.value, code: this.has ? code.value.trim() : null});
        if (answer.ok) close(answer.body);
        if (answer.problem?.reason === "nobody") return location.reload();
        return answer.status === 401 ? words.t(this.has ? "sign_in_code_wrong" : "account.wrong") : answer.problem && words.problem(answer.problem);
      })];
    });
  }

  /**
   * The codes to recover by, once the app has given a right one.
   * @param {wire.FactorOffer} offer
   */
  scanned({secret, picture}) {
    const {words} = this;
    return modal(words, words.t("factor.title"), (close) => {
      const field = el("input", {
        id: "factor-code", type: "text", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 9, required: true, "data-first": true,
      });
      const parts = [
        el("p", {}, words.t("factor.scan")),
        el("img", {class: "factor-picture", src: picture, alt: words.t("factor.picture")}),
        el("p", {class: "small"}, words.t("factor.by_hand"), el("br"), el("code", {class: "factor-key"}, secret.match(/.{1,4}/g).join(" "))),
        el("div", {class: "field"}, el("label", {for: "factor-code"}, words.t("factor.code")), field),
      ];
      return [this.form(parts, words.t("factor.confirm"), field, async () => {
        if (!field.value) return null;
        const answer = await post("/api/v1/second-factor/confirm", {code: field.value});
        if (answer.ok) close(answer.body);
        return answer.status === 401 ? words.t("factor.code_wrong") : answer.problem && words.problem(answer.problem);
      })];
    });
  }

  /** @param {wire.FactorCodes} codes */
  shown({recovery}) {
    const {words} = this;
    return modal(words, words.t("factor.codes"), (close) => [
      el("p", {}, words.t("factor.codes_help")),
      el("ul", {class: "factor-codes"}, ...recovery.map((code) => el("li", {}, el("code", {}, code)))),
      el("button", {class: "button primary", type: "button", "data-first": true, onclick: () => close(true)}, words.t("factor.kept")),
    ]);
  }

  /** A dialog's form that says what was wrong and lets it be typed again. */
  form(parts, confirm, field, send) {
    const said = el("p", {class: "notice notice-alert", role: "alert", hidden: true});
    const made = el(
      "form", {class: "form", method: "dialog"}, said, ...parts, el("button", {class: "button primary", type: "submit"}, confirm),
    );
    made.addEventListener("submit", async (event) => {
      event.preventDefault();
      const wrong = await send();
      setText(said, wrong ?? "");
      show(said, wrong);
      field.select();
      field.focus();
    });
    return made;
  }
}
