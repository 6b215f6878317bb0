/** Random numbers that can be had again: `CHAOS_SEED` repeats a run, and each run prints its seed. */
export class Chance {
  readonly seed = Number(process.env.CHAOS_SEED ?? Date.now() % 2 ** 32) >>> 0;
  private state = this.seed;

  /** From 0 up to but without 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to but without `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

/** How often a figure is repeated: `CHAOS_N`, else the figure to reach. */
export function repetitions(figure: number): number {
  return Number(process.env.CHAOS_N ?? figure);
}

/** The line that a run ends with. */
export function report(figure: string, counts: Record<string, number | string>): void {
  const words = Object.entries(counts).map(([what, n]) => `${what} ${n}`);
  console.log(`${figure}: ${words.join(', ')}`);
}
