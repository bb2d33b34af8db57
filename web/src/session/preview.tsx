import { useEffect, useState } from "preact/hooks";
import type { CoverStyle } from "../api/cases";
import { getInterlude } from "../api/interludes";

/** How a covered item will look, tried on an ordinary landscape. */
export function Preview({ style }: { style: CoverStyle }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    setUrl("");
    if (style === "card") return;
    const stop = new AbortController();
    let made = "";
    void getInterlude(1, stop.signal, style)
      .then((blob) => {
        made = URL.createObjectURL(blob);
        setUrl(made);
      })
      .catch(() => {});
    return () => {
      stop.abort();
      if (made !== "") URL.revokeObjectURL(made);
    };
  }, [style]);
  return (
    <figure class="preview">
      {style === "card" ? (
        <div class="cover">
          <div class="cover-facts">
            <span class="cover-type">JPEG</span>
            <span>4,032 × 3,024</span>
            <span>2.1 MB</span>
          </div>
        </div>
      ) : (
        <div class="cover picture">{url !== "" && <img src={url} alt="" />}</div>
      )}
      <figcaption>On an ordinary landscape</figcaption>
    </figure>
  );
}
