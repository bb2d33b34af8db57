import { useState } from "preact/hooks";
import { type FactorSecret, confirmSecondFactor, offerSecondFactor, setPassword } from "../api/account";
import { refused, say } from "../state/messages";
import { lost } from "../state/session";
import { CodeField, Field } from "../ui/fields";
import { FactList } from "../ui/pieces";
import { Setting } from "./setting";

function PasswordNow(props: { value: string; onChange: (value: string) => void }) {
  return (
    <Field label="Present password" type="password" autocomplete="current-password" required {...props} />
  );
}

function OwnPassword() {
  const [now, setNow] = useState("");
  const [next, setNext] = useState("");
  const change = (event: Event): void => {
    event.preventDefault();
    setPassword(now, next)
      .then(() => lost("Your password is changed. Log in with it."))
      .catch(refused("Not changed."));
  };
  return (
    <form class="stack" onSubmit={change}>
      <PasswordNow value={now} onChange={setNow} />
      <Field
        label="New password"
        type="password"
        autocomplete="new-password"
        minLength={12}
        required
        value={next}
        onChange={setNext}
      />
      <button class="button">Change password</button>
    </form>
  );
}

function OwnSecondFactor() {
  const [password, setPasswordNow] = useState("");
  const [code, setCode] = useState("");
  const [offered, setOffered] = useState<FactorSecret | null>(null);
  const send = (event: Event): void => {
    event.preventDefault();
    if (offered === null) {
      offerSecondFactor(password)
        .then(setOffered)
        .catch(refused("No new secret."))
        .finally(() => setPasswordNow(""));
    } else {
      confirmSecondFactor(code.replace(/\s/g, ""))
        .then(() => {
          setOffered(null);
          say("good", "From now on you log in with a code of it too.");
        })
        .catch(refused("Not set."))
        .finally(() => setCode(""));
    }
  };
  return (
    <form class="stack" onSubmit={send}>
      {offered === null ? (
        <>
          <PasswordNow value={password} onChange={setPasswordNow} />
          <button class="button">Make a secret</button>
        </>
      ) : (
        <>
          <p>Type the secret into your authenticator, or give it the address. They are shown this once.</p>
          <FactList
            facts={[
              ["Secret", offered.secret],
              ["Address", offered.uri],
            ]}
          />
          <CodeField value={code} onChange={setCode} />
          <button class="button primary">Confirm</button>
        </>
      )}
    </form>
  );
}

/** A person's own password and second factor. */
export function OwnAccount() {
  return (
    <>
      <Setting title="Password" words="Changing it ends all your sessions.">
        <OwnPassword />
      </Setting>
      <Setting
        title="Second factor"
        words="A code that changes every half minute, from an authenticator on another device. A new secret replaces the one you had once a code of it is confirmed; an admin can remove it."
      >
        <OwnSecondFactor />
      </Setting>
    </>
  );
}
