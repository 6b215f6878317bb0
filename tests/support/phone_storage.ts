import type { CDPSession, Page } from '@playwright/test';

/** What lies in the vault's database, store by store: how many rows, and a hash over keys and values. */
export async function storageState(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const name = (await indexedDB.databases()).map((one) => one.name!).find((one) => one.startsWith('hf-'))!;
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no answer of the database'));
    });
    const database = await answer(indexedDB.open(name));
    const plain = (_: string, value: unknown) => (value instanceof Uint8Array ? [...value].join() : value);
    const state: Record<string, string> = {};
    for (const store of database.objectStoreNames) {
      const rows = database.transaction(store).objectStore(store);
      const keys = rows.getAllKeys();
      const values = rows.getAll();
      const text = JSON.stringify([await answer(keys), await answer(values)], plain);
      const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
      state[store] = `${keys.result.length} rows, ${[...new Uint8Array(hash)].slice(0, 8).join('-')}`;
    }
    database.close();
    return state;
  });
}

/** A limit holds as long as the session that set it. */
const limits = new WeakMap<Page, CDPSession>();

/** The browser lets a write pass for so long on what it knew of the room before. */
const KNOWN_ROOM_MS = 31_000;

/** Takes all room from the origin, and more than it has; resolves when the browser minds it. */
export async function fillStorage(page: Page): Promise<void> {
  await limit(page, 1);
}

/** Leaves the origin what it takes now and not a byte more; resolves when the browser minds it. */
export async function leaveNoRoom(page: Page): Promise<void> {
  await limit(page, await page.evaluate(async () => (await navigator.storage.estimate()).usage!));
}

async function limit(page: Page, quotaSize: number): Promise<void> {
  const session = limits.get(page) ?? (await page.context().newCDPSession(page));
  limits.set(page, session);
  const origin = new URL(page.url()).origin;
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
  await page.waitForTimeout(KNOWN_ROOM_MS);
}

/** Whether the room kept for text is there. */
export async function holdsReserve(page: Page): Promise<boolean> {
  return page.evaluate(async () => (await caches.match('/reserve')) !== undefined);
}

/** As much room again as the disk has. */
export async function freeStorage(page: Page): Promise<void> {
  const origin = new URL(page.url()).origin;
  await limits.get(page)?.send('Storage.overrideQuotaForOrigin', { origin });
}

/** What the head of a row of `meta` says, as it lies on the disk in clear. */
export async function metaRow<T>(page: Page, row: string): Promise<T> {
  const head = await page.evaluate(async (row) => {
    const name = (await indexedDB.databases()).map((one) => one.name!).find((one) => one.startsWith('hf-'))!;
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no answer of the database'));
    });
    const database = await answer(indexedDB.open(name));
    const found = await answer<{ h: string }>(database.transaction('meta').objectStore('meta').get(row));
    database.close();
    return found.h;
  }, row);
  return JSON.parse(head) as T;
}
