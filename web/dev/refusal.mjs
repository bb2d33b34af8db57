/** A refusal as the contract words it. */
export class Refusal extends Error {
  constructor(status, code, title, more = {}) {
    super(title);
    this.status = status;
    this.body = { type: "about:blank", title, status, code, ...more };
  }
}
