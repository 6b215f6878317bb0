import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { argon2idAsync } from '@noble/hashes/argon2.js';
import type { Page } from '@playwright/test';
import { hkdfSync } from 'node:crypto';

/** A row of the phone's database, opened: which store, its key, and what was sealed. */
export interface OpenedRow { shelf: string; key: string[]; plain: Buffer }

/** A record as the phone keeps it. */
export interface KeptRecord { id: string; kind: string; parent?: string; confirmed?: { f: Record<string, unknown> } }

type Stored = Record<string, { key: string[]; h?: string; a?: string; b?: string }[]>;

/**
 * Everything that the keys of an unlocked vault open, by a second reading of docs and code (security.md §3) that shares nothing with the app: what the device
 * code gives, whoever has the disk and the code has.
 */
export async function openedVault(page: Page, code: string): Promise<{ opened: OpenedRow[]; shut: string[] }> {
  const stored = await storedRows(page);
  const head = (name: string) => JSON.parse(stored.meta!.find(({ key }) => key[0] === name)!.h!);
  const [wraps, { identity: { device } }] = [head('wraps'), head('engine')];
  const stretched = await argon2idAsync(code.replaceAll('-', ''), bytesOf(wraps.code.salt), { m: 64 * 1024, t: 3, p: 1, dkLen: 32 });
  const wrapping = Buffer.from(hkdfSync('sha256', stretched, '', 'huifang/1/code', 32));
  const unwrap = (by: Uint8Array, wrap: string, name: string) => openRow(by, ['wrap', name, '', 'key/1', wraps.vault], bytesOf(wrap));
  const dek = unwrap(wrapping, wraps.code.wrap, 'code');
  const own = { kv: unwrap(dek, wraps.kv, 'kv'), out: unwrap(dek, wraps.out.wrap, 'out'), blob: unwrap(dek, wraps.blob.wrap, 'blob') };
  const areas = new Map(Object.entries<string>(wraps.areas).map(([area, wrap]) => [area, unwrap(dek, wrap, `area/${area}`)]));
  const ofArea = (store: string, id: string, area: string, body: Buffer) => openRow(areas.get(area)!, [store, id, area, 'json/1', device], body);
  const open: Record<string, (key: string[], body: Buffer, area: string) => Buffer> = {
    out: ([inc, seq], body) => openJoined(own.out, Buffer.from(idOf(stored.out!, inc!, seq!)), body),
    draft: ([id], body) => openJoined(own.out, Buffer.from(id!), body),
    rep: ([id], body, area) => ofArea('rep', id!, area, body),
    idx: ([area, number], body) => ofArea('idx', number!, area!, body),
    stage: ([store, area, id], body) => ofArea(store!, id!, area!, body),
    blob: ([hash, n], body) => openJoined(own.blob, Buffer.from(`${hash}/${n}`), body),
    kv: ([name, area, , hash], body) => (hash === undefined
      ? openRow(own.kv, ['kv', name!, '', 'json/1', device], body)
      : ofArea('album', hash, area!, body)),
  };
  const [opened, shut]: [OpenedRow[], string[]] = [[], []];
  for (const [shelf, rows] of Object.entries(stored)) {
    for (const { key, a, b } of rows) {
      if (b === undefined) continue;
      try {
        opened.push({ shelf, key, plain: open[shelf]!(key, Buffer.from(b, 'base64'), a ?? '') });
      } catch (error) {
        shut.push(`${shelf} ${key.join('/')}: ${String(error)}`);
      }
    }
  }
  return { opened, shut };
}

/** The records of files among what was opened, each once. */
export function recordsOf(opened: OpenedRow[]): KeptRecord[] {
  const rows = opened.filter(({ shelf }) => shelf === 'rep').flatMap(({ plain }) => JSON.parse(plain.toString('utf8')) as KeptRecord[]);
  return [...new Map(rows.map((record) => [record.id, record])).values()];
}

/** What lies in the vault's database, store by store; bytes as base64. */
async function storedRows(page: Page): Promise<Stored> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no answer of the database'));
    });
    const base64 = (bytes: Uint8Array) => { let text = ''; for (const byte of bytes) text += String.fromCharCode(byte); return btoa(text); };
    const name = (await indexedDB.databases()).map((one) => one.name!).find((one) => one.startsWith('hf-'))!;
    const database = await answer(indexedDB.open(name));
    const stored: Stored = {};
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      const [keys, values] = [rows.getAllKeys(), rows.getAll()];
      const found = [await answer(keys), await answer(values)] as [IDBValidKey[], { h?: string; a?: string; b?: Uint8Array }[]];
      stored[store] = found[0].map((key, at) => {
        const { h, a, b } = found[1][at]!;
        return { key: (Array.isArray(key) ? key : [key]).map(String), h, a, b: b && base64(b) };
      });
    }
    database.close();
    return stored;
  });
}

/** A changeset is sealed for its id, which its head says. */
function idOf(rows: Stored[string], inc: string, seq: string): string {
  const { h } = rows.find(({ key }) => key[0] === inc && key[1] === seq)!;
  return (JSON.parse(h!) as { id: string }).id;
}

/** Algorithm ‖ version ‖ nonce ‖ ciphertext, bound to the place: each part after its length. */
function openRow(key: Uint8Array, place: string[], row: Buffer): Buffer {
  const parts = place.map((part) => Buffer.from(part)).flatMap((part) => { const length = Buffer.alloc(4); length.writeUInt32BE(part.length); return [length, part]; });
  const head = row.subarray(0, 2);
  if (!head.equals(Buffer.from([1, 1]))) throw new Error('another envelope');
  return openJoined(key, Buffer.concat([head, ...parts]), row.subarray(2));
}

function openJoined(key: Uint8Array, aad: Buffer, joined: Buffer): Buffer {
  return Buffer.from(xchacha20poly1305(key, joined.subarray(0, 24), aad).decrypt(joined.subarray(24)));
}

function bytesOf(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}
