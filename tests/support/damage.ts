import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A profile's folders in which the app keeps its data. */
export class Disk {
  readonly storage: string;
  readonly settings: string;

  constructor(readonly profile: string) {
    this.settings = join(profile, 'Default', 'Local Storage');
    const databases = join(profile, 'Default', 'IndexedDB');
    const name = existsSync(databases) ? readdirSync(databases).find((one) => one.endsWith('.indexeddb.leveldb')) : undefined;
    if (!name) throw new Error(`no database in ${profile}`);
    this.storage = join(databases, name);
  }

  /** The files of the database of one sort, the newest last. */
  files(sort: RegExp): string[] {
    return readdirSync(this.storage).filter((name) => sort.test(name)).sort().map((name) => join(this.storage, name));
  }
}

export interface Damage {
  what: string;
  /** Does it; nothing was done where the file is missing. */
  to(disk: Disk, old: Disk, other: Disk): boolean;
  /** Whether work or counters are gone, which must be reported. */
  loses: boolean;
  /** The worker is told, and nothing says how much is gone, so that nothing is reported. */
  leavesNoNumbers?: boolean;
}

const LOG = /\.log$/;
const TABLE = /\.ldb$/;
const MANIFEST = /^MANIFEST/;
const CURRENT = /^CURRENT$/;

function each(sort: RegExp, change: (file: string) => void) {
  return (disk: Disk): boolean => {
    const files = disk.files(sort);
    files.forEach(change);
    return files.length > 0;
  };
}

/** Keeps the beginning of a file. */
const keep = (share: (size: number) => number) => (file: string) => truncateSync(file, Math.max(0, Math.floor(share(readFileSync(file).length))));

/** Turns over the bits of one byte. */
const flip = (place: (size: number) => number) => (file: string) => {
  const bytes = readFileSync(file);
  const at = Math.floor(place(bytes.length));
  bytes[at] = bytes[at]! ^ 0xff;
  writeFileSync(file, bytes);
};

function replace(mine: string, theirs: string): boolean {
  rmSync(mine, { recursive: true, force: true });
  cpSync(theirs, mine, { recursive: true });
  return true;
}

export const DAMAGES: Damage[] = [
  { what: 'log emptied', to: each(LOG, keep(() => 0)), loses: true },
  { what: 'log cut in half', to: each(LOG, keep((size) => size / 2)), loses: true },
  { what: 'log cut by its last 2,000 bytes', to: each(LOG, keep((size) => size - 2_000)), loses: true },
  { what: 'a byte flipped in the middle of the log', to: each(LOG, flip((size) => size / 2)), loses: true },
  { what: 'a byte flipped near the end of the log', to: each(LOG, flip((size) => size - 1_500)), loses: true },
  { what: 'tables removed', to: each(TABLE, (file) => rmSync(file)), loses: true },
  { what: 'a byte flipped in each table', to: each(TABLE, flip((size) => size / 2)), loses: true },
  { what: 'MANIFEST emptied', to: each(MANIFEST, keep(() => 0)), loses: true },
  { what: 'a byte flipped in MANIFEST', to: each(MANIFEST, flip((size) => size / 2)), loses: true },
  { what: 'CURRENT emptied', to: each(CURRENT, keep(() => 0)), loses: true },
  { what: 'an older copy put back', to: (disk, old) => replace(disk.storage, old.storage), loses: true },
  { what: 'the folder of another phone put in', to: (disk, _, other) => replace(disk.storage, other.storage), loses: true },
  { what: 'database removed', to: (disk) => { rmSync(disk.storage, { recursive: true }); return true; }, loses: true },
  { what: 'localStorage removed', to: (disk) => { rmSync(disk.settings, { recursive: true }); return true; }, loses: false },
  {
    what: 'both removed', loses: true, leavesNoNumbers: true,
    to: (disk) => { rmSync(disk.storage, { recursive: true }); rmSync(disk.settings, { recursive: true }); return true; },
  },
];
