import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { values } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { see } from './support/look.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

test.describe.serial('where the house stands', () => {
  let server: Server;
  let phone: Phone;

  test.beforeAll(async () => {
    server = await demoOffice(20);
    phone = await workersPhone(server);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  const house = () => phone.page.locator('section.cell-group').filter({ has: phone.page.getByRole('heading', { name: '位置', exact: true }) });

  test('nothing is kept unless it is asked for, and a refusal says what to do', async () => {
    const { page } = phone;
    await phone.openFile(0);
    await page.getByRole('button', { name: '开始走访' }).click();
    await house().scrollIntoViewIfNeeded();
    await expect(house()).toContainText('没有记');
    await page.evaluate(() => {
      navigator.geolocation.getCurrentPosition = (_, refuse) => { setTimeout(() => refuse!({ code: 2 } as GeolocationPositionError), 20); };
    });
    await house().getByRole('button', { name: '取现在的位置' }).click();
    await expect(house()).toContainText('现在取不到位置');
    await expectAccessible(page, 'no position');
    await see(page, 'position-none');
    await page.evaluate(() => {
      navigator.geolocation.getCurrentPosition = (_, refuse) => { setTimeout(() => refuse!({ code: 1 } as GeolocationPositionError), 20); };
    });
    await house().getByRole('button', { name: '取现在的位置' }).click();
    await expect(house()).toContainText('在网站设置里允许“位置”');
    await page.evaluate(() => { delete (navigator.geolocation as Partial<Geolocation>).getCurrentPosition; });
  });

  test('it is kept roughly, and can be dropped again', async () => {
    const { page } = phone;
    await phone.device.context.grantPermissions(['geolocation']);
    await phone.device.context.setGeolocation({ latitude: 34.123_456, longitude: 108.567_891, accuracy: 23 });
    await house().getByRole('button', { name: '取现在的位置' }).click();
    await expect(house()).toContainText('34.123 108.568（误差约 100 米）');
    await see(page, 'position-kept');
    await house().getByRole('button', { name: '不记了' }).click();
    await expect(house()).toContainText('没有记');
    await house().getByRole('button', { name: '取现在的位置' }).click();
    await expect(house()).toContainText('误差约 100 米');
  });

  test('it goes to the office with the visit, and stands in the file', async () => {
    const { page } = phone;
    const form = new VisitForm(page);
    await form.choose('A01', '入户');
    await form.choose('A02', '未见到');
    await form.choose('A03', '去世');
    await form.question('A04').getByRole('button', { name: '昨天' }).click();
    await form.choose('A22', '完好');
    await form.photograph('A28');
    await form.signAndFinish();
    await phone.syncNow();
    const kept = '{"accuracy":100,"lat":34123000,"lon":108568000}';
    await until(() => values(server, 'visit', 'geo').join() === kept, 'the visit says where it was', 60_000);
    expect(values(server, 'recipient', 'geo')).toEqual([kept]);
    await phone.openFile(0);
    await expect(page.locator('.fact').filter({ hasText: '位置' })).toContainText('34.123 108.568（误差约 100 米）');
  });
});
