// Who did what is written by the server; here the page only gets its bar.

import {signedIn} from "../staff/who.js";

signedIn();
