import { expect, test, type Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { Canaries, LINK, MARKUP, SHORT } from './support/canaries.ts';
import { rows } from './support/database.ts';
import { Desk } from './support/desk.ts';
import { CLERK, deviceCode, TOWNSHIP, WORKER } from './support/office.ts';
import { DESK_PAGES, PHONE_PAGES } from './support/pages.ts';
import { Phone } from './support/phone.ts';
import { Planter } from './support/planter.ts';
import { Server } from './support/server.ts';
import { VisitForm } from './support/visit_form.ts';

const VILLAGE = `${TOWNSHIP}201`;

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

test.describe.serial('what people type stays text', () => {
  let server: Server;
  const planted: string[] = [];

  test.beforeAll(async () => {
    server = await Server.prepare();
    server.must('area', 'add', '339999', `县${MARKUP}`);
    server.must('area', 'add', TOWNSHIP, `镇${MARKUP}`);
    server.must('area', 'add', VILLAGE, `村${MARKUP}`);
    server.must('account', 'add', CLERK.user, '--role', 'township_clerk', '--scope', TOWNSHIP, '--password', CLERK.password);
    server.must('account', 'add', WORKER.user, '--role', 'village_worker', '--scope', VILLAGE, '--password', WORKER.password);
    server.must('account', 'add', MARKUP, '--role', 'village_worker', '--scope', VILLAGE, '--password', WORKER.password);
    await server.start();
    const planter = new Planter(server);
    await planter.login(CLERK.user, CLERK.password);
    const area = rows(server, `SELECT id FROM area WHERE code = '${VILLAGE}'`)[0]!;
    const answers = (text: string) => Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`A${String(at + 1).padStart(2, '0')}`, at === 25 ? [text] : text]));
    for (const text of [MARKUP, LINK]) {
      const recipient = await planter.plant('recipient', area, undefined, text, { status: 'active' });
      planted.push(`/recipients/${recipient}`);
      await planter.plant('entitlement', area, recipient, text);
      const visit = { template: 'FOLLOWUP', template_version: 1, completed_at: '2026-11-20', next_due: '2027-02-20', cancelled: null, answers: answers(text) };
      const done = await planter.plant('visit', area, recipient, text, visit);
      planted.push(`/visits/${done}`, `/office/review/${done}`);
      planted.push(`/visits/${await planter.plant('visit', area, recipient, text, { completed_at: null, cancelled: null })}`);
      // A state that is none is not taken.
      for (const state of ['found', 'in_progress']) planted.push(`/needs/${await planter.plant('need', area, recipient, text, { state })}`);
      await planter.plant('task', area, recipient, text);
      await planter.plant('measure', area, recipient, text);
      for (const kind of ['household', 'plan_task', 'case']) await planter.plant(kind, area, undefined, text);
      const sponsor = await planter.plant('sponsor', area, undefined, text);
      planted.push(`/office/sponsors/${sponsor}`);
      const pledge = await planter.plant('pledge', area, undefined, text, { sponsor, need: null, recipient });
      await planter.plant('donation', area, undefined, text, { pledge, sponsor, measure: null });
    }
  });
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
    for (const path of [...DESK_PAGES, ...planted]) {
      await desk.open(path);
      await isDrawn(page);
    }
    await desk.open(planted[0]!);
    await expect(page.getByText('onerror=canary()').filter({ visible: true }).first()).toBeVisible();
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
      const code = deviceCode(server, WORKER.user);
      await phone.page.evaluate((hash) => { location.hash = hash; }, code);
      await phone.takeCode(code, WORKER.user, WORKER.password);
      await phone.isReadyForTheVillage();
      for (const path of [...PHONE_PAGES, ...planted.filter((path) => !path.startsWith('/office'))]) {
        await phone.go(path);
        await isDrawn(phone.page);
      }
      await phone.go(planted[0]!);
      await expect(phone.page.getByText('onerror=canary()').filter({ visible: true }).first()).toBeVisible();
      await phone.change('联系和住址', '实际居住地址', SHORT);
      await phone.page.getByRole('button', { name: '开始走访' }).click();
      const form = new VisitForm(phone.page);
      await form.choose('A01', '入户');
      await form.isSaved();
      await phone.go('/recipients');
      await phone.page.getByRole('searchbox').fill(MARKUP);
      await isDrawn(phone.page);
      for (const path of ['/outbox', '/attention', '/me', `/${MARKUP}`, `/recipients/${encodeURIComponent(MARKUP)}`]) {
        await phone.go(path);
        await isDrawn(phone.page);
      }
      expect(canaries.sung).toEqual([]);
    } finally {
      await phone.device.dispose();
    }
  });
});
