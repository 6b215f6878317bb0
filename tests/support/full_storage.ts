import { expect, type Page } from '@playwright/test';
import { Chance, report } from './chance.ts';
import { count, incidents } from './database.ts';
import { demoOffice } from './demo.ts';
import { deviceCode, WORKER } from './office.ts';
import { Phone } from './phone.ts';
import { fillStorage, freeStorage, holdsReserve, leaveNoRoom, storageState } from './phone_storage.ts';
import { until } from './server.ts';
import { VisitForm } from './visit_form.ts';

const FULL = /手机存满了，刚才这一项没有存下/;
const PHOTO_ROOM = /快满了，这张照片或这段录音没有存下/;

async function openSheet(page: Page) {
  const group = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '联系和住址', exact: true }) });
  await group.getByRole('button', { name: '修改' }).click();
  const sheet = page.getByRole('dialog').first();
  await sheet.getByRole('button', { name: '其他联系方式' }).click();
  return sheet;
}

/** Fills the quota again and again while a worker saves without a signal: numbers into files, answers, photos. */
export async function savesIntoFullStorage(rounds: number): Promise<void> {
  const chance = new Chance();
  console.log(`seed ${chance.seed}`);
  const server = await demoOffice(60);
  const phone = new Phone(server.url);
  const saved: string[] = [];
  const tally = { refused: 0, saved: 0, photos: 0, fromReserve: 0 };
  try {
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    await server.kill();
    const { page } = phone;
    for (let round = 0; round < rounds; round += 1) {
      await phone.openFile(round);
      const number = `0570-${4_000_000 + round}`;
      const sheet = await openSheet(page);
      await sheet.getByRole('textbox').fill(number);
      await fillStorage(page);
      const before = await storageState(page);
      await sheet.getByRole('button', { name: '保存' }).click();
      await expect(sheet.getByText(FULL)).toBeVisible();
      await expect(sheet.getByRole('textbox')).toHaveValue(number);
      expect(await storageState(page), `round ${round}: a refused save left something`).toEqual(before);
      tally.refused += 1;
      await freeStorage(page);
      await sheet.getByRole('button', { name: '保存' }).click();
      await expect(sheet).toBeHidden();
      saved.push(number);
      tally.saved += 1;

      await page.getByRole('button', { name: '开始走访' }).click();
      const form = new VisitForm(page);
      await form.choose('A26', '住房');
      await form.isSaved();
      const typed = `第${round}次：屋顶漏雨。`;
      await fillStorage(page);
      const journaled = await storageState(page);
      const box = form.question('A27').getByRole('textbox').last();
      await box.fill(typed);
      await expect(page.getByText(FULL).first()).toBeVisible({ timeout: 60_000 });
      await expect(box).toHaveValue(typed);
      expect((await storageState(page)).draft, `round ${round}: a refused answer left something`).toEqual(journaled.draft);
      tally.refused += 1;
      await freeStorage(page);
      await page.getByRole('button', { name: '再试一次' }).click();
      await form.isSaved();
      await expect(box).toHaveValue(typed);
      tally.saved += 1;

      await form.choose('A01', '入户');
      await form.isSaved();
      await until(() => holdsReserve(page), `round ${round}: room is kept for text`, 60_000);
      await leaveNoRoom(page);
      const none = await storageState(page);
      await expect(form.photograph('A28', 240), 'a photo that does not fit is not shown').rejects.toThrow();
      await expect(page.getByText(FULL).first()).toBeVisible({ timeout: 60_000 });
      expect((await storageState(page)).blob, `round ${round}: part of a photo was left`).toBe(none.blob);
      expect(await holdsReserve(page), `round ${round}: a photo took the room of the text`).toBe(true);
      tally.refused += 1;
      const more = `${typed}墙也裂了。`;
      await box.fill(more);
      await form.isSaved();
      expect(await holdsReserve(page), `round ${round}: there was room without the reserve`).toBe(false);
      tally.fromReserve += 1;
      await expect(form.photograph('A28', 240), 'no photo before the reserve is there again').rejects.toThrow();
      await expect(page.getByText(PHOTO_ROOM).first()).toBeVisible({ timeout: 60_000 });
      tally.refused += 1;
      await freeStorage(page);
      await form.photograph('A28', 240);
      await form.isSaved();
      expect(await holdsReserve(page), `round ${round}: the reserve is there again`).toBe(true);
      tally.photos += 1;
      const path = new URL(page.url()).pathname;
      await phone.go('/recipients');
      await phone.go(path);
      await expect(new VisitForm(page).question('A27').getByRole('textbox').last()).toHaveValue(more);
    }
    await server.start();
    await phone.syncNow();
    for (const number of saved) {
      const times = () => count(server, `changeset WHERE body LIKE '%${number}%'`);
      await until(() => times() === 1, `${number} is at the office once`, 60_000);
    }
    expect(incidents(server)).toEqual([]);
    report('F10', { rounds, 'refused saves': tally.refused, 'partial saves': 0, 'lost forms': 0, 'saved from the reserve': tally.fromReserve, 'saved after freeing': tally.saved + tally.photos,
      'numbers at the office': saved.length });
  } finally {
    await phone.device.dispose();
    await server.dispose();
  }
}
