import { expect, type Page } from '@playwright/test';
import { Chance, report } from './chance.ts';
import { count, incidents } from './database.ts';
import { demoOffice } from './demo.ts';
import { deviceCode, WORKER } from './office.ts';
import { Phone } from './phone.ts';
import { limitStorage, storageState } from './phone_storage.ts';
import { until } from './server.ts';
import { VisitForm } from './visit_form.ts';

const FULL = /手机存满了，刚才这一项没有存下/;

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
  const tally = { refused: 0, saved: 0, photos: 0 };
  try {
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    await server.kill();
    const { page } = phone;
    for (let round = 0; round < rounds; round += 1) {
      await phone.openFile(round);
      await limitStorage(page, 0);
      // The browser lets small writes pass for a while on what it knew of the room before.
      let number = '';
      let sheet = await openSheet(page);
      for (let n = 0; ; n += 1) {
        number = `0570-${4_000_000 + round * 1_000 + n}`;
        await sheet.getByRole('textbox').fill(number);
        const before = await storageState(page);
        await sheet.getByRole('button', { name: '保存' }).click();
        await until(async () => (await sheet.count()) === 0 || !(await sheet.isVisible()) || (await sheet.getByText(FULL).isVisible()), 'the save ends', 60_000);
        if (await sheet.isVisible()) {
          expect(await storageState(page), `round ${round}: a refused save left something`).toEqual(before);
          break;
        }
        saved.push(number);
        expect(n, 'small saves that pass a full quota').toBeLessThan(200);
        sheet = await openSheet(page);
      }
      await expect(sheet.getByText(FULL)).toBeVisible();
      await expect(sheet.getByRole('textbox')).toHaveValue(number);
      tally.refused += 1;
      await limitStorage(page);
      await sheet.getByRole('button', { name: '保存' }).click();
      await expect(sheet).toBeHidden();
      saved.push(number);
      tally.saved += 1;

      await page.getByRole('button', { name: '开始走访' }).click();
      const form = new VisitForm(page);
      await form.choose('A26', '住房');
      await form.isSaved();
      const text = `第${round}次：屋顶漏雨。`;
      // Some answers still fit, or none.
      await limitStorage(page, chance.below(3) * 4_096);
      const box = form.question('A27').getByRole('textbox').last();
      let typed = text;
      for (; ; typed += '又漏。') {
        await box.fill(typed);
        await expect(page.getByText('填的都已存到手机').or(page.getByText(FULL))).toBeVisible({ timeout: 60_000 });
        if (await page.getByText(FULL).isVisible()) break;
      }
      await expect(box).toHaveValue(typed);
      tally.refused += 1;
      await limitStorage(page);
      await page.getByRole('button', { name: '再试一次' }).click();
      await form.isSaved();
      await expect(box).toHaveValue(typed);
      tally.saved += 1;

      await form.choose('A01', '入户');
      await form.isSaved();
      await limitStorage(page, 8_192);
      const none = await storageState(page);
      await expect(form.photograph('A28', 240), 'a photo that does not fit is not shown').rejects.toThrow();
      await expect(page.getByText(/存满了/).first()).toBeVisible({ timeout: 60_000 });
      expect((await storageState(page)).blob, `round ${round}: part of a photo was left`).toBe(none.blob);
      tally.refused += 1;
      await limitStorage(page);
      await form.photograph('A28', 240);
      await form.isSaved();
      tally.photos += 1;
      const path = new URL(page.url()).pathname;
      await phone.go('/recipients');
      await phone.go(path);
      await expect(new VisitForm(page).question('A27').getByRole('textbox').last()).toHaveValue(typed);
    }
    await server.start();
    await phone.syncNow();
    for (const number of saved) {
      const times = () => count(server, `changeset WHERE body LIKE '%${number}%'`);
      await until(() => times() === 1, `${number} is at the office once`, 60_000);
    }
    expect(incidents(server)).toEqual([]);
    report('F10', { rounds, 'refused saves': tally.refused, 'partial saves': 0, 'lost forms': 0, 'saved after freeing': tally.saved + tally.photos,
      'numbers at the office': saved.length });
  } finally {
    await phone.device.dispose();
    await server.dispose();
  }
}
