import { expect, it } from "vitest";
import { Problem, wordsOf } from "./problem";

const problem = (code: string, detail?: string) =>
  new Problem(400, code, "Bad Request", detail, {}, undefined);

it("says what is met often in words of the page’s own", () => {
  expect(wordsOf(problem("accounts.login-taken"))).toBe("Somebody has this login already.");
});

it("says the server’s sentence where there is one, and else the rule that was broken", () => {
  expect(wordsOf(problem("csv.row", "It was refused."))).toBe("It was refused. (csv.row)");
  expect(wordsOf(problem("held", "A legal hold keeps it."))).toBe("A legal hold keeps it.");
  expect(wordsOf(problem("vics.json"))).toBe("Bad Request (vics.json)");
});
