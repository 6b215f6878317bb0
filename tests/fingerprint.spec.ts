import { expect, test, type Locator } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { Authenticator, bringFingerBack, takeFingerAway } from './support/authenticator.ts';
import { values } from './support/database.ts';
import { demoOffice } from './support/demo.ts';
import { see, shoot } from './support/look.ts';
import { deviceCode, WORKER } from './support/office.ts';
import { Phone } from './support/phone.ts';
import { metaRow } from './support/phone_storage.ts';
import { until, type Server } from './support/server.ts';

const LONG = { timeout: 60_000 };
const LOCK = '用指纹或面容再加一把锁';

type Code = { prf: boolean; salt: string; second?: { id: string } };

test.describe.serial('a phone whose finger is asked beside the code', () => {
  let server: Server;
  let phone: Phone;
  let finger: Authenticator;
  test.beforeAll(async () => { server = await demoOffice(60); });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  const cell = (): Locator => phone.page.getByRole('button', { name: LOCK });
  const code = async (): Promise<Code> => (await metaRow<{ code: Code }>(phone.page, 'wraps')).code;
  const wrong = async (): Promise<number> => (await metaRow<{ wrong: number }>(phone.page, 'attempts')).wrong;

  /** Opens the sheet of the lock and gives the code. */
  async function giveCode(button: '开这把锁' | '关掉', typed = phone.code): Promise<Locator> {
    await cell().click();
    const sheet = phone.page.getByRole('dialog');
    await sheet.getByLabel('现在的锁码').fill(typed);
    await sheet.getByRole('button', { name: button, exact: true }).click();
    return sheet;
  }

  async function close(sheet: Locator): Promise<void> {
    await sheet.getByRole('button', { name: '关闭' }).click();
    await expect(sheet).toBeHidden();
  }

  /** Types a code at the door. */
  async function atTheDoor(typed = phone.code): Promise<void> {
    await phone.page.getByLabel('手机锁码').fill(typed);
    await phone.page.getByRole('button', { name: '打开', exact: true }).click();
  }

  async function isInside(): Promise<void> {
    await expect(phone.page.getByRole('navigation')).toBeVisible(LONG);
  }

  async function turnOn(): Promise<void> {
    await phone.tab('我的');
    await giveCode('开这把锁');
    await expect(phone.page.getByText('加好了')).toBeVisible(LONG);
    expect((await code()).prf).toBe(true);
    await expect(cell()).toContainText('已开');
  }

  test('a browser without an authenticator shows no such lock', async () => {
    // A credential belongs to a name; the address of the other journeys is none.
    phone = new Phone(server.url.replace('127.0.0.1', 'localhost'));
    await phone.enrol(deviceCode(server, WORKER.user), WORKER.user, WORKER.password);
    await phone.isReadyForTheVillage();
    const there = () => phone.page.evaluate(() => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
    expect(await there()).toBe(false);
    await phone.tab('我的');
    await expect(phone.page.getByRole('button', { name: '换手机锁码' })).toBeVisible();
    await phone.page.waitForLoadState('networkidle');
    await expect(cell()).toHaveCount(0);
    finger = await Authenticator.of(phone.page, false);
    expect(await there()).toBe(true);
    await phone.tab('今日');
    await phone.tab('我的');
    await expect(cell()).toContainText('未开');
    await expectAccessible(phone.page, '我的 with a second lock');
    await cell().scrollIntoViewIfNeeded();
    await shoot(phone.page, 'finger-switch');
  });

  test('a wrong code, an authenticator without secrets and a finger that was taken away change nothing, in words', async () => {
    const { page } = phone;
    const before = await code();
    const sheet = await giveCode('开这把锁', '0000-0000');
    await expect(sheet.getByText('不对，请再核对一遍')).toBeVisible(LONG);
    expect(await wrong()).toBe(1);
    await expectAccessible(page, 'turning the second lock on');
    await see(page, 'finger-turn-on');
    await sheet.getByLabel('现在的锁码').fill(phone.code);
    await sheet.getByRole('button', { name: '开这把锁' }).click();
    await expect(sheet.getByText('系统或浏览器做不到')).toBeVisible(LONG);
    expect(await wrong()).toBe(0);
    await see(page, 'finger-mute');
    await finger.replace();
    await takeFingerAway(page);
    await sheet.getByRole('button', { name: '开这把锁' }).click();
    await expect(sheet.getByText('这把锁还没有加上')).toBeVisible(LONG);
    await expectAccessible(page, 'a second lock that was not made');
    await see(page, 'finger-not-made');
    await sheet.getByRole('button', { name: '不按了' }).click();
    await expect(sheet.getByText('没有按指纹，什么都没有动')).toBeVisible();
    await sheet.getByRole('button', { name: '开这把锁' }).click();
    await expect(sheet.getByText('这把锁还没有加上')).toBeVisible(LONG);
    await close(sheet);
    await bringFingerBack(page);
    expect(await code()).toEqual(before);
  });

  test('it is turned on, and nothing personal lies in the authenticator', async () => {
    const before = await code();
    await turnOn();
    const after = await code();
    expect(after.salt).not.toBe(before.salt);
    expect(after.second?.id).toBeTruthy();
    for (const one of await finger.credentials()) {
      expect(one.isResidentCredential).toBe(false);
      expect([one.userName, one.userDisplayName].join()).not.toContain(WORKER.user);
    }
  });

  test('at the door a finger that is taken away is no wrong code, a wrong code beside the finger is one', async () => {
    const { page } = phone;
    await server.kill();
    await page.reload();
    await takeFingerAway(page);
    await atTheDoor('0000-0000');
    await expect(page.getByText('锁码不算填错，请再按一次')).toBeVisible(LONG);
    await expectAccessible(page, 'the door without a finger');
    await shoot(page, 'finger-refused');
    await page.getByRole('button', { name: '再按一次' }).click();
    await expect(page.getByText('锁码不算填错，请再按一次')).toBeVisible();
    await page.getByRole('button', { name: '不按了' }).click();
    await expect(page.getByText('没有按指纹，什么都没有动')).toBeVisible();
    await shoot(page, 'finger-left');
    expect(await wrong()).toBe(0);
    await bringFingerBack(page);
    await takeFingerAway(page, 'waits');
    await atTheDoor('0000-0000');
    await expect(page.getByText('请按指纹或看一眼屏幕')).toBeVisible(LONG);
    await expectAccessible(page, 'the door that waits for a finger');
    await shoot(page, 'finger-waits');
    await page.getByRole('button', { name: '不按了' }).click();
    await expect(page.getByText('没有按指纹，什么都没有动')).toBeVisible();
    await atTheDoor('0000-0000');
    await expect(page.getByText('请按指纹或看一眼屏幕')).toBeVisible(LONG);
    expect(await wrong()).toBe(0);
    await bringFingerBack(page);
    await expect(page.getByText('不对，请再核对一遍')).toBeVisible(LONG);
    expect(await wrong()).toBe(1);
    await atTheDoor('0001-0000');
    await expect(page.getByLabel('手机锁码')).toHaveValue('', LONG);
    await expect(page.getByText('不对，请再核对一遍')).toBeVisible(LONG);
    expect(await wrong()).toBe(2);
    await atTheDoor();
    await isInside();
    expect(await wrong()).toBe(0);
  });

  test('a browser that wants a tap gets one', async () => {
    const { page } = phone;
    await page.reload();
    await takeFingerAway(page, 'tap');
    await atTheDoor();
    const tap = page.getByRole('button', { name: '按一下指纹' });
    await expect(tap).toBeVisible(LONG);
    await expect(page.getByText('没有等到')).toBeHidden();
    await expectAccessible(page, 'the door that wants a tap');
    await shoot(page, 'finger-tap');
    await tap.click();
    await isInside();
  });

  test('a PIN opens as before, and a changed code asks for the finger still', async () => {
    const { page } = phone;
    await phone.tab('我的');
    await page.getByRole('button', { name: /^短密码/ }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('短密码').fill('4739');
    await sheet.getByLabel('再填一遍').fill('4739');
    await sheet.getByRole('button', { name: '存好' }).click();
    await expect(page.getByText('短密码设好了')).toBeVisible(LONG);
    await page.reload();
    await takeFingerAway(page);
    await page.getByLabel('短密码').fill('4739');
    await page.getByRole('button', { name: '打开', exact: true }).click();
    await isInside();
    await bringFingerBack(page);
    await phone.tab('我的');
    await page.getByRole('button', { name: '换手机锁码' }).click();
    await sheet.getByLabel('现在的锁码').fill(phone.code);
    await sheet.getByRole('button', { name: '下一步' }).click();
    await sheet.getByRole('button', { name: '自己定一句口令' }).click(LONG);
    await sheet.getByLabel('口令').fill('老槐树下第三家养着两只白鹅');
    await sheet.getByLabel('再填一遍').fill('老槐树下第三家养着两只白鹅');
    await sheet.getByRole('button', { name: '存好' }).click();
    await expect(page.getByText('锁码换好了')).toBeVisible(LONG);
    phone.code = '老槐树下第三家养着两只白鹅';
    expect((await code()).prf).toBe(true);
    await page.reload();
    await page.getByRole('button', { name: '改用手机锁码打开' }).click();
    await atTheDoor();
    await isInside();
  });

  test('it is turned off for code and finger, and the code alone opens', async () => {
    const { page } = phone;
    await phone.tab('我的');
    await cell().click();
    await see(page, 'finger-turn-off');
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).click();
    const sheet = await giveCode('关掉', '老槐树下第三家养着两只黑鹅');
    await expect(sheet.getByText('不对，请再核对一遍')).toBeVisible(LONG);
    expect((await code()).prf).toBe(true);
    await close(sheet);
    await giveCode('关掉');
    await expect(page.getByText('关掉了')).toBeVisible(LONG);
    const now = await code();
    expect(now.prf).toBe(false);
    expect(now.second).toBeUndefined();
    await finger.loseKeys();
    await page.reload();
    await page.getByRole('button', { name: '改用手机锁码打开' }).click();
    await atTheDoor();
    await isInside();
  });

  test('an authenticator that lost its key: the way by the office, and nothing unsent is lost', async () => {
    const { page } = phone;
    await turnOn();
    await phone.tab('今日');
    await phone.openFile(0);
    await phone.change('联系和住址', '其他联系方式', '0570-7654321');
    await finger.loseKeys();
    await page.reload();
    await page.getByRole('button', { name: '改用手机锁码打开' }).click();
    await atTheDoor();
    await expect(page.getByText('没传的内容不会丢')).toBeVisible(LONG);
    await page.getByRole('button', { name: '指纹认不出来' }).click();
    await server.start();
    await phone.loginAndTakeCode(WORKER.user, WORKER.password);
    await until(() => values(server, 'recipient', 'phone2').includes('0570-7654321'), 'the unsent change is at the office', 60_000);
    expect((await code()).prf).toBe(false);
    await page.reload();
    await atTheDoor();
    await isInside();
  });

  test('a phone that is wiped forgets the credential', async () => {
    const { page } = phone;
    await phone.tab('今日');
    await phone.isReadyForTheVillage();
    await turnOn();
    const [device] = await page.evaluate(() => JSON.parse(JSON.parse(localStorage.getItem('hf.vaults')!) as string) as { device: string }[]);
    server.must('device', 'set', device!.device, 'wipe');
    await phone.hearOfTheEnd();
    await expect(page.getByLabel('启用码')).toBeVisible(LONG);
    expect(await code()).toBeUndefined();
  });
});
