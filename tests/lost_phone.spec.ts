import { expect, test, type Locator, type Page } from '@playwright/test';
import { randomBytes, randomInt } from 'node:crypto';
import { lastPicture, rememberPictures } from './support/camera.ts';
import { count, rows, values } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { search, searchIn, type Canary } from './support/disk_search.ts';
import { candidates, dayOf, known, validNumber } from './support/id_numbers.ts';
import { WORKER } from './support/office.ts';
import { openedVault, recordsOf, type OpenedRow } from './support/opened_vault.ts';
import { Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

/** Rare Han characters: what nobody else has written on this disk. */
const han = (count: number) => Array.from({ length: count }, () => String.fromCodePoint(0x4e00 + randomInt(0x5000))).join('');
const digits = (count: number) => Array.from({ length: count }, () => String(randomInt(10))).join('');

/** What is found in the profile of a phone that is off, as a sentence and a list. */
function look(phone: Phone, canaries: Canary[], when: string): void {
  const found = search(phone.device.profile, canaries);
  console.log(`S2 ${when}: ${found.hits.length} hits of ${canaries.length} canaries in ${found.files} files, ${found.parts} parts, ${(found.bytes / 1e6).toFixed(1)} MB`);
  expect(found.hits, when).toEqual([]);
}

/** Everything that the page can read of its storage: databases with keys and values, settings, caches. */
async function decoded(page: Page): Promise<Buffer> {
  const text = await page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no answer of the database'));
    });
    const latin = (bytes: Uint8Array) => { let text = ''; for (const byte of bytes) text += String.fromCharCode(byte); return text; };
    const plain = (_: string, value: unknown) => (value instanceof Uint8Array ? latin(value) : value);
    const parts: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await answer(indexedDB.open(name!));
      for (const store of database.objectStoreNames) {
        const rows = database.transaction(store).objectStore(store);
        const [keys, found] = [rows.getAllKeys(), rows.getAll()];
        parts.push(`${name}/${store}`, JSON.stringify(await answer(keys)), JSON.stringify(await answer(found), plain));
      }
      database.close();
    }
    for (const storage of [localStorage, sessionStorage]) parts.push(JSON.stringify({ ...storage }));
    parts.push(document.title, location.href);
    return parts.join('\n');
  });
  return Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from('\n'), Buffer.from(text, 'utf8')]);
}

async function pick(page: Page, field: Locator, option: string): Promise<void> {
  await field.click();
  await page.getByRole('dialog').last().getByRole('button', { name: option, exact: true }).click();
}

