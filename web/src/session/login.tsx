import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Problem, wordsOf } from "../api/problem";
import { giveSecondFactor, logIn, loginWords, session } from "../state/session";
import { CodeField, Field } from "../ui/fields";
import { Mark } from "../ui/icons";

function failureWords(error: unknown): string {
  if (!(error instanceof Problem) || error.status !== 429) return wordsOf(error);
  const wait = error.retryAfterSeconds;
  return `Too many tries.${wait === undefined ? "" : ` Try again in ${wait} seconds.`}`;
}

/** A form that says why it was refused. */
function Entry(props: { does: string; send: () => Promise<void>; children: ComponentChildren }) {
  const [failure, setFailure] = useState("");
  const [isSending, setSending] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    setSending(true);
    setFailure("");
    props
      .send()
      .catch((error) => setFailure(failureWords(error)))
      .finally(() => setSending(false));
  };
  return (
    <form onSubmit={submit}>
      {props.children}
      <p class="form-failure" role="alert">
        {failure}
      </p>
      <button class="button primary wide" disabled={isSending}>
        {isSending ? "Checking…" : props.does}
      </button>
    </form>
  );
}

function Password() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  return (
    <Entry does="Log in" send={() => logIn(login, password)}>
      <Field
        label="Login"
        name="username"
        autocomplete="username"
        autocapitalize="none"
        autofocus
        required
        value={login}
        onChange={setLogin}
      />
      <Field
        label="Password"
        type="password"
        name="password"
        autocomplete="current-password"
        required
        value={password}
        onChange={setPassword}
      />
    </Entry>
  );
}

function SecondFactor() {
  const [code, setCode] = useState("");
  return (
    <Entry does="Go on" send={() => giveSecondFactor(code)}>
      <CodeField value={code} onChange={setCode} />
    </Entry>
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
