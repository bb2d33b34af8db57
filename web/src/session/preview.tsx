import type { CoverStyle } from "../api/cases";
import { getInterlude } from "../api/interludes";
import { usePictureUrl } from "../ui/picture_url";

/** How a covered item will look, tried on an ordinary landscape. */
export function Preview({ style }: { style: CoverStyle }) {
  const url = usePictureUrl((signal) => (style === "card" ? null : getInterlude(1, signal, style)), style);
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
