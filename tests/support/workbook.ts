import { strFromU8, unzipSync } from 'fflate';
import { readFileSync } from 'node:fs';

/** The texts of a workbook's shared strings and how many formulas its sheets hold, read from the file as an office receives it. */
export function readWorkbook(path: string): { text: string; formulas: number } {
  const parts = unzipSync(readFileSync(path));
  const part = (name: string): string => (parts[name] ? strFromU8(parts[name]) : '');
  const sheets = Object.keys(parts).filter((name) => name.startsWith('xl/worksheets/sheet'));
  return {
    text: part('xl/sharedStrings.xml'),
    formulas: sheets.reduce((sum, name) => sum + part(name).split('<f>').length - 1, 0),
  };
}
