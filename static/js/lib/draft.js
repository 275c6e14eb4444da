/* What somebody is writing, or has sent without hearing back, outlives the page and the tunnel. */

const isText = (value) => typeof value === "string";

/** Private windows may refuse to store: then the draft lives as long as the page. */
function safely(act, otherwise) {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return otherwise;
    throw error;
  }
}

export function draftOf(room, storage = globalThis.localStorage) {
  const key = (name) => `room:${room}:${name}`;
  const read = (name) => safely(() => storage.getItem(key(name)), null);
  const write = (name, value) => safely(() => (value ? storage.setItem(key(name), value) : storage.removeItem(key(name))));
  return {
    text: () => read("draft") ?? "",
    keep: (text) => write("draft", text.trim() ? text : ""),
    /** A question on its way: {id, text, nickname, topic}, or null. */
    unsent: () => parsed(read("unsent")),
    hold: (question) => write("unsent", JSON.stringify(question)),
    release: () => write("unsent", ""),
    /** The number that the latest sent question was acknowledged under; 0 before. A page written before it arrived lacks it. */
    arrived: () => Number(read("arrived")),
    arrive: (number) => write("arrived", String(number)),
  };
}

function parsed(text) {
  if (!text) return null;
  const question = JSON.parse(text);
  return isText(question.id) && isText(question.text) ? question : null;
}

/** One word kept on the device: {read(), write(word)}. */
export function kept(name, storage = globalThis.localStorage) {
  return {
    read: () => safely(() => storage.getItem(name), null) ?? "",
    write: (word) => safely(() => storage.setItem(name, word)),
  };
}

/** Answers being typed, by question. */
export function answerDrafts(room, storage = globalThis.localStorage) {
  const key = (name) => `room:${room}:answer:${name}`;
  return {
    text: (name) => safely(() => storage.getItem(key(name)), null) ?? "",
    keep: (name, text) => safely(() => (text.trim() ? storage.setItem(key(name), text) : storage.removeItem(key(name)))),
  };
}
