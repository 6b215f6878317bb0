import { expect, test } from '@playwright/test';
import { count } from '../support/database.ts';
import { demoOffice } from '../support/demo.ts';
import { deviceCode, WORKER } from '../support/office.ts';
import { Phone } from '../support/phone.ts';
import { until } from '../support/server.ts';

test('a sync that ends while a field is being typed leaves the open sheet and its text', async () => {
  const server = await demoOffice(60);
  const phone = new Phone(server.url);
  try {
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    const { page } = phone;
    await phone.openFile(0);
    await phone.change('联系和住址', '其他联系方式', '0570-6000001');
    const group = page.locator('section.cell-group').filter({ has: page.getByRole('heading', { name: '联系和住址', exact: true }) });
    await group.getByRole('button', { name: '修改' }).click();
    const sheet = page.getByRole('dialog').first();
    await sheet.getByRole('button', { name: '手机' }).first().click();
    const box = sheet.getByRole('textbox');
    await box.fill('13900000009');
    await until(() => count(server, "changeset WHERE body LIKE '%0570-6000001%'") === 1, 'the save before is at the office', 60_000);
    await expect(box, 'what is being typed').toHaveValue('13900000009');
    await sheet.getByRole('button', { name: /保存|送镇里审核/ }).click();
    await expect(sheet).toBeHidden();
    // The page shows what came meanwhile once the sheet is closed.
    await expect(page.getByText('139****0009').or(page.getByText('13900000009'))).toBeVisible();
  } finally {
    await phone.device.dispose();
    await server.dispose();
  }
});
