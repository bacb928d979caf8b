// Sending a file as it is, with a word on how much of it has gone: `fetch` does not say.
//
//   const answer = await send(file, (share) => …);      an Answer as api.js has them; `share` from 0 to 1

const LONGEST_MS = 1800000;

/**
 * @param {File} file
 * @param {(share: number) => void} onSent
 * @returns {Promise<import("../js/api.js").Answer>}
 */
export function send(file, onSent) {
  return new Promise((resolve) => {
    const asked = new XMLHttpRequest();
    const lost = () => resolve({ok: false, status: 0, body: null, problem: {code: "unreachable", fields: {}}});
    asked.open("POST", "/api/v1/uploads");
    asked.setRequestHeader("Content-Type", "application/octet-stream");
    asked.timeout = LONGEST_MS;
    asked.upload.addEventListener("progress", ({loaded, total}) => onSent(total ? loaded / total : 0));
    asked.addEventListener("load", () => resolve(read(asked)));
    for (const trouble of ["error", "timeout", "abort"]) asked.addEventListener(trouble, lost);
    asked.send(file);
  });
}

/** @param {XMLHttpRequest} asked @returns {import("../js/api.js").Answer} */
function read({status, responseText}) {
  const ok = status >= 200 && status < 300;
  try {
    const body = JSON.parse(responseText);
    return {ok, status, body: ok ? body : null, problem: ok ? null : body};
  } catch {
    return {ok: false, status, body: null, problem: {code: "unavailable", fields: {}}};
  }
}
