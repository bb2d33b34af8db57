import type { Finding, Hit, Item } from "../api/items";
import { plain } from "../ui/format";
import { Section, Table } from "../ui/pieces";
import { order, words } from "../ui/words";

/** What does not fit the bytes is seen first, then the stronger. */
function place(finding: Finding): number {
  return order("grade").indexOf(finding.grade);
}

function FindingLine({ finding }: { finding: Finding }) {
  return (
    <li class="finding">
      <div class="finding-head">
        <span class={`grade g-${finding.grade}`}>{words("grade", finding.grade)}</span>
        <p>{plain(finding.statement)}</p>
      </div>
      <p class="finding-means">{finding.grade_words}</p>
      {finding.fields.length > 0 && (
        <dl class="fields">
          {finding.fields.map(([name, text], i) => (
            <div key={i}>
              <dt>{plain(name)}</dt>
              <dd>{plain(text)}</dd>
            </div>
          ))}
          {typeof finding.offset === "number" && (
            <div>
              <dt>at byte</dt>
              <dd>{finding.offset}</dd>
            </div>
          )}
        </dl>
      )}
    </li>
  );
}

/** Evidence of origin and facts, in plain words, each with its grade and what the grade is worth. */
export function Findings({ item }: { item: Item }) {
  const evidence = item.findings.filter((one) => one.grade !== "fact").sort((x, y) => place(x) - place(y));
  const facts = item.findings.filter((one) => one.grade === "fact");
  return (
    <>
      <Section title="Evidence of origin" aside={<small>Evidence, never a verdict</small>}>
        {evidence.length === 0 ? (
          <p class="none">
            No origin evidence. That none was found says nothing of where the file comes from.
          </p>
        ) : (
          <ul class="findings">
            {evidence.map((one, i) => (
              <FindingLine key={i} finding={one} />
            ))}
          </ul>
        )}
      </Section>
      {facts.length > 0 && (
        <Section title="Other findings">
          <ul class="findings">
            {facts.map((one, i) => (
              <FindingLine key={i} finding={one} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function HitLine({ hit }: { hit: Hit }) {
  const victim = hit.victim_identified;
  return (
    <tr>
      <th scope="row">
        {plain(hit.list)}{" "}
        <small title={hit.version}>
          {hit.version.length > 16 ? `${hit.version.slice(0, 12)}…` : hit.version}
        </small>
      </th>
      <td>{hit.category}</td>
      <td>{words("disposition", hit.disposition)}</td>
      <td>
        {hit.kind === "pdq" ? "fingerprint" : hit.kind.toUpperCase()}
        {typeof hit.distance === "number" && <small> about {hit.distance} bits apart</small>}
      </td>
      <td>
        {victim === "no" ? (
          <strong class="warn">victim not identified</strong>
        ) : victim === "yes" ? (
          "identified"
        ) : (
          "not stated"
        )}
      </td>
    </tr>
  );
}

export function Hits({ item }: { item: Item }) {
  return (
    <Section title="Hits in lists">
      {item.hits.length === 0 ? (
        <p class="none">No list that was used says anything of it.</p>
      ) : (
        <Table label="Hits in lists" head={["List", "Category", "Says", "By", "Victim"]}>
          {item.hits.map((hit, i) => (
            <HitLine key={i} hit={hit} />
          ))}
        </Table>
      )}
    </Section>
  );
}
