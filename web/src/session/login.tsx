import { useState } from "preact/hooks";
import { Problem, wordsOf } from "../api/problem";
import { giveSecondFactor, logIn, loginWords, session } from "../state/session";
import { Mark } from "../ui/icons";

function failureWords(error: unknown): string {
  if (error instanceof Problem && error.code === "wrong-login") return "Login or password is wrong.";
  if (error instanceof Problem && error.code === "wrong-code")
    return "This code is wrong, or was used before.";
  if (error instanceof Problem && error.status === 429) {
    const wait = error.retryAfterSeconds;
    return `Too many tries.${wait === undefined ? "" : ` Try again in ${wait} seconds.`}`;
  }
  return wordsOf(error);
}

/** Sends a form and shows why it was refused. */
function useSending(send: () => Promise<void>) {
  const [failure, setFailure] = useState("");
  const [isSending, setSending] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    setSending(true);
    setFailure("");
    send()
      .catch((error) => setFailure(failureWords(error)))
      .finally(() => setSending(false));
  };
  return { failure, isSending, submit };
}

function Password() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const { failure, isSending, submit } = useSending(() => logIn(login, password));
  return (
    <form onSubmit={submit}>
      <label class="field">
        Login
        <input
          type="text"
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          autofocus
          required
          value={login}
          onInput={(event) => setLogin(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        Password
        <input
          type="password"
          name="password"
          autocomplete="current-password"
          required
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
      </label>
      <p class="form-failure" role="alert">
        {failure}
      </p>
      <button class="button primary wide" disabled={isSending}>
        {isSending ? "Checking…" : "Log in"}
      </button>
    </form>
  );
}

function SecondFactor() {
  const [code, setCode] = useState("");
  const { failure, isSending, submit } = useSending(() => giveSecondFactor(code.replace(/\s/g, "")));
  return (
    <form onSubmit={submit}>
      <label class="field">
        Code of your authenticator
        <input
          class="code"
          type="text"
          inputMode="numeric"
          autocomplete="one-time-code"
          maxLength={12}
          autofocus
          required
          value={code}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      </label>
      <p class="form-failure" role="alert">
        {failure}
      </p>
      <button class="button primary wide" disabled={isSending}>
        {isSending ? "Checking…" : "Go on"}
      </button>
    </form>
  );
}

export function Login() {
  const state = session.value?.state;
  const isLocal = session.value?.server.mode === "local";
  return (
    <main class="login">
      <div class="login-box">
        <Mark />
        <h1>Safelight</h1>
        {loginWords.value !== "" && (
          <p class="warn-line" role="status">
            {loginWords.value}
          </p>
        )}
        {isLocal ? (
          <p>
            Open the link that <code>safelight serve</code> printed when it started. It works once.
          </p>
        ) : state === "second_factor" ? (
          <SecondFactor />
        ) : (
          <Password />
        )}
      </div>
    </main>
  );
}
