import { useState } from "preact/hooks";
import { wordsOf } from "../api/problem";
import { type ReportFormat, fetchReport, getSummary, makeReport } from "../api/reports";
import { caseInfo } from "../state/case";
import { Icon } from "../ui/icons";
import { Page } from "../ui/pieces";

const formats: { format: ReportFormat; title: string; words: string }[] = [
  { format: "html", title: "HTML", words: "One file to read and print. It holds no picture." },
  { format: "csv", title: "CSV", words: "A line an item, for a spreadsheet or another tool." },
  { format: "json", title: "JSON", words: "Everything, for programs." },
];

interface Made {
  name: string;
  sha256: string;
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

export function ReportPage({ caseName }: { caseName: string }) {
  const [busy, setBusy] = useState("");
  const [failure, setFailure] = useState("");
  const [made, setMade] = useState<Made[]>([]);
  const left = caseInfo.value;

  const run = async (what: string, work: () => Promise<void>): Promise<void> => {
    setBusy(what);
    setFailure("");
    try {
      await work();
    } catch (error) {
      setFailure(wordsOf(error));
    } finally {
      setBusy("");
    }
  };
  const report = (format: ReportFormat) =>
    run(format, async () => {
      const { url, sha256 } = await makeReport(caseName, format);
      const name = `safelight-${caseName}.${format}`;
      save(await fetchReport(url), name);
      setMade((all) => [{ name, sha256 }, ...all]);
    });
  const summary = () =>
    run("summary", async () => {
      const text = JSON.stringify(await getSummary(caseName), null, 2);
      save(new Blob([text], { type: "application/json" }), `safelight-${caseName}-summary.json`);
    });

  return (
    <Page title="Report" narrow="narrow">
      <p class="lead">
        What was found, what was decided and by whom, what a person viewed and for how long, and what was not
        examined and why.
      </p>
      {left?.scan.state === "running" && (
        <p class="warn-line">A scan is running: the report says so, and is of this moment.</p>
      )}
      <div class="reports">
        {formats.map(({ format, title, words }) => (
          <button key={format} class="report" disabled={busy !== ""} onClick={() => void report(format)}>
            <strong>{title}</strong>
            <span>{busy === format ? "Being written…" : words}</span>
          </button>
        ))}
        <button class="report" disabled={busy !== ""} onClick={() => void summary()}>
          <strong>Signed summary</strong>
          <span>
            {busy === "summary"
              ? "Being signed…"
              : "SHA-256 of each file, signed with the server’s Ed25519 key."}
          </span>
        </button>
      </div>
      {failure !== "" && (
        <p class="warn-line" role="alert">
          <Icon name="warn" /> {failure}
        </p>
      )}
      {made.length > 0 && (
        <section class="panel">
          <h2>Made now</h2>
          <ul class="made">
            {made.map((one, i) => (
              <li key={i}>
                <span>{one.name}</span>
                <code>{one.sha256}</code>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}
