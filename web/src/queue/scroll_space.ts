/** The arithmetic of a grid of equal cells that is far taller than a browser lets an element be.
 *
 * Rows stand at *virtual* heights, 0 to `height`. The element that scrolls is at most `cap` high. Up
 * to there the two are the same. Above it a small scroll moves the virtual place by as much, a jump
 * (the scroll bar dragged, End) goes to the place in proportion, and near the ends of the element
 * its scroll position is laid anew, so that each row can be reached both ways. */
export interface Grid {
  total: number;
  columns: number;
  rowHeight: number;
  viewHeight: number;
}

/** Browsers cap the height of an element: Chromium near 33 million pixels, Firefox near 17. */
export const usualCap = 12_000_000;

export interface Rows {
  first: number;
  /** One behind the last. */
  end: number;
}

export class ScrollSpace {
  private top = 0;
  private last = 0;
  private grid: Grid = { total: 0, columns: 1, rowHeight: 1, viewHeight: 0 };

  constructor(private readonly cap: number = usualCap) {}

  /** Takes a new size of the grid or of the window over it. Gives the scroll position to set. */
  resize(grid: Grid): number {
    this.grid = grid;
    return this.goTo(this.top);
  }

  get rows(): number {
    return Math.ceil(this.grid.total / this.grid.columns);
  }

  /** Virtual. */
  get height(): number {
    return this.rows * this.grid.rowHeight;
  }

  /** Of the element that scrolls. */
  get elementHeight(): number {
    return Math.min(this.height, this.cap);
  }

  /** The virtual place of the upper edge of the window. */
  get virtualTop(): number {
    return this.top;
  }

  private get maxTop(): number {
    return Math.max(0, this.height - this.grid.viewHeight);
  }

  private get maxScroll(): number {
    return Math.max(0, this.elementHeight - this.grid.viewHeight);
  }

  private get isPaged(): boolean {
    return this.height > this.cap;
  }

  private inProportion(top: number): number {
    return this.maxTop === 0 ? 0 : (top / this.maxTop) * this.maxScroll;
  }

  /** The window was scrolled. Gives the scroll position to set instead, null to leave it. */
  scrolled(scrollTop: number): number | null {
    if (!this.isPaged) {
      this.top = Math.min(Math.max(0, scrollTop), this.maxTop);
      this.last = scrollTop;
      return null;
    }
    const by = scrollTop - this.last;
    this.last = scrollTop;
    if (Math.abs(by) > 3 * this.grid.viewHeight) {
      this.top = this.maxScroll === 0 ? 0 : (scrollTop / this.maxScroll) * this.maxTop;
      return null;
    }
    this.top = Math.min(Math.max(0, this.top + by), this.maxTop);
    const room = 2 * this.grid.viewHeight;
    const nearEdge = scrollTop < room || scrollTop > this.maxScroll - room;
    const right = this.inProportion(this.top);
    const atEnd = this.top === 0 || this.top === this.maxTop;
    if ((nearEdge && Math.abs(right - scrollTop) > 1) || (atEnd && right !== scrollTop)) {
      this.last = right;
      return right;
    }
    return null;
  }

  /** Puts the window at a virtual place. Gives the scroll position to set. */
  goTo(top: number): number {
    this.top = Math.min(Math.max(0, top), this.maxTop);
    this.last = this.isPaged ? this.inProportion(this.top) : this.top;
    return this.last;
  }

  /** The browser rounded or cut the position that it was told to take. */
  settled(scrollTop: number): void {
    this.last = scrollTop;
  }

  /** The virtual place that shows the item's row whole with the least movement. */
  topToShow(place: number): number {
    const row = Math.floor(place / this.grid.columns);
    const upper = row * this.grid.rowHeight;
    const lower = upper + this.grid.rowHeight;
    if (upper < this.top) return upper;
    if (lower > this.top + this.grid.viewHeight) return lower - this.grid.viewHeight;
    return this.top;
  }

  /** The rows that are seen, and `over` more on both sides. */
  visible(over: number): Rows {
    const first = Math.floor(this.top / this.grid.rowHeight) - over;
    const end = Math.ceil((this.top + this.grid.viewHeight) / this.grid.rowHeight) + over;
    return { first: Math.max(0, first), end: Math.max(0, Math.min(this.rows, end)) };
  }

  /** Where a row stands inside the element that scrolls. */
  elementTop(row: number): number {
    return row * this.grid.rowHeight - this.top + this.last;
  }
}
