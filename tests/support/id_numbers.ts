import type { KeptRecord } from './opened_vault.ts';

/** What a phone knows of a person: the numbers that it shows in part, and all else that stands in records of him. */
export interface Known { county: string; year: number; shown: string[]; text: string }

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function check(first17: string): string {
  const sum = [...first17].reduce((sum, digit, place) => sum + Number(digit) * WEIGHTS[place]!, 0);
  return '10X98765432'[sum % 11]!;
}

/** A number that passes its check, of a county and a day. */
export function validNumber(county: string, day: string): string {
  const first = `${county}${day}${String(Math.floor(Math.random() * 1_000)).padStart(3, '0')}`;
  return first + check(first);
}

function daysOf(year: number): string[] {
  const days: string[] = [];
  for (const day = new Date(Date.UTC(year, 0, 1)); day.getUTCFullYear() === year; day.setUTCDate(day.getUTCDate() + 1)) {
    days.push(day.toISOString().slice(0, 10).replaceAll('-', ''));
  }
  return days;
}

/** Every number that fits what is known: the home county, the days of the year, and what each masked number shows. */
export function candidates({ county, year, shown }: Known): string[] {
  const fits = (from: number, part: string) => shown.every((mask) => [...part].every((sign, at) => '*' === mask[from + at] || mask[from + at] === sign));
  const firsts = daysOf(year).map((day) => county + day).filter((first) => fits(0, first));
  const serials = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0')).filter((serial) => fits(14, serial));
  return firsts.flatMap((first) => serials.map((serial) => first + serial)).map((first) => first + check(first)).filter((number) => fits(17, number[17]!));
}

/** A day of the person's year of birth that stands anywhere in what was sent of him. */
export function dayOf({ year, text }: Known): string | undefined {
  return new RegExp(`(?<!\\d)${year}[-/年.]?(0[1-9]|1[0-2])([-/月.]?([0-2]\\d|3[01]))?(?!\\d)`).exec(text)?.[0];
}

/** Masked texts that may be an ID number, or the number of a paper that repeats one (残疾人证: two more digits). */
function masked(text: string): string[] {
  const found = text.match(/(?<![\dX*])[\dX*]+(?![\dX*])/g) ?? [];
  return [...new Set(found.filter((one) => one.includes('*') && [18, 20].includes(one.length)).map((one) => one.slice(0, 18)))];
}

/** The people of the files on a phone, each with every record that is his or names him, and what the phone was told of his file besides. */
export function known(records: KeptRecord[], county: string, told: string[]): Known[] {
  const written = records.map((record) => ({ record, text: JSON.stringify(record) }));
  return records.filter(({ kind }) => kind === 'recipient').flatMap(({ id, confirmed }) => {
    const birth = (confirmed?.f.birth as { show?: string } | undefined)?.show ?? '';
    const of = written.filter(({ record, text }) => record.parent === id || text.includes(id)).map(({ text }) => text);
    const all = [...of, ...told.filter((text) => text.includes(id))].join('\n');
    const shown = masked(all);
    if (!/^\d{4}/.test(birth) || shown.length === 0) return [];
    // Ids and ciphertext are chance, and would be taken for days now and then.
    const text = all.replaceAll(/"(?:idx|h|enc|ct)":"[^"]*"/g, '').replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '');
    return [{ county, year: Number(birth.slice(0, 4)), shown, text }];
  });
}
