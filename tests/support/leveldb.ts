/** What lies in the files of a LevelDB: the blocks of its tables, decompressed, and the records of its logs, put together. */

const BLOCK = 32_768;
const LOG_HEAD = 7;
const FOOTER = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');
const SNAPPY = 1;

/** A value of the browser that is compressed by itself: two version bytes and what was done with it. */
const WRAPPED = Buffer.from([0xff, 0x11, 0x02]);

/** Everything that a file holds besides its bytes as they lie; nothing for a file of another kind. */
export function parts(path: string, raw: Buffer): Buffer[] {
  const found = /\.(ldb|sst)$/.test(path) ? blocks(raw) : /\.log$/.test(path) ? records(raw) : [];
  return [...found, ...[raw, ...found].flatMap(wrapped)];
}

function varint(bytes: Buffer, at: number): [number, number] {
  let [value, shift] = [0, 0];
  for (let i = at; i < bytes.length && shift < 50; i += 1) {
    value += (bytes[i]! & 0x7f) * 2 ** shift;
    if (bytes[i]! < 0x80) return [value, i + 1];
    shift += 7;
  }
  throw new Error('no number');
}

/** Snappy's raw form: a length, then literals and copies. What follows when the length is reached belongs to something else. */
export function unsnappy(bytes: Buffer): Buffer {
  let [length, at] = varint(bytes, 0);
  if (length > 1 << 28) throw new Error('too long');
  const out = Buffer.alloc(length);
  let end = 0;
  while (at < bytes.length && end < length) {
    const tag = bytes[at++]!;
    if ((tag & 3) === 0) {
      let size = tag >> 2;
      if (size >= 60) {
        const wide = size - 59;
        size = bytes.readUIntLE(at, wide);
        at += wide;
      }
      size += 1;
      if (at + size > bytes.length || end + size > length) throw new Error('a literal beyond the end');
      bytes.copy(out, end, at, at + size);
      [at, end] = [at + size, end + size];
      continue;
    }
    let [size, back] = [(tag >> 2) + 1, 0];
    if ((tag & 3) === 1) {
      size = ((tag >> 2) & 7) + 4;
      back = ((tag >> 5) << 8) | bytes[at]!;
      at += 1;
    } else if ((tag & 3) === 2) {
      back = bytes.readUInt16LE(at);
      at += 2;
    } else {
      back = bytes.readUInt32LE(at);
      at += 4;
    }
    if (back === 0 || back > end || end + size > length) throw new Error('a copy of nothing');
    for (let i = 0; i < size; i += 1) out[end + i] = out[end - back + i]!;
    end += size;
  }
  if (end !== length) throw new Error('cut off');
  return out;
}

function block(raw: Buffer, offset: number, size: number): Buffer {
  const body = raw.subarray(offset, offset + size);
  return raw[offset + size] === SNAPPY ? unsnappy(body) : body;
}

/** The entries of a block; each key shares its beginning with the one before. */
function* entries(bytes: Buffer): Generator<[Buffer, Buffer]> {
  const end = bytes.length - 4 - 4 * bytes.readUInt32LE(bytes.length - 4);
  let [at, key] = [0, Buffer.alloc(0)];
  while (at < end) {
    const [shared, a] = varint(bytes, at);
    const [own, b] = varint(bytes, a);
    const [size, c] = varint(bytes, b);
    key = Buffer.concat([key.subarray(0, shared), bytes.subarray(c, c + own)]);
    yield [key, bytes.subarray(c + own, c + own + size)];
    at = c + own + size;
  }
}

/** The blocks of a table; and each key whole, since a block holds only what differs from the one before. */
function blocks(raw: Buffer): Buffer[] {
  if (raw.length < FOOTER || !raw.subarray(-8).equals(MAGIC)) return [];
  const footer = raw.subarray(-FOOTER);
  const [, a] = varint(footer, 0);
  const [, b] = varint(footer, a);
  const [offset, c] = varint(footer, b);
  const [size] = varint(footer, c);
  const found: Buffer[] = [];
  for (const [, handle] of entries(block(raw, offset, size))) {
    const [at, next] = varint(handle, 0);
    const data = block(raw, at, varint(handle, next)[0]);
    found.push(data, Buffer.concat([...entries(data)].flatMap(([key, value]) => [key, value])));
  }
  return found;
}

/** The records of a log, of which one may be parted over several blocks. */
function records(raw: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let open: Buffer[] = [];
  let at = 0;
  while (at + LOG_HEAD <= raw.length) {
    const left = BLOCK - (at % BLOCK);
    if (left < LOG_HEAD) {
      at += left;
      continue;
    }
    const [size, kind] = [raw.readUInt16LE(at + 4), raw[at + 6]!];
    if (kind < 1 || kind > 4 || size > left - LOG_HEAD) {
      at += left;
      open = [];
      continue;
    }
    const body = raw.subarray(at + LOG_HEAD, at + LOG_HEAD + size);
    if (kind === 1 || kind === 2) open = [];
    open.push(body);
    if (kind === 1 || kind === 4) found.push(Buffer.concat(open));
    at += LOG_HEAD + size;
  }
  if (open.length > 0) found.push(Buffer.concat(open));
  return found;
}

/** Values that the browser compressed before it gave them to the database. What only looks like one does not decompress. */
function wrapped(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(WRAPPED); at >= 0; at = bytes.indexOf(WRAPPED, at + 1)) {
    const value = inflated(bytes.subarray(at + WRAPPED.length));
    if (value) found.push(value);
  }
  return found;
}

/** Decompresses what begins here; nothing where it is no such value. */
function inflated(bytes: Buffer): Buffer | undefined {
  try {
    return unsnappy(bytes);
  } catch {
    return undefined;
  }
}
