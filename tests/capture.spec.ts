import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { halves } from './support/camera.ts';
import { rows } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { shoot } from './support/look.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

test.describe.serial('the camera in the page', () => {
  let server: Server;
  let phone: Phone;

  test.beforeAll(async () => {
    server = await demoOffice(20);
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone.device.dispose();
    await server.dispose();
  });

  test('photos are taken one after the other, bear when and where, and reach the office', async () => {
    const { page } = phone;
    await phone.openFile(0);
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.choose('A01', '入户');
    await form.choose('A02', '未见到');
    await form.choose('A03', '去世');
    await form.question('A04').getByRole('button', { name: '昨天' }).click();
    await form.choose('A22', '完好');
    await watchCameras(page);
    const question = form.question('A28');
    const camera = await openCamera(page, question);
    await expectAccessible(page, 'the camera');
    await shoot(page, 'camera');
    await camera.getByRole('button', { name: '拍照' }).click();
    await expect(camera.getByText('已拍 1 张')).toBeVisible();
    await camera.getByRole('button', { name: '换前后' }).click();
    await expect.poll(() => cameras(page)).toEqual(['ended', 'live']);
    await camera.getByRole('button', { name: '拍照' }).click();
    await expect(camera.getByText('已拍 2 张')).toBeVisible();
    await camera.getByRole('button', { name: '关闭' }).click();
    await expect(camera).toBeHidden();
    expect(await cameras(page), 'no camera stays on').toEqual(['ended', 'ended']);
    await expect(question.locator('img')).toHaveCount(2);

    const band = await lookAtBand(question.locator('img').first());
    expect(Math.max(band.width, band.height)).toBeLessThanOrEqual(1280);
    expect(band.white, 'words stand on the band').toBeGreaterThan(0.02);
    expect(band.inside, 'the band is darker than what lies above it').toBeLessThan(band.above * 0.7);
    await shoot(page, 'photos-taken');

    await form.signAndFinish();
    await phone.syncNow();
    await until(() => rows(server, "SELECT state FROM blob WHERE kind = 'photo'").join() === 'verified,verified', 'the photos are at the office', 60_000);
    expect(rows(server, "SELECT DISTINCT e FROM blob WHERE kind = 'photo'"), 'of one visit').toHaveLength(1);
  });

  test('a phone that dies while the camera is open has what was typed before', async () => {
    const { page } = phone;
    await phone.openFile(1);
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.choose('A01', '入户');
    await form.choose('A26', '住房');
    await form.question('A27').getByRole('textbox').last().fill('屋后漏雨，等着修');
    await openCamera(page, form.question('A28'));
    const path = new URL(page.url()).pathname;
    await phone.killAndReopen(path);
    await expect(new VisitForm(phone.page).question('A27').getByRole('textbox').last()).toHaveValue('屋后漏雨，等着修');
  });

  test('the camera goes off when the page is not in front', async () => {
    const { page } = phone;
    await watchCameras(page);
    const camera = await openCamera(page, new VisitForm(page).question('A28'));
    expect(await cameras(page)).toEqual(['live']);
    const show = (state: string) => page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, state);
    await show('hidden');
    await expect(camera).toBeHidden();
    await expect.poll(() => cameras(page)).toEqual(['ended']);
    await show('visible');
  });

  test('the system’s camera is one press away', async () => {
    const { page } = phone;
    const question = new VisitForm(page).question('A28');
    const camera = await openCamera(page, question);
    const chooser = page.waitForEvent('filechooser');
    await camera.getByRole('button', { name: '用系统相机' }).click();
    await (await chooser).setFiles({ name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: await halves(page, 1200, 1600, 'image/jpeg') });
    await expect(camera).toBeHidden();
    await expect(question.locator('img')).toHaveCount(1);
    const band = await lookAtBand(question.locator('img').first());
    expect(band.white, 'a photo of the system’s camera bears the words too').toBeGreaterThan(0.02);
  });

  test('a camera that is not allowed, missing or in use says so, and the system’s takes its place at once', async () => {
    const { page } = phone;
    const form = new VisitForm(page);
    const question = form.question('A28');
    for (const [name, says] of [['NotAllowedError', '没有允许用相机'], ['NotFoundError', '没有找到相机'], ['NotReadableError', '相机打不开']] as const) {
      await phone.go('/visits');
      await page.goBack();
      await expect(question).toBeVisible();
      // A browser answers in a task of its own, never within the press.
      await page.evaluate((name) => {
        navigator.mediaDevices.getUserMedia = () => new Promise((_, refuse) => { setTimeout(() => refuse(new DOMException('', name)), 20); });
      }, name);
      const chooser = page.waitForEvent('filechooser');
      await question.locator('.photo-field__add').click();
      await chooser;
      await expect(question.getByText(says)).toBeVisible();
      await expect(page.getByRole('dialog', { name: '拍照' })).toBeHidden();
      if (name === 'NotAllowedError') {
        await expectAccessible(page, 'a refused camera');
        await question.scrollIntoViewIfNeeded();
        await shoot(page, 'camera-refused');
      }
      const again = page.waitForEvent('filechooser');
      await question.locator('.photo-field__add').click();
      await again;
    }
  });
});

/** Opens the camera of a question and waits until it shows something. */
async function openCamera(page: Page, question: Locator): Promise<Locator> {
  await question.locator('.photo-field__add').click();
  const camera = page.getByRole('dialog', { name: '拍照' });
  await expect(camera.getByRole('button', { name: '拍照' })).toBeEnabled();
  return camera;
}

/** Makes the page remember the cameras that are turned on. */
async function watchCameras(page: Page): Promise<void> {
  await page.evaluate(() => {
    const streams: MediaStream[] = ((window as unknown as { streams: MediaStream[] }).streams = []);
    const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      const stream = await get(wanted);
      streams.push(stream);
      return stream;
    };
  });
}

/** Whether each camera that was turned on is live or ended. */
function cameras(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { streams: MediaStream[] }).streams.flatMap((one) => one.getTracks().map((track) => track.readyState)));
}

/** The band at the bottom of a picture: how bright it is beside what lies above it, and which share of it is white. */
function lookAtBand(image: Locator): Promise<{ width: number; height: number; above: number; inside: number; white: number }> {
  return image.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const draw = canvas.getContext('2d')!;
    draw.drawImage(image, 0, 0);
    const band = Math.floor((width / 32) * 1.6);
    const light = (x: number, y: number, columns: number, rows: number) => {
      const { data } = draw.getImageData(x, y, columns, rows);
      return Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i]! + data[4 * i + 1]! + data[4 * i + 2]!) / 3);
    };
    const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    // The words end before the last eighth of the picture.
    const eighth = Math.floor(width / 8);
    const inside = light(0, height - band, width, band);
    return {
      width,
      height,
      above: mean(light(width - eighth, height - 2 * band, eighth, band - 4)),
      inside: mean(light(width - eighth, height - band + 4, eighth, band - 4)),
      white: inside.filter((one) => one > 235).length / inside.length,
    };
  });
}
