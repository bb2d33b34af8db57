import { useState } from "preact/hooks";
import {
  type NewPerson,
  type PersonChange,
  type Role,
  addPerson,
  changePerson,
  listPeople,
  roles,
} from "../api/people";
import { refused } from "../state/messages";
import { Question } from "../ui/dialog";
import { Field, Select } from "../ui/fields";
import { day } from "../ui/format";
import { Table } from "../ui/pieces";
import { Read, useRead } from "../ui/read";

const roleWords = Object.fromEntries(roles.map((role) => [role, role.replace("_", " ")])) as Record<
  Role,
  string
>;

function PasswordDialog(props: { login: string; onClose: () => void; onSet: (password: string) => void }) {
  const [password, setPassword] = useState("");
  return (
    <Question
      title="New password"
      head={`New password of ${props.login}`}
      does="Set password"
      onClose={props.onClose}
      onAnswer={() => props.onSet(password)}
    >
      <p>Whoever is logged in by this name is logged out.</p>
      <Field
        label="Password"
        type="password"
        autocomplete="new-password"
        required
        autofocus
        value={password}
        onChange={setPassword}
      />
    </Question>
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
      .catch(refused("Not added."));
  };
  return (
    <form class="panel" onSubmit={add}>
      <h2>Let somebody log in</h2>
      <div class="limits">
        <Field
          label="Login"
          required
          value={draft.login}
          onChange={(login) => setDraft({ ...draft, login })}
        />
        <Field label="Name" required value={draft.name} onChange={(name) => setDraft({ ...draft, name })} />
        <Field
          label="First password"
          type="password"
          autocomplete="new-password"
          required
          value={draft.password}
          onChange={(password) => setDraft({ ...draft, password })}
        />
        <Select
          label="Role"
          named="named"
          value={draft.role}
          options={roleWords}
          onChange={(role) => setDraft({ ...draft, role })}
        />
      </div>
      <button class="button primary">Add</button>
    </form>
  );
}

export function PeopleSection() {
  const people = useRead(listPeople);
  const [changing, setChanging] = useState("");
  const change = (login: string, to: PersonChange): void => {
    changePerson(login, to)
      .then(() => setChanging(""))
      .catch(refused("Not changed."))
      .finally(people.again);
  };
  return (
    <>
      <section class="panel">
        <Read of={people}>
          {(all) => (
            <Table
              label="People"
              head={["Login", "Name", "Role", "Since", "Second factor", "May log in", "Password"]}
            >
              {all.map(({ login, name, role, state, second_factor, created }) => (
                <tr key={login}>
                  <th scope="row">{login}</th>
                  <td>{name}</td>
                  <td>
                    <Select
                      label={`Role of ${login}`}
                      value={role}
                      options={roleWords}
                      onChange={(to) => change(login, { role: to })}
                    />
                  </td>
                  <td>{day(created)}</td>
                  <td>
                    {second_factor === "off" ? (
                      "off"
                    ) : (
                      <button class="button small" onClick={() => change(login, { second_factor: "off" })}>
                        Remove<span class="sr"> second factor of {login}</span>
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
            </Table>
          )}
        </Read>
      </section>
      <AddPerson onAdded={people.again} />
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
