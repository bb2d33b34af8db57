import { useEffect, useState } from "preact/hooks";
import {
  type NewPerson,
  type PersonChange,
  type PersonLine,
  type Role,
  addPerson,
  changePerson,
  listPeople,
  roles,
} from "../api/people";
import { say } from "../state/messages";
import { Dialog } from "../ui/dialog";
import { day } from "../ui/format";
import { Field } from "./field";
import { refusalWords } from "./refusals";

function roleWords(role: string): string {
  return role.replace("_", " ");
}

function RoleChoice({
  value,
  onChange,
  label,
}: {
  value: Role;
  onChange: (to: Role) => void;
  label: string;
}) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Role)}
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {roleWords(role)}
        </option>
      ))}
    </select>
  );
}

function PasswordDialog(props: { login: string; onClose: () => void; onSet: (password: string) => void }) {
  const [password, setPassword] = useState("");
  return (
    <Dialog title="New password" onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSet(password);
        }}
      >
        <h2>New password of {props.login}</h2>
        <p>Whoever is logged in by this name is logged out.</p>
        <Field label="Password" type="password" value={password} onChange={setPassword} autofocus />
        <div class="dialog-foot">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button class="button primary">Set password</button>
        </div>
      </form>
    </Dialog>
  );
}

const nobody: NewPerson = { login: "", name: "", role: "reviewer", password: "" };

function AddPerson({ onAdded }: { onAdded: () => void }) {
  const [draft, setDraft] = useState(nobody);
  const add = (event: Event): void => {
    event.preventDefault();
    addPerson(draft)
      .then(() => {
        setDraft(nobody);
        onAdded();
      })
      .catch((error) => say("bad", `Not added. ${refusalWords(error)}`));
  };
  return (
    <form class="panel" onSubmit={add}>
      <h2>Let somebody log in</h2>
      <div class="limits">
        <Field label="Login" value={draft.login} onChange={(login) => setDraft({ ...draft, login })} />
        <Field label="Name" value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
        <Field
          label="First password"
          type="password"
          value={draft.password}
          onChange={(password) => setDraft({ ...draft, password })}
        />
        <label class="field">
          Role
          <RoleChoice label="Role" value={draft.role} onChange={(role) => setDraft({ ...draft, role })} />
        </label>
      </div>
      <button class="button primary">Add</button>
    </form>
  );
}

export function PeopleSection() {
  const [people, setPeople] = useState<PersonLine[]>([]);
  const [changing, setChanging] = useState("");
  const read = (): void => {
    listPeople()
      .then(setPeople)
      .catch((error) => say("bad", refusalWords(error)));
  };
  useEffect(read, []);
  const change = (login: string, to: PersonChange): void => {
    changePerson(login, to)
      .then(() => setChanging(""))
      .catch((error) => say("bad", `Not changed. ${refusalWords(error)}`))
      .finally(read);
  };
  return (
    <>
      <section class="panel">
        <div class="scroll-x" tabIndex={0} role="region" aria-label="People">
          <table class="table">
            <thead>
              <tr>
                {["Login", "Name", "Role", "Since", "Second factor", "May log in", "Password"].map((name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {people.map(({ login, name, role, state, second_factor, created }) => (
                <tr key={login}>
                  <th scope="row">{login}</th>
                  <td>{name}</td>
                  <td>
                    <RoleChoice
                      label={`Role of ${login}`}
                      value={role}
                      onChange={(to) => change(login, { role: to })}
                    />
                  </td>
                  <td>{day(created)}</td>
                  <td>
                    {second_factor === "off" ? (
                      "off"
                    ) : (
                      <button class="button small" onClick={() => change(login, { second_factor: "off" })}>
                        Remove
                      </button>
                    )}
                  </td>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`${login} may log in`}
                      checked={state === "active"}
                      onChange={() => change(login, { state: state === "active" ? "disabled" : "active" })}
                    />
                  </td>
                  <td>
                    <button class="button small" onClick={() => setChanging(login)}>
                      New<span class="sr"> password of {login}</span>
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <AddPerson onAdded={read} />
      {changing !== "" && (
        <PasswordDialog
          login={changing}
          onClose={() => setChanging("")}
          onSet={(password) => change(changing, { password })}
        />
      )}
    </>
  );
}
