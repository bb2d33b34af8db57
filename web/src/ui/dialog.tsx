import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: "wide";
  /** The element's id or class for styles. */
  kind?: string;
}

/** A question or a sheet above the page. The page behind cannot be reached while it is open, and the
 * keyboard comes back to where it was. Esc is not its key: that blanks the screen, always. */
export function Dialog({ title, onClose, children, wide, kind }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  // At once, not after the next frame: letters typed meanwhile must reach the dialog.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    const before = document.activeElement;
    dialog.showModal();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${wide ?? ""} ${kind ?? ""}`}
      aria-label={title}
      onCancel={(event) => event.preventDefault()}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

interface QuestionProps extends Props {
  /** What stands at its head, where it is more than the title. */
  head?: string;
  /** What the answer does, on its button. */
  does: string;
  cancel?: string;
  /** Where giving up is more than closing. */
  onCancel?: () => void;
  disabled?: boolean;
  onAnswer: () => void;
}

/** A dialog that is answered, or given up. */
export function Question({
  head,
  does,
  cancel,
  disabled,
  onCancel,
  onAnswer,
  children,
  ...dialog
}: QuestionProps) {
  return (
    <Dialog {...dialog}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (disabled !== true) onAnswer();
        }}
      >
        <h2>{head ?? dialog.title}</h2>
        {children}
        <div class="dialog-foot">
          <button type="button" class="button" onClick={onCancel ?? dialog.onClose}>
            {cancel ?? "Cancel"}
          </button>
          <button class="button primary" disabled={disabled}>
            {does}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
