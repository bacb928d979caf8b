// What the first screen does without, as one: later.js fetches it.

export {Aloud} from "./aloud.js";
export {keepPage} from "./away.js";
export {Finder} from "./finder.js";
export {Questions} from "./questions.js";
export {Technician} from "./technician.js";
