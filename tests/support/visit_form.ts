import { expect, type Locator, type Page } from '@playwright/test';
import { openFile } from './phone.ts';

/** A photo as a phone's camera gives it, drawn by the page so that no picture of a person lies in the repository. */
async function picture(page: Page, grains: number): Promise<Buffer> {
  const base64 = await page.evaluate((grains) => {
    const canvas = document.createElement('canvas');
    canvas.width = 1600;
    canvas.height = 1200;
    const draw = canvas.getContext('2d')!;
    for (let i = 0; i < 400; i += 1) {
      draw.fillStyle = `hsl(${(i * 47) % 360} 40% ${30 + (i % 50)}%)`;
      draw.fillRect((i * 131) % 1600, (i * 89) % 1200, 220, 160);
    }
    for (let i = 0; i < grains * 1_000; i += 1) {
      draw.fillStyle = `hsl(${(i * 71) % 360} 90% ${5 + ((i * 37) % 90)}%)`;
      draw.fillRect((i * 7919) % 1600, (i * 6007) % 1200, 6, 6);
    }
    return canvas.toDataURL('image/jpeg', 0.9).split(',')[1]!;
  }, grains);
  return Buffer.from(base64, 'base64');
}

/** The follow-up form, question by question, as the paper has them. */
export class VisitForm {
  constructor(readonly page: Page) {}

  question(code: string): Locator {
    return this.page.locator(`#q-${code.replaceAll('.', '\\.')}`);
  }

  async choose(code: string, ...options: string[]): Promise<void> {
    for (const option of options) {
      const mark = this.question(code).getByLabel(option, { exact: true });
      await mark.check();
      await expect(mark).toBeChecked();
    }
  }

  async write(code: string, text: string): Promise<void> {
    const box = this.question(code).getByRole('textbox').last();
    await box.fill(text);
    await box.blur();
  }

  /** Takes a photo; grains, in thousands, make its file larger. */
  async photograph(code: string, grains = 0): Promise<void> {
    const before = await this.question(code).locator('img').count();
    await this.question(code).locator('input[type=file]').setInputFiles({
      name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await picture(this.page, grains),
    });
    await expect(this.question(code).locator('img')).toHaveCount(before + 1);
  }

  async sign(code: string): Promise<void> {
    const question = this.question(code);
    const open = question.getByRole('button', { name: /签名/ }).first();
    if (await open.isVisible()) await open.click();
    const pad = question.locator('canvas');
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    await this.page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.6);
    await this.page.mouse.down();
    for (let i = 1; i <= 20; i += 1) {
      await this.page.mouse.move(box.x + box.width * (0.2 + i * 0.03), box.y + box.height * (0.6 - 0.25 * Math.sin(i + code.length)));
    }
    await this.page.mouse.up();
    await question.getByRole('button', { name: '签好了' }).click();
    await expect(question.locator('img')).toBeVisible();
  }

  /** The short way through the form, for whom the visitor did not find alive, with a photo. */
  async foundDead(grains = 0): Promise<void> {
    await this.choose('A01', '入户');
    await this.choose('A02', '未见到');
    await this.choose('A03', '去世');
    await this.question('A04').getByRole('button', { name: '昨天' }).click();
    await this.choose('A22', '完好');
    await this.photograph('A28', grains);
  }

  /** The last questions: both signatures and the next visit. Then the visit is finished. */
  async signAndFinish(): Promise<void> {
    await this.sign('A29');
    await this.sign('A30.1');
    await this.question('A30.2').getByRole('button', { name: '三个月后' }).click();
    await this.isSaved();
    await this.finish();
  }

  /** Finishes what is filled in, and waits for the page that comes after: it would take the place of one opened meanwhile. */
  async finish(): Promise<void> {
    const form = this.page.url();
    await this.page.getByRole('button', { name: '完成走访' }).click();
    await expect(this.page.getByText('走访已完成，存在手机里')).toBeVisible();
    await expect(this.page).not.toHaveURL(form);
  }

  /** Every answer is on the phone's disk. */
  async isSaved(): Promise<void> {
    await expect(this.page.getByText('填的都已存到手机')).toBeVisible();
  }
}

/** A short visit: a greeting before the festival that went by post, which needs no photo and no signature. */
export async function greetByPost(page: Page, family: number, difficulty: string): Promise<void> {
  await openFile(page, family);
  await page.getByRole('button', { name: '其他走访' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '节日慰问表', exact: true }).click();
  const form = new VisitForm(page);
  await form.write('F01', '双桥镇政府');
  await form.choose('F02', '邮寄');
  await form.write('F04', '600');
  await form.write('F05.1', '大米一袋');
  await form.write('F05.2', '80');
  await form.choose('F07', '有');
  await form.write('F08', difficulty);
  await form.isSaved();
  await form.finish();
}
