// <ticket-number value="A012">: a ticket's number as people read it ("A 012"), kept on one line.

import {formatNumber} from "./number.js";

class TicketNumber extends HTMLElement {
  static observedAttributes = ["value"];

  connectedCallback() {
    this.classList.add("number");
  }

  attributeChangedCallback(_name, before, value) {
    if (before !== value) this.textContent = formatNumber(value ?? "");
  }
}

customElements.define("ticket-number", TicketNumber);
