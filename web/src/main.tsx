import { render } from "preact";
import { App } from "./app";
import { startExposure } from "./exposure/exposure_state";
import { listenToKeys } from "./keys/dispatch";
import { guardBlank } from "./reveal/blank";
import { guardReveals } from "./reveal/reveal";
import { unsent } from "./state/acts";
import { startOffice } from "./state/office";
import { followAddress } from "./state/route";
import { startSession } from "./state/session";
import "./ui/styles/tokens.css";
import "./ui/styles/base.css";
import "./ui/styles/frame.css";
import "./ui/styles/queue.css";
import "./ui/styles/card.css";
import "./ui/styles/item.css";
import "./ui/styles/over.css";
import "./ui/styles/pages.css";
import "./ui/styles/small.css";

// First, for all else waits for the answer. It takes the token of a one-time link out of the address, before the
// address means a page.
void startSession();
listenToKeys();
guardBlank();
guardReveals();
startExposure();
startOffice();
window.addEventListener("beforeunload", (event) => {
  // Decisions that the server has not heard of would be lost with the page.
  if (unsent.value > 0) event.preventDefault();
});
const place = document.getElementById("app");
if (place !== null) render(<App />, place);
followAddress();
