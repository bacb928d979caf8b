// Why a service takes nobody now, as staff read it.

/**
 * @param {Words} words
 * @param {string | null} reason
 */
export const closedText = (words, reason) => words.t(words.has(`closed.${reason}`) ? `closed.${reason}` : "service_closed");
