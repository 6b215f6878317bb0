import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parts } from './leveldb.ts';

/** What must not be found: a name for the report, and the bytes or the text themselves. */
export interface Canary { name: string; is: string | Buffer }

/** Where one was found, and in which writing. */
export interface Hit { name: string; file: string; as: string }

/** A needle in one of the writings in which a disk may hold it. */
interface Needle { name: string; as: string; bytes: Buffer }

/** The part of base64 that is the same wherever it begins: what its neighbours change is left out. */
function base64s(bytes: Buffer): { as: string; bytes: Buffer }[] {
  const writings: { as: string; bytes: Buffer }[] = [];
  for (const [alphabet, encode] of [['base64', (b: Buffer) => b.toString('base64')], ['base64url', (b: Buffer) => b.toString('base64url')]] as const) {
    for (let before = 0; before < 3; before += 1) {
      const text = encode(Buffer.concat([Buffer.alloc(before), bytes])).replaceAll('=', '');
      const first = Math.ceil((before * 8) / 6);
      const last = Math.floor(((before + bytes.length) * 8) / 6);
      const same = text.slice(first, last);
      if (same.length >= 10) writings.push({ as: `${alphabet}+${before}`, bytes: Buffer.from(same, 'latin1') });
    }
  }
  return writings;
}

function needles({ name, is }: Canary): Needle[] {
  if (Buffer.isBuffer(is)) return [{ as: 'bytes', bytes: is }, ...base64s(is)].map((one) => ({ name, ...one }));
  const [utf8, little] = [Buffer.from(is, 'utf8'), Buffer.from(is, 'utf16le')];
  const json = [...is].map((sign) => (sign.codePointAt(0)! < 128 ? sign : `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`)).join('');
  const writings = [
    { as: 'UTF-8', bytes: utf8 },
    { as: 'UTF-16LE', bytes: little },
    { as: 'UTF-16BE', bytes: Buffer.from(little).swap16() },
    { as: 'escaped', bytes: Buffer.from(json, 'latin1') },
    { as: 'percent', bytes: Buffer.from(encodeURIComponent(is), 'latin1') },
    ...base64s(utf8),
    ...base64s(little),
  ];
  const seen = new Set<string>();
  return writings.filter(({ bytes }) => !seen.has(bytes.toString('hex')) && seen.add(bytes.toString('hex'))).map((one) => ({ name, ...one }));
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : entry.isFile() ? [path] : [];
  });
}

/** Everything found in a folder: in the files as they lie, in the blocks and records of every LevelDB, and in what is compressed within. */
export function search(folder: string, canaries: Canary[]): { hits: Hit[]; files: number; bytes: number; parts: number } {
  const wanted = canaries.flatMap(needles);
  const tally = { hits: [] as Hit[], files: 0, bytes: 0, parts: 0 };
  for (const path of files(folder)) {
    const raw = readFileSync(path);
    tally.files += 1;
    for (const bytes of [raw, ...parts(path, raw)]) {
      tally.parts += 1;
      tally.bytes += bytes.length;
      for (const needle of wanted) {
        if (bytes.includes(needle.bytes)) tally.hits.push({ name: needle.name, file: relative(folder, path), as: needle.as });
      }
    }
  }
  return tally;
}

/** The same in one text or buffer, such as what a page decoded. */
export function searchIn(where: string, bytes: Buffer, canaries: Canary[]): Hit[] {
  return canaries.flatMap(needles).filter((needle) => bytes.includes(needle.bytes)).map(({ name, as }) => ({ name, as, file: where }));
}
