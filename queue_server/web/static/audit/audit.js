// Who did what is written by the server; here the page only gets its bar.

import {arrived} from "../js/dom.js";
import {signedIn} from "../staff/who.js";

await signedIn();
arrived();