test.describe.serial('S2: a phone that was lost', () => {
  let server: Server;
  let phone: Phone;
  /** What the keys of the phone open while it is in use. */
  let opened: OpenedRow[] = [];
  /** What the office told of the history of files. */
  const told: string[] = [];
  const canaries: Canary[] = [];
  /** Values that are sealed to the office as they are saved: not even the unlocked phone has them. */
  const sealed: Canary[] = [];
  const plant = (name: string, is: string | Buffer, to = canaries) => {
    to.push({ name, is });
    if (to !== canaries) canaries.push({ name, is });
    return is as string;
  };

  test.beforeAll(async () => { server = await demoOffice(60); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  test('what the search must find is found: plain text in a database, in each writing', async () => {
    phone = new Phone(server.url);
    await phone.start();
    const control = [{ name: 'control', is: `控${han(8)}` }, { name: 'control bytes', is: randomBytes(24) }];
    await phone.page.evaluate(async ({ text, bytes }) => {
      const open = indexedDB.open('control');
      open.onupgradeneeded = () => open.result.createObjectStore('rows');
      await new Promise((resolve) => { open.onsuccess = resolve; });
      const write = open.result.transaction('rows', 'readwrite');
      // Repetitions around it, so that the database compresses the block.
      for (let i = 0; i < 400; i += 1) write.objectStore('rows').put({ note: `${'同样的话'.repeat(60)}${text}`, bytes: new Uint8Array(bytes), i }, i);
      await new Promise((resolve) => { write.oncomplete = resolve; });
      open.result.close();
      localStorage.setItem('control', text);
    }, { text: control[0]!.is as string, bytes: [...(control[1]!.is as Buffer)] });
    await phone.device.shutDown();
    const { hits } = search(phone.device.profile, control);
    console.log(`S2 control: ${hits.length} hits in ${[...new Set(hits.map((hit) => hit.as))].join(', ')}`);
    expect(new Set(hits.map((hit) => hit.name))).toEqual(new Set(['control', 'control bytes']));
    await phone.device.dispose();
  });

  test('holds names, numbers, remarks and photos that were sent', async () => {
    phone = await workersPhone(server);
    const { page } = phone;
    for (const name of new Set(values(server, 'recipient', 'name'))) if (name.length > 2) plant(`a name of the files ${name}`, name);
    await phone.go('/new-file');
    await page.getByLabel('姓名').fill(plant('the name of a new file', `高${han(2)}`));
    await page.getByLabel('身份证号').fill(plant('the ID number of a new file', validNumber('330825', '19521130'), sealed));
    await pick(page, page.getByRole('button', { name: /^村（社区）/ }), '红旗村');
    await page.getByLabel('实际居住地址').fill(plant('the address of a new file', `红旗村${han(4)}沟7号`));
    await pick(page, page.getByRole('button', { name: /^类别/ }), '参战退役军人');
    await page.getByRole('button', { name: '建档' }).click();
    await expect(page.getByRole('button', { name: '开始走访' })).toBeVisible();
    await phone.openFile(0);
    await phone.change('联系和住址', '其他联系方式', plant('a telephone number', `0570-${digits(7)}`));
    await phone.change('身份', '姓名', plant('a proposed name', han(3)));
    await phone.change('身份', '身份证号', plant('an ID number', validNumber('330825', '19480312'), sealed));
    await page.getByRole('button', { name: '开始走访' }).click();
    const sent = new VisitForm(page);
    await rememberPictures(page);
    await sent.foundDead(20);
    const photo = Buffer.from((await lastPicture(page)).text, 'latin1');
    plant('a photo', photo.subarray(Math.floor(photo.length / 2), Math.floor(photo.length / 2) + 40));
    await sent.signAndFinish();
    await phone.syncNow();
    await until(() => count(server, "blob WHERE kind = 'photo' AND state = 'verified'") === 1, 'the photo is at the office', 60_000);
    for (const file of [0, 1, 2]) {
      await phone.openFile(file);
      const history = page.waitForResponse((response) => /\/recipients\/[^/]+\/history$/.test(response.url()));
      await page.getByRole('tab', { name: '变更' }).click();
      const answer = await history;
      told.push(`${answer.url()} ${await answer.text()}`);
    }
  });

  test('what it sent holds no sealed value, though the office keeps each save as the phone wrote it', () => {
    const names = ['a telephone number', 'a proposed name', 'the name of a new file', 'the address of a new file'];
    const open = canaries.filter(({ name }) => names.includes(name));
    const dump = Buffer.from(rows(server, '.dump').join('\n'));
    const found = (hits: { name: string }[]) => [...new Set(hits.map(({ name }) => name))].sort();
    for (const hits of [searchIn('the tables', dump, [...open, ...sealed]), search(server.dataDir, [...open, ...sealed]).hits]) {
      expect(found(hits), 'what may be read is there, and nothing that was sealed').toEqual([...names].sort());
    }
  });

  test('holds more that is unsent', async () => {
    const { page } = phone;
    await server.kill();
    await phone.openFile(1);
    await phone.change('联系和住址', '其他联系方式', plant('an unsent telephone number', `0570-${digits(7)}`));
    await phone.change('身份', '身份证号', plant('an unsent ID number', validNumber('330825', '19490807'), sealed));
    await page.getByRole('button', { name: '开始走访' }).click();
    const unsent = new VisitForm(page);
    await unsent.choose('A01', '入户');
    await unsent.choose('A26', '住房');
    await unsent.write('A27', plant('a remark of an unsent visit', `屋后${han(6)}漏雨`));
    await rememberPictures(page);
    await unsent.photograph('A28', 10);
    const draft = Buffer.from((await lastPicture(page)).text, 'latin1');
    plant('a photo of an unsent visit', draft.subarray(Math.floor(draft.length / 2), Math.floor(draft.length / 2) + 40));
    await unsent.isSaved();
    await phone.go('/new-file');
    await page.getByLabel('姓名').fill(plant('the name of a file that was not begun', `郝${han(2)}`));
    await page.getByLabel('身份证号').fill(plant('the ID number of a file that was not begun', validNumber('330825', '19510203'), sealed));
    await page.getByLabel('实际居住地址').fill('红旗村');
    await expect(page.locator('[data-kept]')).toBeVisible();
    await phone.go('/recipients');
  });

  test('unlocked, its storage holds nothing of it as the page decodes it', async () => {
    expect(searchIn('decoded', await decoded(phone.page), canaries)).toEqual([]);
  });

  test('unlocked, its keys open every row, and in none stands a sealed value', async () => {
    const vault = await openedVault(phone.page, phone.code);
    opened = vault.opened;
    expect(vault.shut, 'rows that did not open').toEqual([]);
    expect([...new Set(opened.map(({ shelf }) => shelf))].sort()).toEqual(['blob', 'draft', 'idx', 'kv', 'out', 'rep']);
    const found = (shelf: string, wanted: Canary[]) =>
      [...new Set(opened.filter((row) => row.shelf === shelf).flatMap(({ plain }) => searchIn(shelf, plain, wanted)).map(({ name }) => name))];
    console.log(`S2 unlocked: ${opened.length} rows opened, ${recordsOf(opened).length} records`);
    // The search hears: what is not sealed to the office is found where the phone keeps it.
    expect(found('out', canaries)).toContain('an unsent telephone number');
    expect(found('rep', canaries)).toEqual(expect.arrayContaining(['a telephone number', 'the name of a new file']));
    expect(found('draft', canaries)).toContain('a remark of an unsent visit');
    expect(found('kv', canaries)).toContain('the name of a file that was not begun');
    expect(found('blob', canaries)).toContain('a photo of an unsent visit');
    for (const shelf of ['blob', 'draft', 'idx', 'kv', 'out', 'rep']) expect(found(shelf, sealed), shelf).toEqual([]);
  });

  test('leaves too many ID numbers to choose from, of all that it keeps and was told of a person', async () => {
    const records = recordsOf(opened);
    const people = known(records, rows(server, 'SELECT code FROM area WHERE length(code) = 6')[0]!, told);
    expect(people.length).toBeGreaterThan(5);
    expect(records.map(({ kind }) => kind), 'there is something to join').toEqual(expect.arrayContaining(['entitlement', 'visit', 'task', 'proposal']));
    const said = [...phone.answers, ...told, ...opened.filter(({ shelf }) => shelf !== 'blob').map(({ plain }) => plain.toString('utf8'))].join('\n');
    const full = /\b\d{17}[\dX]\b/.exec(said.replaceAll(/"(?:idx|h|id|e|rev|fv0?|pk|enc|ct)":"[^"]*"/g, ''));
    expect(full, 'a whole number is there').toBeNull();
    // Nothing fits two numbers at once: of two files this worker has proposed another number than they have.
    const left = people.map((person) => candidates(person).length).filter((n) => n > 0);
    expect(left.length).toBeGreaterThanOrEqual(people.length - 2);
    const [least, mean] = [Math.min(...left), left.reduce((sum, n) => sum + n, 0) / left.length];
    console.log(`S2 ID numbers: ${people.length} people, ${least} candidates at least, ${mean.toFixed(1)} on average`);
    // The county, the year and the last four leave one day in eleven (security.md: some 33).
    expect(mean).toBeGreaterThanOrEqual(32);
    expect(least).toBeGreaterThanOrEqual(28);
    const days = people.flatMap((person) => dayOf(person) ?? []);
    expect(days, 'a day of birth is there').toEqual([]);
  });

  test('killed and locked, its disk holds nothing of it', async () => {
    await phone.device.kill();
    look(phone, canaries, 'locked after a kill');
    await phone.start();
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
    expect(searchIn('decoded', await decoded(phone.page), canaries)).toEqual([]);
    await phone.device.shutDown();
    look(phone, canaries, 'locked after the browser was closed');
  });

  test('holds nothing after its village was taken away', async () => {
    await server.start();
    await phone.start();
    await phone.unlock();
    await phone.syncNow();
    await expect(phone.page.getByTestId('on-phone').getByRole('definition')).toHaveText('0', { timeout: 60_000 });
    const other = rows(server, "SELECT code FROM area WHERE length(code) = 12 AND id NOT IN (SELECT area FROM assignment) ORDER BY code DESC LIMIT 1")[0]!;
    server.must('account', 'assign', WORKER.user, '--scope', other);
    await phone.syncNow();
    await phone.page.getByRole('button', { name: '看看要不要放行' }).click({ timeout: 60_000 });
    await phone.page.getByRole('dialog').getByRole('button', { name: '放行', exact: true }).click();
    const engine = () => phone.page.evaluate(async () => {
      const name = (await indexedDB.databases()).map((one) => one.name!).find((one) => one.startsWith('hf-'))!;
      const open = indexedDB.open(name);
      await new Promise((resolve) => { open.onsuccess = resolve; });
      const row = open.result.transaction('meta').objectStore('meta').get('engine');
      await new Promise((resolve) => { row.onsuccess = resolve; });
      open.result.close();
      return (row.result as { h: string }).h;
    });
    const area = rows(server, `SELECT id FROM area WHERE code = '${other}'`)[0]!;
    await until(async () => (await engine()).includes(area), 'the phone has its other village', 60_000);
    await phone.device.kill();
    look(phone, canaries, 'after a purge');
  });

  test('holds nothing after it was wiped', async () => {
    await phone.start();
    await phone.unlock();
    const device = rows(server, 'SELECT id FROM device ORDER BY enrolled_at DESC LIMIT 1')[0]!;
    server.must('device', 'set', device, 'wipe');
    await phone.hearOfTheEnd();
    await expect(phone.page.getByLabel('启用码')).toBeVisible({ timeout: 60_000 });
    expect(searchIn('decoded', await decoded(phone.page), canaries)).toEqual([]);
    await phone.device.kill();
    look(phone, canaries, 'after a wipe');
  });
});
