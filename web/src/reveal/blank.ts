import { signal } from "@preact/signals";
import { closeOverlay } from "../state/overlays";
import { cover } from "./reveal";

/** The whole screen covered at one key. It works on the document itself and waits for no drawing of
 * the app, so that it is as quick as the browser can be. */
export const isBlank = signal(false);

const layer = (): HTMLElement | null => document.getElementById("blank");
const app = (): HTMLElement | null => document.getElementById("app");

export function blank(): void {
  const over = layer();
  const under = app();
  if (over === null || under === null) return;
  document.documentElement.classList.add("is-blank");
  over.hidden = false;
  over.replaceChildren();
  under.inert = true;
  over.focus();
  cover("blank");
  closeOverlay();
  isBlank.value = true;
}

function offer(over: HTMLElement): void {
  if (over.childElementCount > 0) return;
  const words = document.createElement("p");
  words.textContent = "Covered. Press Enter to come back, or stay away as long as you like.";
  const button = document.createElement("button");
  button.textContent = "Come back";
  button.className = "button";
  button.addEventListener("click", comeBack);
  over.append(words, button);
}

export function comeBack(): void {
  const over = layer();
  const under = app();
  if (over === null || under === null) return;
  over.hidden = true;
  over.replaceChildren();
  under.inert = false;
  document.documentElement.classList.remove("is-blank");
  isBlank.value = false;
  document.querySelector<HTMLElement>("[data-home]")?.focus();
}

/** Any key or press brings up the question, Enter after it answers. */
export function keyWhileBlank(key: string): void {
  const over = layer();
  if (over === null || key === "Escape") return;
  if (key === "Enter" && over.childElementCount > 0) comeBack();
  else offer(over);
}

export function guardBlank(): void {
  layer()?.addEventListener("pointerdown", () => {
    const over = layer();
    if (over !== null) offer(over);
  });
}
