import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Empty } from "./pieces";

/** A page whose code is fetched when it is first opened, so that the queue need not wait for it. */
export function late<P extends object>(load: () => Promise<{ default: ComponentType<P> }>) {
  let had: ComponentType<P> | null = null;
  return function Late(props: P) {
    const [page, setPage] = useState<{ is: ComponentType<P> | null; failed?: true }>({ is: had });
    useEffect(() => {
      if (page.is !== null) return;
      load()
        .then((got) => {
          had = got.default;
          setPage({ is: had });
        })
        .catch(() => setPage({ is: null, failed: true }));
    }, []);
    if (page.failed)
      return (
        <Empty icon="away" title="This page could not be read">
          <p>Reload when the server is there again.</p>
        </Empty>
      );
    return page.is === null ? <div class="page" aria-busy="true" /> : h(page.is, props as P & object);
  };
}
