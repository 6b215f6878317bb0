/** What a phone knows of a person, from all that it was ever sent. */
export interface Known { county: string; year: number; tail: string; text: string }

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

/** Every number that fits what is known: the home county, the days of the year, and the last four characters. */
export function candidates({ county, year, tail }: Known): string[] {
  const shown = tail.replaceAll('*', '');
  const [serial, last] = [shown.slice(0, -1), shown.slice(-1)];
  const free = 3 - serial.length;
  const serials = Array.from({ length: 10 ** free }, (_, n) => (free > 0 ? String(n).padStart(free, '0') : '') + serial);
  const numbers = daysOf(year).flatMap((day) => serials.map((serial) => county + day + serial)).map((first) => first + check(first));
  return numbers.filter((number) => number.endsWith(last));
}

/** A day of the person's year of birth that stands anywhere in what was sent of him. */
export function dayOf({ year, text }: Known): string | undefined {
  return new RegExp(`(?<!\\d)${year}[-/年.]?(0[1-9]|1[0-2])([-/月.]?([0-2]\\d|3[01]))?(?!\\d)`).exec(text)?.[0];
}

/** The people of the files that came down in these answers. */
export function known(answers: string[]): Known[] {
  const people = new Map<string, Known>();
  let county = '';
  for (const answer of answers) {
    const { pull } = JSON.parse(answer || '{}') as { pull?: { areas?: { code: string }[]; rows?: { e: string; type?: string; f?: Record<string, unknown> }[] } };
    county = pull?.areas?.find((area) => area.code.length >= 6)?.code.slice(0, 6) ?? county;
    for (const row of pull?.rows ?? []) {
      const show = (name: string) => (row.f?.[name] as { show?: string } | undefined)?.show ?? '';
      if (row.type !== 'recipient' || !/^\d{4}/.test(show('birth')) || !show('id_no')) continue;
      const { id_no: _, birth: __, ...rest } = row.f!;
      people.set(row.e, { county, year: Number(show('birth').slice(0, 4)), tail: show('id_no').slice(-4), text: JSON.stringify(rest) });
    }
  }
  return [...people.values()];
}
