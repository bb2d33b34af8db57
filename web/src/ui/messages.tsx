import { dismiss, messages, spoken } from "../state/messages";
import { Icon } from "./icons";

/** Short words about what just happened, and what only a screen reader says. */
export function Messages() {
  return (
    <>
      <div class="sr" role="status" aria-live="polite">
        {spoken.value}
      </div>
      <div class="messages" role="log" aria-live="polite" aria-label="Messages">
        {messages.value.map((one) => (
          <div class={`message ${one.tone}`} key={one.id}>
            <p>{one.words}</p>
            {one.action && (
              <button class="button small" onClick={one.action.run}>
                {one.action.words}
              </button>
            )}
            <button class="button quiet square small" aria-label="Dismiss" onClick={() => dismiss(one.id)}>
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </>
  );
}
