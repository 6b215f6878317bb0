import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { rows, values } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { shoot } from './support/look.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

/** The recordings that a visit has: one that was taken out is none of them. */
const ATTACHED = "SELECT blob.state FROM blob JOIN attachment ON attachment.blob = blob.hash WHERE kind = 'voice'";

test.describe.serial('spoken notes', () => {
  let server: Server;
  let phone: Phone;
  let form: string;

  test.beforeAll(async () => {
    server = await demoOffice(20);
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone.device.dispose();
    await server.dispose();
  });

  test('a note is recorded, outlives a killed browser, and can be taken out', async () => {
    const { page } = phone;
    await phone.openFile(0);
    await page.getByRole('button', { name: '开始走访' }).click();
    await expect(new VisitForm(page).question('A01')).toBeVisible();
    form = new URL(page.url()).pathname;
    await watchMicrophones(page);
    await record(page);
    await expectAccessible(page, 'a form with a recording');
    await shoot(page, 'voice');
    expect(await microphones(page), 'it is off').toEqual(['ended']);
    await phone.killAndReopen(form);
    const again = phone.page;
    await expect(again.getByText('第 1 段录音')).toBeVisible();
    await expectPlays(again);
    await again.getByRole('button', { name: '去掉第 1 段' }).click();
    await expect(again.getByText('第 1 段录音')).toBeHidden();
    await phone.killAndReopen(form);
    await expect(phone.page.getByRole('button', { name: '录一段话' })).toBeVisible();
    await expect(phone.page.getByText('第 1 段录音')).toBeHidden();
  });

  test('what was said until the page went is kept', async () => {
    const { page } = phone;
    await page.getByRole('button', { name: '录一段话' }).click();
    await expect(page.getByText(/正在录 0:0[1-9]/)).toBeVisible();
    await phone.go('/visits');
    await phone.go(form);
    await expect(page.getByText('第 1 段录音')).toBeVisible();
  });

  test('a microphone that is not allowed, missing or in use says so', async () => {
    const { page } = phone;
    for (const [name, says] of [['NotAllowedError', '没有允许用话筒'], ['NotFoundError', '没有找到话筒'], ['NotReadableError', '话筒打不开']] as const) {
      await page.evaluate((name) => {
        navigator.mediaDevices.getUserMedia = () => new Promise((_, refuse) => { setTimeout(() => refuse(new DOMException('', name)), 20); });
      }, name);
      await page.getByRole('button', { name: '录一段话' }).click();
      await expect(page.getByText(says)).toBeVisible();
    }
    await phone.killAndReopen(form);
  });

  test('it goes to the office with the visit, and is heard there and here', async () => {
    const { page } = phone;
    const visit = new VisitForm(page);
    await visit.choose('A01', '入户');
    await visit.choose('A02', '未见到');
    await visit.choose('A03', '去世');
    await visit.question('A04').getByRole('button', { name: '昨天' }).click();
    await visit.choose('A22', '完好');
    await visit.photograph('A28');
    // Nobody pressed 录好了: what was said until 完成 goes too.
    await page.getByRole('button', { name: '录一段话' }).click();
    await expect(page.getByText(/正在录 0:0[1-9]/)).toBeVisible();
    await visit.signAndFinish();
    await phone.syncNow();
    await until(() => rows(server, ATTACHED).join() === 'verified,verified', 'the recording is at the office', 60_000);
    await phone.go(form.replace('/form', ''));
    await expectPlays(page);
    await shoot(page, 'voice-read');
  });

  test('a visit that is opened again lists what was recorded, and sends nothing twice', async () => {
    const { page } = phone;
    const before = rows(server, ATTACHED).length;
    await page.getByRole('button', { name: '打开修改' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '打开修改' }).click();
    await expect(page.getByText('第 2 段录音')).toBeVisible();
    await expect(page.getByText('已随走访存下，改不掉')).toHaveCount(2);
    await expect(page.getByRole('button', { name: '去掉第 1 段' })).toHaveCount(0);
    await new VisitForm(page).choose('A22', '破损');
    await new VisitForm(page).isSaved();
    await new VisitForm(page).finish();
    await phone.syncNow();
    await until(() => values(server, 'visit', 'answers').some((answers) => answers.includes('破损')), 'the correction is at the office', 60_000);
    expect(rows(server, ATTACHED)).toHaveLength(before);
  });
});

async function record(page: Page): Promise<void> {
  await page.getByRole('button', { name: '录一段话' }).click();
  await expect(page.getByText(/正在录 0:0[2-9]/)).toBeVisible();
  await page.getByRole('button', { name: '录好了' }).click();
  await expect(page.getByText('第 1 段录音')).toBeVisible();
}

async function expectPlays(page: Page): Promise<void> {
  await page.getByRole('button', { name: '听一听' }).first().click();
  const player = page.locator('audio');
  await expect(player).toBeVisible();
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0);
}

/** Makes the page remember every microphone that it turns on. */
async function watchMicrophones(page: Page): Promise<void> {
  await page.evaluate(() => {
    const all: MediaStreamTrack[] = ((window as unknown as { tracks?: MediaStreamTrack[] }).tracks ??= []);
    const media = navigator.mediaDevices;
    const open = media.getUserMedia.bind(media);
    media.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      all.push(...stream.getTracks());
      return stream;
    };
  });
}

const microphones = (page: Page) => page.evaluate(() => (window as unknown as { tracks: MediaStreamTrack[] }).tracks.map((track) => track.readyState));
