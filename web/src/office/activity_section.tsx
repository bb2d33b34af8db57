import { readActivity } from "../api/held";
import { count, plain } from "../ui/format";
import { Table } from "../ui/pieces";
import { Read, useRead } from "../ui/read";

/** What programs asked, so that one who tries out what is accepted is seen. */
export function ActivitySection() {
  const activity = useRead(readActivity);
  return (
    <section class="panel">
      <h2>Uploads by key, since the server began</h2>
      <Read of={activity}>
        {(keys) => (
          <Table
            label="Keys"
            head={["For", "Whose", "Accepted", "Held", "Near each other", "No picture", "Over the rate"]}
          >
            {keys.map((key) => (
              <tr key={key.id}>
                <th scope="row">{plain(key.name)}</th>
                <td>{plain(key.tenant)}</td>
                {[key.accepted, key.held, key.near_queries, key.refused_types, key.over_rate].map((n, i) => (
                  <td key={i}>{count(n)}</td>
                ))}
              </tr>
            ))}
          </Table>
        )}
      </Read>
    </section>
  );
}
