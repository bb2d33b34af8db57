import { budgetLeft } from "../reveal/reveal";
import { duration } from "../ui/format";
import { exposure } from "./exposure_state";

/** How much of today's budget is left, at a glance; the page behind it says more. */
export function Meter() {
  const known = exposure.value;
  if (known === null) return null;
  const limit = known.budget.reveals_a_day;
  const left = budgetLeft.value.reveals_left;
  if (limit === null || left === null) {
    return (
      <a class="meter" href="#/exposure">
        {known.today.reveals} reveals, {duration(known.today.seconds)}
      </a>
    );
  }
  const share = limit === 0 ? 0 : left / limit;
  return (
    <a
      class={`meter${share <= 0.15 ? " low" : ""}`}
      href="#/exposure"
      title="Your exposure today, seen by you alone"
    >
      <span class="meter-bar" aria-hidden="true">
        <span style={{ transform: `scaleX(${share})` }} />
      </span>
      <span>{left} reveals left</span>
    </a>
  );
}
