import { KeysSection } from "./keys_section";
import { PeopleSection } from "./people_section";

/** Who may log in, and which programs may ask. */
export default function AdminPage({ page }: { page: "people" | "keys" }) {
  return (
    <main class="page">
      <h1 tabIndex={-1} data-home="">
        {page === "people" ? "People" : "Keys of programs"}
      </h1>
      {page === "people" ? <PeopleSection /> : <KeysSection />}
    </main>
  );
}
