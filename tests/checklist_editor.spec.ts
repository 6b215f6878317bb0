import { expect, test } from '@playwright/test';
import { expectAccessible } from './support/axe.ts';
import { chooseKind, codes, previewed, row } from './support/checklist_editor.ts';
import { countyDesk } from './support/county_desk.ts';
import { demoOffice } from './support/demo.ts';
import type { Desk } from './support/desk.ts';
import { shoot } from './support/look.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

/** The question that the county adds. */
const ADDED = '家里有没有需要修的水电';

test.describe.serial('the county writes a checklist at the desk', () => {
  let server: Server;
  let phone: Phone;
  let desk: Desk;

  test.beforeAll(async ({ browser }) => {
    server = await demoOffice(30);
    phone = await workersPhone(server);
    desk = await countyDesk(browser, server);
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await desk?.context.close();
    await server?.dispose();
  });

  test('the list shows the eight that come with the program, each to be read', async () => {
    const { page } = desk;
    await desk.open('/office/checklists');
    await expect(page.getByRole('link', { name: /定期回访表/ })).toContainText('FOLLOWUP · 第 1 版');
    await expect(page.locator('.checklists__row')).toHaveCount(8);
    await page.getByRole('link', { name: /定期回访表/ }).click();
    await expect(page.getByText('程序自带')).toBeVisible();
    await expect(page.locator('.checklists__question').filter({ hasText: 'A04' })).toContainText('显示条件');
    await expectAccessible(page, 'the list of checklists');
    await shoot(page, 'checklists');
  });

  test('a visit is begun by the old version', async () => {
    await phone.openFile(0);
    await phone.page.getByRole('button', { name: '开始走访' }).click();
    await new VisitForm(phone.page).choose('A01', '入户');
  });

  test('a question is added with a condition, and the preview follows', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: '改这张表' }).click();
    await expect(page.getByRole('heading', { name: '改：定期回访表' })).toBeVisible();
    await row(page, 'A01').getByRole('button', { name: /A01/ }).last().click();
    await page.getByRole('button', { name: '加一题' }).click();
    await expect(page.getByLabel('编号')).toHaveValue('A31');
    await chooseKind(page, '是非题');
    await page.getByLabel('问什么', { exact: false }).first().fill(ADDED);
    await expect(previewed(page, 'A31')).toContainText(ADDED);
    await page.getByLabel('显示条件').fill("${A01} = '入户'");
    await expect(previewed(page, 'A31')).toHaveCount(0);
    await previewed(page, 'A01').getByLabel('入户', { exact: true }).check();
    await expect(previewed(page, 'A31')).toContainText(ADDED);
    await expectAccessible(page, 'the editor');
    await shoot(page, 'editor');
  });

  test('what is wrong is said in words at its field and in the list, and nothing is published', async () => {
    const { page } = desk;
    const condition = page.getByLabel('显示条件');
    await condition.fill("${A01} = '入户");
    await expect(page.getByText('引号或花括号没有写完').first()).toBeVisible();
    await condition.fill("${A31} = true()");
    await expect(page.getByRole('button', { name: /A31：.*绕回到了自己/ })).toBeVisible();
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await expect(page.getByText('有 1 处要改，改好才能发布')).toBeVisible();
    await expect(page.getByRole('heading', { name: '有 1 处要改' })).toBeFocused();
    await expectAccessible(page, 'the editor with a fault');
    await shoot(page, 'editor-fault');
    await condition.fill('${A99} = 1');
    await expect(page.getByRole('button', { name: /引用了 A99/ })).toBeVisible();
    await condition.fill('1 div 0');
    await expect(page.getByRole('button', { name: /除数是 0/ })).toBeVisible();
    await condition.fill("${A01} = '入户'");
    await expect(page.getByRole('heading', { name: /处要改/ })).toHaveCount(0);
    await page.getByLabel('编号').fill('A02');
    await expect(page.getByText('编号 A02 用了两次，请改一个').first()).toBeVisible();
    await page.getByLabel('编号').fill('A31');
    await expect(page.getByRole('heading', { name: /处要改/ })).toHaveCount(0);
  });

  test('a question of another kind under its old code is warned of', async () => {
    const { page } = desk;
    await row(page, 'A02').getByRole('button').last().click();
    await chooseKind(page, '文字');
    await expect(page.getByRole('button', { name: /A02 在第 1 版里是“单选题”/ })).toBeVisible();
    await chooseKind(page, '单选题');
    await expect(page.getByRole('heading', { name: '题型变了，编号没变' })).toHaveCount(0);
  });

  test('questions are put into another order by keys, by buttons and by dragging', async () => {
    const { page } = desk;
    const at = async (code: string): Promise<number> => (await codes(page)).indexOf(code);
    expect(await at('A31')).toBe(1);
    await page.getByRole('button', { name: '移动 A31' }).focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => at('A31')).toBe(2);
    await expect(page.getByRole('button', { name: '移动 A31' })).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => at('A31')).toBe(1);
    await row(page, 'A31').getByRole('button').last().click();
    await page.getByRole('button', { name: '下移', exact: true }).click();
    await expect.poll(() => at('A31')).toBe(2);
    const grip = (await page.getByRole('button', { name: '移动 A31' }).boundingBox())!;
    const target = (await row(page, 'A04').boundingBox())!;
    await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
    await page.mouse.down();
    await page.mouse.move(grip.x + grip.width / 2, target.y + target.height / 2, { steps: 8 });
    await page.mouse.move(grip.x + grip.width / 2, target.y + target.height - 6, { steps: 2 });
    await expect(row(page, 'A04')).toHaveAttribute('data-drop', 'behind');
    await page.mouse.up();
    await expect.poll(async () => (await codes(page)).slice(0, 5)).toEqual(['A01', 'A02', 'A03', 'A04', 'A31']);
  });

  test('a deleted question comes back', async () => {
    const { page } = desk;
    await row(page, 'A05').getByRole('button').last().click();
    await page.getByRole('button', { name: '删除', exact: true }).click();
    await expect(row(page, 'A05')).toHaveCount(0);
    await expect(page.getByRole('button', { name: /引用了 A05/ })).toBeVisible();
    await page.getByRole('button', { name: '撤销' }).click();
    await expect.poll(async () => (await codes(page)).slice(4, 6)).toEqual(['A31', 'A05']);
    await expect(page.getByRole('heading', { name: /处要改/ })).toHaveCount(0);
  });

  test('leaving keeps what was written', async () => {
    const { page } = desk;
    await expect(page.getByText('改的都已存在这台电脑')).toBeVisible();
    await desk.open('/office/checklists');
    await expect(page.getByRole('link', { name: /定期回访表/ })).toContainText('在改');
    await page.getByRole('link', { name: /定期回访表/ }).click();
    await page.getByRole('link', { name: '接着改' }).click();
    await expect(row(page, 'A31')).toContainText(ADDED);
  });

  test('without the office it is not published and stays', async () => {
    const { page } = desk;
    await desk.context.setOffline(true);
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
    await expect(page.getByText('没有信号，发布要连上县里')).toBeVisible();
    await desk.context.setOffline(false);
  });

  test('it is published: new visits ask by it, the one that was begun does not', async () => {
    const { page } = desk;
    await page.getByRole('button', { name: '发布', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('没填完的走访仍按原来那版填完');
    await expect(dialog).toContainText('10 个村');
    await shoot(page, 'editor-publish');
    await dialog.getByRole('button', { name: '发布', exact: true }).click();
    await expect(page.getByText(/已发布第 2 版，发到 10 个村/)).toBeVisible({ timeout: 30_000 });
    await expect(page.locator('.fact').filter({ hasText: '版本' })).toContainText('第 2 版', { timeout: 30_000 });
    await shoot(page, 'checklists-published');
    await phone.syncNow();
    await until(() => phone.answers.some((answer) => answer.includes(ADDED)), 'the new version is on the phone');
    const form = new VisitForm(phone.page);
    await phone.openFile(0);
    await phone.page.getByRole('link', { name: '接着填' }).click();
    await expect(form.question('A01').getByLabel('入户', { exact: true })).toBeChecked();
    await expect(form.question('A31')).toHaveCount(0);
    await phone.openFile(1);
    await phone.page.getByRole('button', { name: '开始走访' }).click();
    await form.choose('A01', '入户');
    await expect(form.question('A31')).toContainText(ADDED);
    await shoot(phone.page, 'editor-on-the-phone');
  });

  test('the same again is no new version', async () => {
    const { page } = desk;
    await page.getByRole('link', { name: '改这张表' }).click();
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
    await expect(page.getByText('和第 2 版一样，没有发布新版')).toBeVisible({ timeout: 30_000 });
  });

  test('what is typed while it is published stays for the version after', async () => {
    const { page } = desk;
    const hint = page.getByLabel('提示（可不填）');
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/\/api\/v1\/checklists$/, async (route) => {
      await answered;
      await route.continue();
    });
    await row(page, 'A31').getByRole('button').last().click();
    await hint.fill('水管、电线');
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '发布', exact: true }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await hint.fill('水管、电线、灯');
    answer();
    await expect(page.getByText('后改的没有发出去')).toBeVisible({ timeout: 30_000 });
    await page.unroute(/\/api\/v1\/checklists$/);
    await expect(page.getByText('改的都已存在这台电脑')).toBeVisible();
    await desk.open('/office/checklists');
    await page.getByRole('link', { name: /定期回访表/ }).click();
    await page.getByRole('link', { name: '接着改' }).click();
    await row(page, 'A31').getByRole('button').last().click();
    await expect(hint).toHaveValue('水管、电线、灯');
    await page.getByRole('button', { name: /^整张表/ }).click();
    await expect(page.locator('.fact').filter({ hasText: '从哪一版改起' })).toContainText('第 3 版');
  });

  test('a list of its own takes five hundred pasted options', async () => {
    const { page } = desk;
    await desk.open('/office/checklists');
    await page.getByRole('button', { name: '新编一张表' }).click();
    const sheet = page.getByRole('dialog');
    await sheet.getByLabel('表名').fill('水电排查表');
    await sheet.getByLabel('表的编号').fill('WATER');
    await sheet.getByRole('button', { name: '开始编' }).click();
    await page.getByRole('button', { name: '加一题' }).click();
    await page.getByLabel('问什么').first().fill('哪一组');
    await page.getByRole('button', { name: '粘贴多行' }).click();
    await page.getByLabel('一行一个选项').fill(Array.from({ length: 500 }, (_, n) => `o${n},第 ${n} 组`).join('\n'));
    await page.getByRole('button', { name: '加进去' }).click();
    await expect(page.getByText('还有 470 项')).toBeVisible();
    await expect(previewed(page, 'Q01').getByRole('radio')).toHaveCount(500);
    await expect(page.getByRole('heading', { name: /处要改/ })).toHaveCount(0);
    await page.getByRole('button', { name: '加一个选项' }).click();
    await page.getByLabel('第 501 项的文字').fill('别的组');
    await expect(page.getByText('还有 470 项')).toBeVisible();
    await expect(previewed(page, 'Q01').getByText('别的组')).toHaveCount(1);
    await shoot(page, 'editor-options');
  });
});
