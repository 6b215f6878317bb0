import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { count, values } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { deviceCode, WORKER } from './support/office.ts';
import { Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const PIN = '4739';

/** The phone's door: what its user types and reads there. */
class Door {
  constructor(readonly phone: Phone) {}

  get page() { return this.phone.page; }

  /** Starts the browser on the profile as if its clock had gone on by so long; the steady clock begins anew. */
  async startLater(ms: number): Promise<void> {
    await this.phone.device.shutDown();
    this.phone.page = await this.phone.device.open();
    await this.page.clock.install({ time: Date.now() + ms });
    await this.page.clock.resume();
    await this.page.goto(this.phone.url);
  }

  async tryCode(code: string): Promise<void> {
    const open = this.page.getByRole('button', { name: '打开', exact: true });
    await this.page.getByLabel('手机锁码').fill(code);
    await open.click();
    await expect(this.page.getByLabel('手机锁码')).toHaveValue('', { timeout: 60_000 });
  }

  async tryPin(pin: string): Promise<void> {
    await this.page.getByLabel('短密码').fill(pin);
    await this.page.getByRole('button', { name: '打开', exact: true }).click();
  }

  async setPin(pin: string): Promise<void> {
    const sheet = this.page.getByRole('dialog');
    await sheet.getByLabel('短密码').fill(pin);
    await sheet.getByLabel('再填一遍').fill(pin);
    await sheet.getByRole('button', { name: '存好' }).click();
  }
}

test.describe.serial('the door of a vault', () => {
  let server: Server;
  let phone: Phone;
  let door: Door;
  test.beforeAll(async () => { server = await demoOffice(60); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  test('a PIN is offered, and what is tried first is refused in words', async () => {
    phone = new Phone(server.url);
    door = new Door(phone);
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    await server.kill();
    const { page } = phone;
    await page.getByRole('button', { name: '去设' }).click();
    const sheet = page.getByRole('dialog');
    for (const [pin, words] of [['1234', '太容易猜'], ['0000', '太容易猜'], ['1968', '像年份或生日'], ['12', '请填 4 到 6 位数字']] as const) {
      await door.setPin(pin);
      await expect(sheet.getByText(words), pin).toBeVisible();
    }
    await expectAccessible(page, 'setting a PIN');
    await sheet.getByLabel('短密码').fill(PIN);
    await sheet.getByLabel('再填一遍').fill('4738');
    await sheet.getByRole('button', { name: '存好' }).click();
    await expect(sheet.getByText('两遍不一样')).toBeVisible();
    await door.setPin(PIN);
    await expect(page.getByText('短密码设好了')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('想少填锁码')).toBeHidden();
  });

  test('the PIN opens after a restart without the office, and five wrong ones ask for the code', async () => {
    await door.startLater(0);
    await expect(phone.page.getByLabel('短密码')).toBeVisible();
    await expectAccessible(phone.page, 'the door with a PIN');
    await door.tryPin(PIN);
    await expect(phone.page.getByRole('navigation')).toBeVisible({ timeout: 60_000 });
    await phone.page.reload();
    for (let left = 4; left > 0; left -= 1) {
      await door.tryPin('9999');
      await expect(phone.page.getByText(`还可以试 ${left} 次`)).toBeVisible({ timeout: 60_000 });
    }
    await door.tryPin('9999');
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible({ timeout: 60_000 });
    await phone.unlock();
  });

  test('the code was given more than twelve hours ago: the PIN does not do any more', async () => {
    await door.startLater(11 * HOUR);
    await expect(phone.page.getByLabel('短密码')).toBeVisible();
    await door.startLater(13 * HOUR);
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
    await expect(phone.page.getByLabel('短密码')).toBeHidden();
  });

  test('a phone that nobody touches locks itself in the middle of a visit and goes on at the same question', async () => {
    await door.startLater(0);
    const { page } = phone;
    await phone.unlock();
    await phone.openFile(0);
    await page.getByRole('button', { name: '开始走访' }).click();
    const form = new VisitForm(page);
    await form.choose('A01', '入户');
    await form.choose('A26', '住房');
    await form.write('A27', '屋顶漏雨，想问修房的补助');
    await form.isSaved();
    const at = page.url();
    await page.clock.fastForward(4 * MINUTE);
    await expect(form.question('A27')).toBeVisible();
    await page.clock.fastForward(2 * MINUTE);
    await expect(page.getByLabel('短密码')).toBeVisible();
    expect(await page.locator('main').innerText()).not.toContain('漏雨');
    await door.tryPin(PIN);
    await expect(form.question('A27').getByRole('textbox').last()).toHaveValue('屋顶漏雨，想问修房的补助', { timeout: 60_000 });
    expect(page.url()).toBe(at);
    await expect(form.question('A27')).toBeInViewport();
  });

  test('wrong codes wait, a restart and a clock set forward leave a minute of it, and ten destroy the code', async () => {
    await door.startLater(13 * HOUR);
    const { page } = phone;
    for (let i = 0; i < 4; i += 1) await door.tryCode(`000${i}-0000`);
    await expect(page.getByText(/次锁码就作废|再错/)).toBeHidden();
    await door.tryCode('0004-0000');
    await expect(page.getByText(/请等 (1 分 )?\d+ 秒再试。再错 5 次/)).toBeVisible();
    await expect(page.getByRole('button', { name: '打开', exact: true })).toBeDisabled();
    await expectAccessible(page, 'a wait at the door');
    for (const [wrong, wait] of [[6, 1], [7, 5], [8, 15]] as const) {
      await page.clock.fastForward(wait * MINUTE + 1_000);
      await door.tryCode(`000${wrong}-0000`);
      await expect(page.getByText(new RegExp(`再错 ${10 - wrong} 次`))).toBeVisible();
    }
    await door.startLater(13 * HOUR + 20 * MINUTE);
    await expect(phone.page.getByText(/请等 \d+ 分 \d+ 秒再试。再错 2 次/)).toBeVisible();
    await door.startLater(15 * HOUR);
    await expect(phone.page.getByText(/请等 (1 分 )?\d+ 秒再试。再错 2 次/)).toBeVisible();
    await phone.page.clock.fastForward(MINUTE + 1_000);
    await door.tryCode('0009-0000');
    await phone.page.clock.fastForward(61 * MINUTE);
    await door.tryCode('0010-0000').catch(() => undefined);
    await expect(phone.page.getByText('锁码错了十次')).toBeVisible({ timeout: 60_000 });
    await expect(phone.page.getByText('没传的内容都还在')).toBeVisible();
    await expectAccessible(phone.page, 'a code that is void');
    await phone.page.reload();
    await expect(phone.page.getByText('锁码错了十次'), 'after a restart too').toBeVisible();
  });

  test('a login leads on, and the visit that was under way comes to the office', async () => {
    await server.start();
    await phone.loginAndTakeCode(WORKER.user, WORKER.password);
    await until(() => count(server, "record WHERE kind = 'held'") === 1, 'the unfinished visit is at the office', 60_000);
    await phone.tab('今日');
    await phone.isReadyForTheVillage();
  });

  test('two weeks without contact end the code, and nothing unsent is lost', async () => {
    await server.kill();
    await phone.openFile(1);
    await phone.change('联系和住址', '其他联系方式', '0570-7654321');
    await door.startLater(13 * DAY);
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
    await door.startLater(15 * DAY);
    await expect(phone.page.getByText('太久没和镇里联系')).toBeVisible();
    await door.startLater(0);
    await expect(phone.page.getByText('太久没和镇里联系'), 'the clock set back').toBeVisible();
    await server.start();
    await phone.loginAndTakeCode(WORKER.user, WORKER.password);
    await until(() => values(server, 'recipient', 'phone2').includes('0570-7654321'), 'the unsent change is at the office', 60_000);
  });

  test('what a locked phone has not sent goes out while it is locked', async () => {
    await server.kill();
    await phone.tab('今日');
    await phone.openFile(2);
    await phone.change('联系和住址', '其他联系方式', '0570-7654322');
    await phone.page.reload();
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
    await server.start();
    await until(() => values(server, 'recipient', 'phone2').includes('0570-7654322'), 'the change is at the office', 90_000);
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
  });

  test('the code is changed for a phrase, and an easy one is refused in words', async () => {
    const { page } = phone;
    await phone.unlock();
    await phone.tab('我的');
    await page.getByRole('button', { name: '换手机锁码' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('现在的锁码').fill('0000-0000');
    await sheet.getByRole('button', { name: '下一步' }).click();
    await expect(sheet.getByText('不对，请再核对一遍')).toBeVisible({ timeout: 60_000 });
    await sheet.getByLabel('现在的锁码').fill(phone.code);
    await sheet.getByRole('button', { name: '下一步' }).click();
    await sheet.getByRole('button', { name: '自己定一句口令' }).click({ timeout: 60_000 });
    const phrase = async (text: string) => {
      await sheet.getByLabel('口令').fill(text);
      await sheet.getByLabel('再填一遍').fill(text);
      await sheet.getByRole('button', { name: '存好' }).click();
    };
    await phrase('床前明月光疑是地上霜');
    await expect(sheet.getByText('还太容易猜')).toBeVisible();
    await phrase('老槐树下第三家养着两只白鹅');
    await expect(page.getByText('锁码换好了')).toBeVisible({ timeout: 60_000 });
    phone.code = '老槐树下第三家养着两只白鹅';
    await page.reload();
    await phone.unlock();
    await expect(page.getByRole('navigation')).toBeVisible();
  });
});

/** What the office set for its phones decides how a restart opens. */
for (const [policy, says] of [
  ['strict', 'asks for the code after every restart, and takes the PIN only while the app is open'],
  ['relaxed', 'takes the PIN for a week after the code'],
] as const) {
  test.describe.serial(`a phone whose office is ${policy}`, () => {
    let server: Server;
    let phone: Phone;
    let door: Door;
    test.beforeAll(async () => {
      server = await demoOffice(60);
      server.must('settings', 'set', 'restart_unlock', policy);
    });
    test.afterAll(async () => {
      await phone?.device.dispose();
      await server?.dispose();
    });

    test(says, async () => {
      test.setTimeout(300_000);
      phone = new Phone(server.url);
      door = new Door(phone);
      await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
      await phone.isReadyForTheVillage();
      await phone.page.getByRole('button', { name: '去设' }).click();
      await door.setPin(PIN);
      await expect(phone.page.getByText('短密码设好了')).toBeVisible({ timeout: 60_000 });
      await server.kill();
      if (policy === 'strict') {
        await door.startLater(0);
        await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
        await expect(phone.page.getByLabel('短密码')).toBeHidden();
        await phone.unlock();
        await phone.page.clock.fastForward(6 * MINUTE);
        await door.tryPin(PIN);
        await expect(phone.page.getByRole('navigation')).toBeVisible({ timeout: 60_000 });
        await phone.page.reload();
        await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
        return;
      }
      for (const later of [13 * HOUR, 6 * DAY]) {
        await door.startLater(later);
        await door.tryPin(PIN);
        await expect(phone.page.getByRole('navigation')).toBeVisible({ timeout: 60_000 });
      }
      await door.startLater(7 * DAY + HOUR);
      await expect(phone.page.getByLabel('手机锁码')).toBeVisible();
      await expect(phone.page.getByLabel('短密码')).toBeHidden();
      await phone.unlock();
    });
  });
}

test.describe.serial('two users of one phone', () => {
  let server: Server;
  let phone: Phone;
  const codes: string[] = [];
  test.beforeAll(async () => {
    server = await demoOffice(60);
    server.must('account', 'assign', 'worker2', '--password', 'slow-boat-lantern-77');
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  test('each has a vault, and neither opens the other', async () => {
    phone = await workersPhone(server);
    codes.push(phone.code);
    await phone.page.reload();
    await phone.page.getByRole('button', { name: '别人也要用' }).click();
    await phone.page.getByRole('button', { name: '去启用' }).click();
    await phone.page.getByLabel('启用码').fill(deviceCode(server, 'worker2'));
    await phone.page.getByRole('button', { name: '下一步' }).click();
    await phone.loginAndTakeCode('worker2', 'slow-boat-lantern-77');
    codes.push(phone.code);
    await phone.page.reload();
    await expect(phone.page.getByText('2 号用户', { exact: true })).toBeVisible();
    await expectAccessible(phone.page, 'the door with two users');
    await phone.page.getByLabel('手机锁码').fill(codes[0]!);
    await phone.page.getByRole('button', { name: '打开', exact: true }).click();
    await expect(phone.page.getByText('不对，请再核对一遍')).toBeVisible({ timeout: 60_000 });
    await phone.page.getByRole('button', { name: '换成 1 号用户' }).click();
    await expect(phone.page.getByText('1 号用户', { exact: true })).toBeVisible();
    phone.code = codes[0]!;
    await phone.unlock();
    await phone.tab('我的');
    await expect(phone.page.getByText(WORKER.user, { exact: true })).toBeVisible();
  });

  test('one is wiped, the other stays', async () => {
    const device = server.must('account', 'list');
    expect(device).toContain('worker2');
    const vaults = await phone.page.evaluate(() => JSON.parse(JSON.parse(localStorage.getItem('hf.vaults')!) as string) as { device: string }[]);
    expect(vaults).toHaveLength(2);
    server.must('device', 'set', vaults[0]!.device, 'wipe');
    await phone.hearOfTheEnd();
    await expect(phone.page.getByLabel('手机锁码')).toBeVisible({ timeout: 60_000 });
    phone.code = codes[1]!;
    await phone.unlock();
    await phone.tab('我的');
    await expect(phone.page.getByText('worker2', { exact: true })).toBeVisible();
    const left = await phone.page.evaluate(() => JSON.parse(JSON.parse(localStorage.getItem('hf.vaults')!) as string) as unknown[]);
    expect(left).toHaveLength(1);
  });
});
