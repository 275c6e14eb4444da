import assert from "node:assert/strict";
import { test } from "node:test";

import { personalIn, withoutPersonal } from "../../static/js/lib/personal.js";

for (const [text, kind] of [
  ["Rappelez-moi au 06 39 98 12 40 svp", "phone"],
  ["mon tel 0639981240", "phone"],
  ["+33 6 39 98 12 40 ?", "phone"],
  ["0033 6.39.98.12.40", "phone"],
  ["Écrivez à lea.dk@example.fr, merci", "email"],
]) {
  test(`seen in time: ${text}`, () => assert.deepEqual(personalIn(text).map((one) => one.kind), [kind]));
}

for (const text of ["En 2024-2025 ?", "Entre 1 900 et 2 300 euros ?", "Le 17, le 112 et le 36 30 ?", "arrêté n° 2010-685", "10 000 postes en 2026"]) {
  test(`nobody's: ${text}`, () => assert.deepEqual(personalIn(text), []));
}

test("what is masked says what was there, what is taken out leaves no hole", () => {
  const text = "Rappelez-moi au 06 39 98 12 40, merci";
  assert.equal(withoutPersonal(text, (kind) => `[${kind}]`), "Rappelez-moi au [phone], merci");
  assert.equal(withoutPersonal(text), "Rappelez-moi au, merci");
});
