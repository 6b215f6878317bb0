import { expect, test, type Locator, type Page } from '@playwright/test';
import { join } from 'node:path';
import { demoOffice } from './support/demo.ts';
import { type Phone, workersPhone } from './support/phone.ts';
import { until, type Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';
import { values } from './support/database.ts';

const form = (n: number): string => join(import.meta.dirname, `fixtures/own-checklist-${n}.xlsx`);

/** Questions of a form, also those in a repeat. */
const question = (page: Page, code: string): Locator => page.locator(`[id="q-${code}"]`);

async function write(page: Page, code: string, text: string): Promise<void> {
  const box = question(page, code).getByRole('textbox');
  await box.fill(text);
  await box.blur();
}

async function begin(phone: Phone, index: number): Promise<void> {
  await phone.openFile(index);
  await phone.page.getByRole('button', { name: '其他走访' }).click();
  await phone.page.getByRole('button', { name: '本县入户表' }).click();
  await expect(question(phone.page, 'town')).toBeVisible();
}

test.describe.serial('a checklist of the office’s own', () => {
  let server: Server;
  let phone: Phone;

  test.beforeAll(async () => {
    server = await demoOffice(30);
    server.must('checklist', 'import', form(1));
  });
  test.afterAll(async () => {
    await phone?.device.dispose();
    await server?.dispose();
  });

  test('a phone asks by it: options follow, repeats grow and shrink, defaults stand there', async () => {
    phone = await workersPhone(server);
    await begin(phone, 0);
    const { page } = phone;
    await expect(question(page, 'hello')).not.toContainText('${');
    await expect(question(page, 'land').getByRole('textbox')).toHaveValue('1.5');
    await expect(question(page, 'lane').getByRole('radio')).toHaveCount(0);
    await question(page, 'town').getByLabel('东片').check();
    await expect(question(page, 'lane').getByRole('radio')).toHaveCount(2);
    await question(page, 'lane').getByLabel('东二巷').check();
    for (const _ of [1, 2, 3]) await page.getByRole('button', { name: /^再加一个/ }).click();
    await page.getByRole('button', { name: /^去掉最后一个/ }).click();
    await expect(question(page, 'child[3].age')).toHaveCount(0);
    await write(page, 'child[1].child_name', '小明');
    await write(page, 'child[1].age', '8');
    await write(page, 'child[2].child_name', '小红');
    await write(page, 'child[2].age', '19');
    await expect(question(page, 'child[2].age')).toContainText('满 18 岁的不填这里');
    await write(page, 'child[2].age', '9');
    await expect(question(page, 'told')).toContainText('17');
    await new VisitForm(page).finish();
    await until(() => values(server, 'visit', 'answers').some((text) => text.includes('小红')), 'the visit is at the office', 60_000);
    const answers = values(server, 'visit', 'answers').find((text) => text.includes('小红'))!;
    expect(answers).toContain('"child[2].age":9');
    expect(answers).toContain('"sum":17');
  });

  test('a visit begun by an old version is finished by it, the next asks by the new one', async () => {
    await begin(phone, 1);
    const { page } = phone;
    await question(page, 'town').getByLabel('西片').check();
    server.must('checklist', 'import', form(2));
    await phone.killAndReopen();
    await until(() => phone.answers.some((answer) => answer.includes('还有什么话')), 'the new version is on the phone');
    await phone.openFile(1);
    await phone.page.getByRole('link', { name: '接着填' }).click();
    await expect(question(phone.page, 'town').getByLabel('西片')).toBeChecked();
    await expect(question(phone.page, 'word')).toHaveCount(0);
    await question(phone.page, 'lane').getByLabel('西一巷').check();
    await new VisitForm(phone.page).finish();
    await begin(phone, 2);
    await expect(question(phone.page, 'word')).toBeVisible();
  });
});
