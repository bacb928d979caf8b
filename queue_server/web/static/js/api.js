// Asking the server. Every POST carries an Idempotency-Key, so asking twice does a thing once.
//
//   const answer = await get("/api/v1/mall");
//   const answer = await post("/api/v1/counters/3/call-next", {}, {key: newKey()});
//   const answer = await persist("/api/v1/tickets", body, {key, signal, onTrouble(answer, attempt) {…}});
//
// An answer is {ok, status, body, problem}: `body` the JSON of a success (null for 204), `problem` an RFC 9457 problem
// with a stable `code`. No answer at all (line down, timed out) is status 0 with the code `unreachable`; nothing throws.
//
// `persist` sends the same request with the same key until the answer is final. Not final: no answer, 429 and whatever
// the server could not decide (5xx), since the request may have been carried out. It waits 0.5 s, then longer up to
// 8 s, with jitter; `onTrouble` is told of each failed attempt. An aborted signal ends it with status 0, code `aborted`.

const TIMEOUT_MS = 10000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

/** 128 random bits. Not crypto.randomUUID, which plain http on a local network does not have. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @typedef {{code: string, reason?: string, fields?: Record<string, any>}} Problem
 * @typedef {{ok: boolean, status: number, body: any, problem: Problem | null}} Answer
 */

/**
 * A signal that gives up after so many milliseconds. (Phones of 2020 do not know AbortSignal.timeout and any.)
 * @returns {AbortSignal}
 */
export function within(ms) {
  const limit = new AbortController();
  setTimeout(() => limit.abort(), ms);
  return limit.signal;
}

/** @param {AbortSignal | undefined} signal */
function limited(signal) {
  const limit = new AbortController(), abort = () => limit.abort();
  const timer = setTimeout(abort, TIMEOUT_MS);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, {once: true});
  return {signal: limit.signal, over: () => { clearTimeout(timer); signal?.removeEventListener("abort", abort); }};
}

/**
 * @param {string} path
 * @param {{signal?: AbortSignal}} options
 */
export function get(path, {signal} = {}) {
  return ask(path, {method: "GET"}, signal);
}

/**
 * @param {string} path
 * @param {object} body
 * @param {{key?: string, signal?: AbortSignal}} options
 */
export function post(path, body = {}, {key = newKey(), signal} = {}) {
  const headers = {"Content-Type": "application/json", "Idempotency-Key": key};
  return ask(path, {method: "POST", headers, body: JSON.stringify(body)}, signal);
}

/**
 * @param {string} path
 * @param {object} body
 * @param {{key: string, signal?: AbortSignal, onTrouble?: (answer: Answer, attempt: number) => void}} options
 */
export async function persist(path, body, {key, signal, onTrouble = () => {}}) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post(path, body, {key, signal});
    if (signal?.aborted) return failed("aborted");
    if (isFinal(answer)) return answer;
    onTrouble(answer, attempt);
    await pause(pauseAfter(answer, attempt), signal);
    if (signal?.aborted) return failed("aborted");
  }
}

/**
 * Asks until `knows(answer)`, for what a page cannot begin without.
 * @param {string} path
 * @param {{knows: (answer: Answer) => boolean, onTrouble?: (answer: Answer) => void}} options
 */
export async function insist(path, {knows, onTrouble = () => {}}) {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await get(path);
    if (knows(answer)) return answer;
    onTrouble(answer);
    await pause(pauseAfter(answer, attempt));
  }
}

/** @param {Answer} answer */
export function isFinal(answer) {
  return answer.status !== 0 && answer.status !== 429 && answer.status < 500;
}

/** @returns {Promise<Answer>} */
async function ask(path, request, signal) {
  const limit = limited(signal);
  try {
    const response = await fetch(path, {
      ...request,
      credentials: "same-origin",
      cache: "no-store",
      signal: limit.signal,
    });
    const text = await response.text();
    const body = text ? JSON.parse(text) : null;
    /** @type {Problem | null} */
    const problem = response.ok ? null : body ?? {code: "unavailable"};
    if (problem?.reason === "locked") dispatchEvent(new Event("locked")); // the page covers itself, whatever it asked
    return {ok: response.ok, status: response.status, body: response.ok ? body : null, problem};
  } catch {
    // the line, the limit, or an answer that is no JSON (a proxy's page): in each case nothing is known
    return failed(signal?.aborted ? "aborted" : "unreachable");
  } finally {
    limit.over();
  }
}

/** @returns {Answer} */
function failed(code) {
  return {ok: false, status: 0, body: null, problem: {code, fields: {}}};
}

/**
 * @param {Answer} answer
 * @param {number} attempt
 */
function pauseAfter(answer, attempt) {
  const told = Number(answer.problem?.fields?.retry_after_s);
  if (told > 0) return Math.min(told * 1000, 60000);
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return longest * (0.5 + Math.random() / 2);
}

function pause(ms, signal = undefined) {
  return /** @type {Promise<void>} */ (new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, {once: true});
  }));
}
