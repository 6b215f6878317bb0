import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LINK, MARKUP, SHORT } from './canaries.ts';
import { rows } from './database.ts';
import { CLERK, deviceCode, TOWNSHIP, WORKER } from './office.ts';
import { Planter } from './planter.ts';
import { Server } from './server.ts';

export const VILLAGE = `${TOWNSHIP}201`;
/** A worker whose name is one. */
export const WORKER_TOO = { user: MARKUP, password: 'thin-reed-basket-19' };
/** Whoever has pages of his own. */
export const COUNTY = { user: 'county', password: 'slow-river-lantern-44' };
export const LEAD = { user: 'lead', password: 'cold-stone-orchard-23' };
export const ADMIN = { user: 'admin', password: 'quiet-mill-harbour-12' };
export const AUDITOR = { user: 'auditor', password: 'grey-heron-window-53' };
export const CONTACT = { user: 'contact', password: 'loud-paper-kettle-36' };

/** Records of which every text is a payload, by what they are. */
export interface Planted { recipients: string[]; visits: string[]; drafts: string[]; needs: string[]; pledges: string[]; sponsors: string[] }

/** A checklist of which every text is a payload; its codes are no text. */
function checklist(): string {
  const [text, hint] = [{ zh: MARKUP, en: MARKUP }, { zh: LINK, en: LINK }];
  const option = (code: string) => ({ code, text });
  const question = (code: string, type: string, more: object = {}) => ({ code, text, hint, type, ...more });
  return JSON.stringify({
    id: 'PAYLOAD', version: 1, title: text,
    questions: [
      question('P01', 'single', { options: [option('a'), option('b')], shared: true }),
      question('P02', 'multi', { options: [option('a'), option('b')] }),
      question('P03', 'text', { validate: { expr: ". != 'x'", say: text } }),
      question('P04', 'bool'), question('P05', 'date'), question('P06', 'photo'), question('P07', 'int'),
    ],
  });
}

/** An office in which everything that people type is a payload: names of areas and accounts, records, a notice, a checklist, reasons and words about devices. */
export async function payloadOffice(): Promise<{ server: Server; planted: Planted }> {
  const server = await Server.prepare();
  server.must('area', 'add', '339999', `县${MARKUP}`);
  server.must('area', 'add', TOWNSHIP, `镇${MARKUP}`);
  server.must('area', 'add', VILLAGE, `村${MARKUP}`);
  const account = (who: { user: string; password: string }, role: string, scope: string) =>
    server.must('account', 'add', who.user, '--role', role, '--scope', scope, '--password', who.password);
  account(CLERK, 'township_clerk', TOWNSHIP);
  account(WORKER, 'village_worker', VILLAGE);
  account(WORKER_TOO, 'village_worker', VILLAGE);
  account(COUNTY, 'county_clerk', '339999');
  account(LEAD, 'county_lead', '339999');
  account(ADMIN, 'admin', '339999');
  account(AUDITOR, 'auditor', '339999');
  account(CONTACT, 'unit_contact', '339999');
  await server.start();
  const folder = mkdtempSync(join(tmpdir(), 'huifang-journey-payload-'));
  writeFileSync(join(folder, 'notice.txt'), `${MARKUP}\n${LINK}\n`);
  writeFileSync(join(folder, 'checklist.json'), checklist());
  server.must('notice', 'set', '2027-1', join(folder, 'notice.txt'));
  server.must('checklist', 'import', join(folder, 'checklist.json'));
  rmSync(folder, { recursive: true });
  const planted = await plant(server);
  return { server, planted };
}

async function plant(server: Server): Promise<Planted> {
  const planter = new Planter(server);
  await planter.login(CLERK.user, CLERK.password);
  const area = rows(server, `SELECT id FROM area WHERE code = '${VILLAGE}'`)[0]!;
  const account = (name: string) => rows(server, `SELECT id FROM account WHERE name = '${name.replaceAll("'", "''")}'`)[0]!;
  const planted: Planted = { recipients: [], visits: [], drafts: [], needs: [], pledges: [], sponsors: [] };
  const answers = (text: string) => Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`A${String(at + 1).padStart(2, '0')}`, at === 25 ? [text] : text]));
  for (const text of [MARKUP, LINK]) {
    const recipient = await planter.plant('recipient', area, undefined, text, { status: 'active' });
    planted.recipients.push(recipient);
    await planter.save({ op: 'set', e: recipient, f: 'phone2', v: `${text} ${SHORT}`, base: { fv: '0.0' } }, 'merged');
    await planter.plant('entitlement', area, recipient, text);
    const visit = { template: 'FOLLOWUP', template_version: 1, completed_at: '2026-11-20', next_due: '2027-02-20', cancelled: null, answers: answers(text) };
    planted.visits.push(await planter.plant('visit', area, recipient, text, visit));
    planted.visits.push(await planter.plant('visit', area, recipient, text, { ...visit, template: 'PAYLOAD', answers: { P01: text, P02: [text], P03: text } }));
    planted.drafts.push(await planter.plant('visit', area, recipient, text, { completed_at: null, cancelled: null }));
    // A state that is none is not taken.
    for (const state of ['found', 'in_progress']) planted.needs.push(await planter.plant('need', area, recipient, text, { state }));
    for (const kind of ['task', 'measure', 'rights_request', 'attachment']) await planter.plant(kind, area, recipient, text);
    for (const kind of ['household', 'plan_task', 'case']) await planter.plant(kind, area, undefined, text);
    await planter.plant('plan_task', area, undefined, text, { responsible: account(CONTACT.user), state: 'in_progress', due_on: '2026-12-31' });
    const sponsor = await planter.plant('sponsor', area, undefined, text);
    planted.sponsors.push(sponsor);
    const pledge = await planter.plant('pledge', area, undefined, text, { sponsor, need: null, recipient });
    planted.pledges.push(pledge);
    await planter.plant('donation', area, undefined, text, { pledge, sponsor, measure: null });
  }
  const [from, to] = [account(WORKER.user), account(WORKER_TOO.user)];
  await planter.post('handovers', { area, from, to, families: planted.recipients, keep_village: true, reason: MARKUP });
  const phone = await new Planter(server).loginAsPhoneThatLost(deviceCode(server, WORKER_TOO.user), WORKER_TOO.user, WORKER_TOO.password);
  const incident = rows(server, "SELECT n FROM audit WHERE action = 'incident'")[0]!;
  await planter.post(`devices/${phone}/incidents/${incident}`, { word: MARKUP });
  await planter.post(`devices/${phone}/state`, { state: 'readonly', reason: MARKUP });
  return planted;
}
