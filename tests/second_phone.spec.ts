import { expect, test } from '@playwright/test';
import { count, newestDevice } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { pick } from './support/look.ts';
import { CLERK, deviceCode, WORKER } from './support/office.ts';
import { Phone } from './support/phone.ts';
import { readQr } from './support/qr.ts';
import { until, type Server } from './support/server.ts';

/** How many saves of that number the server has. */
const arrived = (server: Server, number: string) => count(server, `changeset WHERE body LIKE '%${number}%'`);

test.describe.serial('a worker’s phones', () => {
  let server: Server;
  let desk: Desk;
  let first: Phone;
  let second: Phone;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(60);
    desk = await Desk.open(browser, server.url);
    await desk.login(CLERK.user, CLERK.password);
  });
  test.afterAll(async () => {
    await first?.device.dispose();
    await second?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('a phone is enrolled by the picture at the desk', async () => {
    const { page } = desk;
    await desk.go('设备');
    await page.getByRole('tab', { name: '启用码' }).click();
    await pick(page, /给谁用/, new RegExp(`^${WORKER.user}（`));
    await page.getByRole('button', { name: '生成启用码' }).click();
    const link = await readQr(page.locator('svg.qr'));
    expect(link).toBe(await page.locator('.code-card__link').innerText());
    const { pathname, hash } = new URL(link);
    first = new Phone(server.url);
    await first.start(pathname + hash);
    await first.takeCode(hash.slice(1), WORKER.user, WORKER.password);
    await first.isReadyForTheVillage();
  });

  test('a second phone of the same worker has the same families, and what either saves arrives', async () => {
    const before = newestDevice(server);
    second = new Phone(server.url);
    await second.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await second.isReadyForTheVillage();
    expect(newestDevice(server)).not.toBe(before);
    for (const [index, phone] of [first, second].entries()) {
      await phone.openFile(index);
      await phone.change('联系和住址', '其他联系方式', `0570-800000${index}`);
      await phone.syncNow();
      await until(() => arrived(server, `0570-800000${index}`) === 1, `phone ${index + 1} is heard`, 60_000);
    }
  });
});
