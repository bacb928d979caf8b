// What the first screen does without comes once that stands and the machine has a moment: reading aloud, search and its
// keyboard, questions, the technician's menu, and what keeps the page for when the server is away.
//
//   const rest = new Rest()
//   rest.questions?.draw(…)           nothing, until it is there
//   await rest.come({answered, technician})      once; asked again until it has come, since the server may be just away

const MOMENT_MS = 500;
const AGAIN_MS = 2000;

export class Rest {
  constructor() {
    this.isComing = false;
    /** @type {import("./aloud.js").Aloud | null} */
    this.aloud = null;
    /** @type {import("./finder.js").Finder | null} */
    this.finder = null;
    /** @type {import("./questions.js").Questions | null} */
    this.questions = null;
    /** @type {import("./technician.js").Technician | null} */
    this.technician = null;
  }

  /**
   * @param {{answered: (answer: string) => void, technician: ConstructorParameters<typeof import("./technician.js").Technician>[0],
   *   then: () => void}} kiosk `then` is done with what has come
   */
  async come({answered, technician, then}) {
    if (this.isComing) return;
    this.isComing = true;
    const {Aloud, Finder, Questions, Technician, keepPage} = await fetched();
    this.aloud = new Aloud();
    this.finder = new Finder();
    this.questions = new Questions(answered);
    this.technician = new Technician(technician);
    then();
    document.documentElement.dataset.whole = "";
    keepPage();
  }
}

async function fetched() {
  await new Promise((done) => requestIdleCallback(done, {timeout: MOMENT_MS}));
  for (;;) {
    try {
      return await import("./rest.js");
    } catch {
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}
