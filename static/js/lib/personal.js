/* What in a question belongs to a person: an e-mail, a phone number. Seen before it is sent; the room is public. */

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/* 06 39 98 12 40, 0639981240, +33 6 39 98 12 40, 0033…; not a year, a wage, nor "2024-2025". */
const PHONE = /(?<![\p{N}.,])(?:(?:\+|00)\d{1,3}[ .\-\u00a0\u202f]?(?:\(0\)[ .\-]?)?\d(?:[ .\-\u00a0\u202f]?\d){6,11}|0\d(?:[ .\-\u00a0\u202f]?\d{2}){4})(?!\p{N})/gu;

/** [{kind: "email" | "phone", text}] in the order of the text. */
export function personalIn(text) {
  const found = [
    ...[...text.matchAll(EMAIL)].map((hit) => ({ kind: "email", text: hit[0], at: hit.index })),
    ...[...text.matchAll(PHONE)].map((hit) => ({ kind: "phone", text: hit[0], at: hit.index })),
  ];
  return found.sort((one, other) => one.at - other.at).map(({ kind, text: shown }) => ({ kind, text: shown }));
}

/** The text with each of them replaced by `mark(kind)`, or taken out where that is empty. */
export function withoutPersonal(text, mark = () => "") {
  const masked = text.replace(EMAIL, () => mark("email")).replace(PHONE, () => mark("phone"));
  return masked.replace(/ {2,}/g, " ").replace(/ +([.,])/g, "$1").trim();
}
