import { getJson, sendJson } from "./http";

export const roles = ["reviewer", "lead", "list_curator", "auditor", "admin", "screen_client"] as const;
export type Role = (typeof roles)[number];

export interface PersonLine {
  id: string;
  login: string;
  name: string;
  role: Role;
  state: "active" | "disabled";
  second_factor: "on" | "off";
  created: string;
}

export interface NewPerson {
  login: string;
  name: string;
  role: Role;
  password: string;
}

/** What is there is changed. */
export type PersonChange = Partial<Pick<PersonLine, "name" | "role" | "state">> & {
  password?: string;
  second_factor?: "off";
};

export async function listPeople(): Promise<PersonLine[]> {
  return (await getJson<{ people: PersonLine[] }>("/v1/people")).people;
}

export function addPerson(person: NewPerson): Promise<PersonLine> {
  return sendJson<PersonLine>("POST", "/v1/people", person);
}

export function changePerson(login: string, change: PersonChange): Promise<PersonLine> {
  return sendJson<PersonLine>("PATCH", `/v1/people/${encodeURIComponent(login)}`, change);
}
