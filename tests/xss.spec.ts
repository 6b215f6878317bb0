import { expect, test, type Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { Canaries, LINK, MARKUP, SHORT } from './support/canaries.ts';
import { Desk } from './support/desk.ts';
import { goInside } from './support/go_inside.ts';
import { CLERK, deviceCode } from './support/office.ts';
import { ADMIN_PAGES, AUDITOR_PAGES, CONTACT_PAGES, COUNTY_PAGES, DESK_PAGES, LEAD_PAGES, PHONE_PAGES } from './support/pages.ts';
import { ADMIN, AUDITOR, CONTACT, COUNTY, LEAD, payloadOffice, WORKER_TOO, type Planted } from './support/payload_office.ts';
import { Phone } from './support/phone.ts';
import { Server, until } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

/** A list whose every cell is a payload, beside what makes it a list. */
function list(): Buffer {
  const headings = ['姓名', '身份证号', '类别', '村', '电话', '住址', '备注'];
  const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const line = (texts: string[], row: number) => {
    const cells = texts.map((text, at) => `<c r="${'ABCDEFG'[at]}${row}" t="inlineStr"><is><t>${xml(text)}</t></is></c>`);
    return `<row r="${row}">${cells.join('')}</row>`;
  };
  const lines = [headings, headings.map(() => MARKUP), [SHORT, '339999194803120019', '参战', MARKUP, LINK, MARKUP, LINK]];
  const sheet = lines.map((texts, at) => line(texts, at + 1)).join('');
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return Buffer.from(zipSync({
    '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'),
    '_rels/.rels': strToU8(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
    'xl/workbook.xml': strToU8(`<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="&lt;img src=x onerror=canary()&gt;" sheetId="1" r:id="rId1"/></sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': strToU8(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
    'xl/worksheets/sheet1.xml': strToU8(`<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`),
  }));
}

/** The page has drawn what it has to say. */
async function isDrawn(page: Page): Promise<void> {
  await expect(page.getByRole('heading').first()).toBeVisible();
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
}

/** Somewhere on the page a payload stands, as the text that it is. */
async function isShown(page: Page): Promise<void> {
  await expect(page.getByText('onerror=canary()').filter({ visible: true }).first()).toBeVisible();
}

/** Two values of one field stand side by side, each as the text that it is. */
async function conflictIsShown(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /两处不同/ }).click();
  await isShown(page);
}

/** The pages of records, as the office and the village reach them. */
function pagesOf({ recipients, visits, drafts, needs, pledges }: Planted): string[] {
  const of = (path: string, ids: string[]) => ids.map((id) => path.replace('*', id));
  return [
    ...of('/recipients/*', recipients), ...of('/visits/*', [...visits, ...drafts]), ...of('/needs/*', needs),
    ...of('/print/visits/*', visits), ...of('/print/needs/*', needs), ...of('/print/recipients/*', recipients), ...of('/print/pledges/*', pledges),
    `/new-file?with=${recipients[0]}`, '/rounds',
  ];
}

/** Those of the office alone. */
function officePagesOf({ recipients, visits, sponsors }: Planted): string[] {
  return [
    ...visits.map((id) => `/office/review/${id}`), ...sponsors.map((id) => `/office/sponsors/${id}`),
    `/office/merge/${recipients[0]}?with=${recipients[1]}`, '/office/checklists/PAYLOAD', '/office/checklists/PAYLOAD/edit',
  ];
}

test.describe.serial('what people type stays text', () => {
  test.setTimeout(300_000);
  let server: Server;
  let planted: Planted;

  test.beforeAll(async () => { ({ server, planted } = await payloadOffice()); });
  test.afterAll(async () => { await server?.dispose(); });

  test('the policy lets no script in that is not the app', async () => {
    const answer = await fetch(server.url);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(answer.headers.get('content-security-policy-report-only'), 'enforced, not only reported').toBeNull();
    const directives = Object.fromEntries(policy.split(';').map((part) => {
      const [name, ...values] = part.trim().split(/\s+/);
      return [name, values];
    }));
    expect(directives['default-src']).toEqual(["'none'"]);
    for (const [name, values] of Object.entries(directives)) {
      for (const loose of ["'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", '*', 'data:', 'http:', 'https:']) {
        expect(values, name).not.toContain(loose);
      }
    }
    expect(directives['require-trusted-types-for']).toEqual(["'script'"]);
    expect(directives['trusted-types']).toEqual(['default']);
    expect(directives['object-src']).toEqual(["'none'"]);
    expect(directives['base-uri']).toEqual(["'none'"]);
    expect(directives['frame-ancestors']).toEqual(["'none'"]);
  });

  test('the one Trusted Types policy refuses markup with code in it', async ({ page }) => {
    await page.goto(`${server.url}/login`);
    await expect(page.getByLabel('用户名')).toBeVisible();
    const taken = await page.evaluate((texts) => texts.filter((text) => {
      try {
        document.createElement('div').innerHTML = text;
        return true;
      } catch {
        return false;
      }
    }), ['<img src=x onerror=a()>', '<img/src=x/onerror=a()>', '<svg\nonload=a()>', '<img src="x"onerror=a()>', '<script>a()</script>',
      '<a href="JavaScript:a()">', '<iframe srcdoc=x>', '<base href=x>', '<meta http-equiv=refresh>', '<embed src=x>', '<object data=x>']);
    expect(taken).toEqual([]);
    expect(await page.evaluate(() => {
      try {
        document.createElement('script').text = 'a()';
        return true;
      } catch {
        return false;
      }
    }), 'the text of a script').toBe(false);
  });

  test('at the desk', async ({ browser }) => {
    const desk = await Desk.open(browser, server.url);
    const canaries = await Canaries.listen(desk.context);
    const { page } = desk;
    await page.goto('/login');
    await page.getByLabel('用户名').fill(MARKUP);
    await page.getByLabel('密码').fill(MARKUP);
    await page.getByRole('button', { name: '登录' }).click();
    await expect(page.getByRole('alert').first()).toBeVisible();
    await desk.login(CLERK.user, CLERK.password);
    for (const path of [...DESK_PAGES, ...pagesOf(planted), ...officePagesOf(planted)]) {
      await desk.open(path);
      await isDrawn(page);
    }
    await desk.open(`/recipients/${planted.recipients[0]}`);
    await isShown(page);
    await page.getByRole('tab', { name: '变更' }).click();
    await isShown(page);
    await desk.open('/attention');
    await conflictIsShown(page);
    await desk.open('/office/devices');
    await page.getByRole('row').filter({ hasText: 'onerror=canary()' }).getByRole('button', { name: /^处理/ }).click();
    await expect(page.getByRole('dialog').first()).toContainText('onerror=canary()');
    await page.keyboard.press('Escape');
    await desk.open('/recipients');
    await page.getByRole('searchbox').first().fill(MARKUP);
    await isDrawn(page);
    await desk.go('导入');
    await page.locator('input[type=file]').setInputFiles({ name: '<img src=x onerror=canary()>.xlsx', mimeType: '', buffer: list() });
    await expect(page.getByText('第 1 行是表头')).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: /^不能导入/ }).click();
    await expect(page.getByText('onerror=canary()').filter({ visible: true }).first()).toBeVisible();
    expect(canaries.sung).toEqual([]);
    // The listener hears: what a page would have to do for a payload to run is stopped, and heard.
    await page.evaluate(() => { try { document.body.setAttribute('onclick', 'canary()'); } catch { /* Trusted Types */ } });
    await expect.poll(() => canaries.sung.length).toBeGreaterThan(0);
    await desk.context.close();
  });

  test('on the phone', async () => {
    const phone = new Phone(server.url);
    try {
      await phone.start(`/enrol#${encodeURIComponent(MARKUP)}`);
      const canaries = await Canaries.listen(phone.device.context);
      await phone.page.reload();
      await isDrawn(phone.page);
      const code = deviceCode(server, WORKER_TOO.user);
      await phone.page.evaluate((hash) => { location.hash = hash; }, code);
      await phone.takeCode(code, WORKER_TOO.user, WORKER_TOO.password);
      await phone.isReadyForTheVillage();
      for (const path of [...PHONE_PAGES, ...pagesOf(planted)]) {
        await phone.go(path);
        await isDrawn(phone.page);
      }
      await phone.go(`/recipients/${planted.recipients[0]}`);
      await isShown(phone.page);
      await phone.page.getByRole('button', { name: '其他走访' }).click();
      await phone.page.getByRole('dialog').last().getByRole('button', { name: /onerror=canary/ }).click();
      await isShown(phone.page);
      await phone.page.getByRole('button', { name: /告知书/ }).click();
      await isShown(phone.page);
      await phone.page.keyboard.press('Escape');
      await phone.go(`/recipients/${planted.recipients[1]}`);
      await phone.change('联系和住址', '实际居住地址', SHORT);
      await phone.page.getByRole('button', { name: '开始走访' }).click();
      const form = new VisitForm(phone.page);
      await form.choose('A01', '入户');
      await form.isSaved();
      await phone.go('/recipients');
      await phone.page.getByRole('searchbox').fill(MARKUP);
      await isDrawn(phone.page);
      await phone.go('/attention');
      await conflictIsShown(phone.page);
      for (const path of ['/outbox', '/attention', '/me', `/${MARKUP}`, `/recipients/${encodeURIComponent(MARKUP)}`]) {
        await phone.go(path);
        await isDrawn(phone.page);
      }
      await phone.killAndReopen(`/recipients/${planted.recipients[0]}`);
      await isShown(phone.page);
      expect(canaries.sung).toEqual([]);
    } finally {
      await phone.device.dispose();
    }
  });

  test('in the set-up of an empty office', async ({ browser }) => {
    const empty = await Server.prepare();
    await empty.start();
    const context = await browser.newContext();
    const canaries = await Canaries.listen(context);
    const page = await context.newPage();
    try {
      await until(() => empty.log.includes('/setup#'), 'the link is printed');
      await page.goto(/http:\S+\/setup#\S+/.exec(empty.log)![0]);
      await page.getByLabel('县级代码').fill('339999');
      await page.getByLabel('县（市、区）名称').fill(SHORT);
      await page.getByLabel('乡镇和村').fill(`339999100 ${SHORT}\n339999100201 ${SHORT}\n${MARKUP}`);
      await page.getByRole('button', { name: '检查' }).click();
      await expect(page.getByText('有 1 行要改')).toBeVisible();
      await expect(page.getByText(/第 3 行.*onerror=canary/)).toBeVisible();
      await page.getByLabel('乡镇和村').fill(`339999100 ${SHORT}\n339999100201 ${SHORT}`);
      await page.getByRole('button', { name: '检查' }).click();
      await page.getByRole('button', { name: '下一步' }).click();
      await page.getByLabel('用户名').fill('系统管理');
      await page.getByLabel('新密码', { exact: true }).fill(ADMIN.password);
      await page.getByLabel('再输一遍新密码').fill(ADMIN.password);
      await page.getByRole('button', { name: '完成设置' }).click();
      await expect(page.getByText('设置好了')).toBeVisible();
      await isDrawn(page);
      expect(canaries.sung).toEqual([]);
    } finally {
      await context.close();
      await empty.dispose();
    }
  });

  const ROLES = {
    "the county's clerk": { who: COUNTY, pages: COUNTY_PAGES, ofRecords: true, factor: true, shown: '/office/tasks' },
    "the county's leader": { who: LEAD, pages: LEAD_PAGES, ofRecords: true, factor: true, shown: '/office/tasks' },
    'an administrator': { who: ADMIN, pages: ADMIN_PAGES, ofRecords: false, factor: true, shown: '/office/staff' },
    'an auditor': { who: AUDITOR, pages: AUDITOR_PAGES, ofRecords: false, factor: true, shown: '/office/audit' },
    "a unit's contact": { who: CONTACT, pages: CONTACT_PAGES, ofRecords: false, factor: false, shown: '/office/tasks' },
  };
  for (const [role, { who, pages, ofRecords, factor, shown }] of Object.entries(ROLES)) {
    test(`to ${role}`, async ({ browser }) => {
      const desk = await Desk.open(browser, server.url);
      const canaries = await Canaries.listen(desk.context);
      const { page } = desk;
      if (factor) await desk.loginWithFactor(who.user, who.password);
      else {
        await page.goto('/login');
        await page.getByLabel('用户名').fill(who.user);
        await page.getByLabel('密码').fill(who.password);
        await page.getByRole('button', { name: '登录' }).click();
      }
      await expect(page.getByRole('navigation')).toBeVisible({ timeout: 30_000 });
      for (const path of [...pages, ...(ofRecords ? [...pagesOf(planted), ...officePagesOf(planted)] : [])]) {
        await goInside(page, path);
        await isDrawn(page);
      }
      await goInside(page, shown);
      await isShown(page);
      expect(canaries.sung).toEqual([]);
      await desk.context.close();
    });
  }
});
