import { appendFileSync } from 'node:fs';

/** One line of the table: `cargo xtask bench` reads them from the file. */
export function report(what: string, measured: { figure: number; unit: string; budget?: number }): void {
  const line = JSON.stringify({ what, ...measured });
  if (process.env.BENCH) appendFileSync(process.env.BENCH, `${line}\n`);
  console.log(line);
}
