// The sheet for the entrance: one button, which is not on the paper.

import {byId} from "../js/dom.js";

byId("print").addEventListener("click", () => print());
