import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { chooseHeavy, fromCamera, halves, lastPicture, rememberPictures } from './support/camera.ts';
import { rows } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { deviceCode, WORKER } from './support/office.ts';
import { Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

test.describe.serial('photos', () => {
  let server: Server;
  let phone: Phone;
  let other: Phone | undefined;
  let family = '';

  test.beforeAll(async () => {
    server = await demoOffice(60);
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone.device.dispose();
    await other?.device.dispose();
    await server.dispose();
  });

  test('whatever the camera gives becomes small, upright, and does not say where it was taken', async () => {
    const { page } = phone;
    await phone.openFile(0);
    family = await page.getByRole('heading').first().innerText();
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.choose('A01', '入户');
    const question = form.question('A28');
    const images = question.locator('img');
    await expect(question).toBeVisible();
    await rememberPictures(page);
    const choose = (name: string, buffer: Buffer) => question.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/jpeg', buffer });

    for (const [name, buffer] of [
      ['empty.jpg', Buffer.alloc(0)],
      ['text.jpg', Buffer.from('这不是照片')],
      ['heic.jpg', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ] as const) {
      await choose(name, buffer);
      await expect(question.getByText(/不是照片/), name).toBeVisible();
      await expect(images).toHaveCount(0);
    }

    const camera = fromCamera(await halves(page, 4000, 3000, 'image/jpeg', 400));
    expect(camera.includes('GPS')).toBe(true);
    await choose('IMG_0001.jpg', camera);
    await expect(images).toHaveCount(1, { timeout: 60_000 });
    const upright = await lastPicture(page);
    expect([upright.width, upright.height]).toEqual([960, 1280]);
    expect(upright.bytes).toBeLessThanOrEqual(300_000);
    expect(upright.text).not.toMatch(/Exif|GPS/);
    expect(upright.top[0], 'what lay at the left is above').toBeGreaterThan(150);
    expect(upright.bottom[2], 'what lay at the right is below').toBeGreaterThan(150);

    await choose('drawing.png', await halves(page, 2000, 1000, 'image/png'));
    await expect(images).toHaveCount(2, { timeout: 60_000 });
    expect(await lastPicture(page)).toMatchObject({ width: 1280, height: 640, type: 'image/jpeg' });

    await chooseHeavy(question.locator('input[type=file]'), 30_000_000);
    await expect(images).toHaveCount(3, { timeout: 60_000 });
    const light = await lastPicture(page);
    expect(light.bytes).toBeLessThanOrEqual(300_000);
    expect(Math.max(light.width, light.height)).toBeLessThanOrEqual(1280);
    await form.isSaved();
  });

  test('photos follow the visit to the office', async () => {
    const { page } = phone;
    const form = new VisitForm(page);
    for (const [code, option] of [
      ['A02', '本人'], ['A05', '是'], ['A07', '是'], ['A09', '按时足额'], ['A10', '重病'], ['A11', '否'], ['A13', '无'], ['A14', '自理'], ['A16', '居民医保'],
      ['A17', '完好'], ['A18', '持平'], ['A19', '无'], ['A21', '无在读'], ['A22', '完好'], ['A23', '已领'], ['A26', '无'],
    ] as const) {
      if (await form.question(code).isVisible()) await form.choose(code, option);
    }
    await form.write('A08', '13912345678');
    await form.signAndFinish();
    await phoneOpens(phone, family);
    const yearly = yearOf(page);
    await yearly.getByRole('button', { name: '拍今年的照片' }).click();
    const dialog = page.getByRole('dialog').first();
    await dialog.locator('input[type=file]').setInputFiles({ name: 'face.jpg', mimeType: 'image/jpeg', buffer: await halves(page, 900, 1200, 'image/jpeg') });
    await expect(dialog.locator('img')).toHaveCount(1);
    await dialog.getByRole('button', { name: '保存' }).click();
    await expect(yearly.locator('figure')).toHaveCount(1);
    await phone.syncNow();
    await until(() => rows(server, "SELECT state FROM blob WHERE kind = 'photo'").join() === Array(4).fill('verified').join(), 'the photos are at the office', 60_000);
  });

  test('another phone has the last photos of a family at hand where there is no signal', async () => {
    other = new Phone(server.url);
    await other.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await other.isReadyForTheVillage();
    const { page } = other;
    const kept = () => page.evaluate(async () => {
      const name = (await indexedDB.databases()).map((one) => one.name!).find((one) => one.startsWith('hf-'))!;
      const request = indexedDB.open(name);
      await new Promise((resolve) => { request.onsuccess = resolve; });
      const keys = request.result.transaction('kv').objectStore('kv').getAllKeys();
      await new Promise((resolve) => { keys.onsuccess = resolve; });
      request.result.close();
      return keys.result.filter((key) => Array.isArray(key) && key[0] === 'album').length;
    });
    await until(async () => (await kept()) === 4, 'four small pictures are on the phone', 60_000);
    await server.kill();
    await other.killAndReopen();
    await phoneOpens(other, family);
    const strip = other.page.locator('.file__head .picture img');
    await expect(strip).toHaveCount(3);
    await expect.poll(() => strip.first().evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(200);
    const face = yearOf(other.page).locator('figure img');
    await face.scrollIntoViewIfNeeded();
    await expect.poll(() => face.evaluate((image: HTMLImageElement) => image.naturalHeight), 'what he looks like this year').toBeGreaterThan(200);
    await expectAccessible(other.page, 'a file with photos');
    await strip.first().click();
    const large = other.page.getByRole('dialog');
    await expect(large.getByText('没有网络，先看小图。')).toBeVisible({ timeout: 30_000 });
    await expect(large.locator('img')).toBeVisible();
    await large.getByRole('button', { name: '关闭' }).click();

    await other.page.getByRole('tab', { name: /走访/ }).click();
    await other.page.getByRole('tabpanel').getByRole('link').first().click();
    await expect(other.page.locator('.answer .picture img').first()).toBeVisible();
  });

  test('the whole photo comes when it is asked for and there is a signal', async () => {
    await server.start();
    const { page } = other!;
    const dialog = page.getByRole('dialog');
    // A browser that was killed in its first half minute has to show first who it is.
    await expect(async () => {
      await page.locator('.answer .picture').first().click();
      try {
        await expect(dialog.locator('img')).toBeVisible({ timeout: 20_000 });
        const side = await dialog.locator('img').evaluate((one: HTMLImageElement) => Math.max(one.naturalWidth, one.naturalHeight));
        expect(side).toBe(1280);
      } finally {
        await dialog.getByRole('button', { name: '关闭' }).click();
      }
    }).toPass({ timeout: 60_000 });
  });
});

/** The photos of the years in the open file. */
function yearOf(page: Page): Locator {
  return page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '年度照片', exact: true }) });
}

async function phoneOpens(phone: Phone, heading: string): Promise<void> {
  const name = heading.split(/\s/)[0]!;
  await phone.tab('对象');
  await phone.page.getByRole('searchbox').fill(name);
  await phone.page.getByRole('list').getByRole('link', { name: new RegExp(name) }).first().click();
  await expect(phone.page.getByRole('button', { name: '开始走访' })).toBeVisible();
}
