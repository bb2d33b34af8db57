import { Page } from "../ui/pieces";
import { KeysSection } from "./keys_section";
import { PeopleSection } from "./people_section";

/** Who may log in, and which programs may ask. */
export function AdminPage({ page }: { page: "people" | "keys" }) {
  return page === "people" ? (
    <Page title="People">
      <PeopleSection />
    </Page>
  ) : (
    <Page title="Keys of programs">
      <KeysSection />
    </Page>
  );
}
